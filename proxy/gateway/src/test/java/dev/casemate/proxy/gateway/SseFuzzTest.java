package dev.casemate.proxy.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.casemate.proxy.policy.Policy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A stream means the same wherever it is cut, and whatever an upstream sends ends in an answer or
/// in a failure with a name.
final class SseFuzzTest {

    private static final Policy POLICY = Policy.defaults();
    private static final byte[] PROMPT = House.prompt("hi").getBytes(StandardCharsets.UTF_8);

    @FuzzTest(maxDuration = "5s")
    void aStreamMeansTheSameWhereverItIsCut(byte[] stream) {
        assertThat(events(stream, 1)).isEqualTo(events(stream, Math.max(1, stream.length)));
    }

    private static List<String> events(byte[] stream, int pieceBytes) {
        var events = new ArrayList<String>();
        var parser = new SseParser();
        for (int i = 0; i < stream.length; i += pieceBytes) {
            parser.accept(
                    Arrays.copyOfRange(stream, i, Math.min(stream.length, i + pieceBytes)),
                    event -> events.add(new String(event, StandardCharsets.ISO_8859_1)));
        }
        return events;
    }

    @FuzzTest(maxDuration = "5s")
    void anAnswerIsReadOrFailsByName(byte[] event) {
        for (var upstream : WireFormat.values()) {
            for (var agent : WireFormat.values()) {
                answer(upstream, agent, event);
            }
        }
    }

    private static void answer(WireFormat upstream, WireFormat agent, byte[] event) {
        var answer =
                new StreamedAnswer(
                        POLICY,
                        upstream.dialect().reader(),
                        agent.dialect().writer(OpenAiChat.DIALECT.read(PROMPT)));
        try {
            for (var line : new String(event, StandardCharsets.UTF_8).split("\n", -1)) {
                answer.accept(("data: " + line + "\n\n").getBytes(StandardCharsets.UTF_8));
            }
            answer.rest();
            answer.ending();
        } catch (GatewayException e) {
            assertThat(e.code()).isIn(ErrorCode.UPSTREAM_FAILED, ErrorCode.ANSWER_BLOCKED);
        }
    }
}
