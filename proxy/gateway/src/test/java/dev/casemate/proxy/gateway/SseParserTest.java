package dev.casemate.proxy.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SseParserTest {

    private static List<String> events(String stream, int pieceBytes) {
        var events = new ArrayList<String>();
        var parser = new SseParser();
        var bytes = stream.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i += pieceBytes) {
            parser.accept(
                    Arrays.copyOfRange(bytes, i, Math.min(bytes.length, i + pieceBytes)),
                    event -> events.add(new String(event, StandardCharsets.UTF_8)));
        }
        return events;
    }

    @Test
    void everyLineEndAndEveryCutMeansTheSame() {
        for (var lineEnd : List.of("\n", "\r\n", "\r")) {
            var stream =
                    "\uFEFFdata: a–b\n: comment\nid: 7\n\ndata:x\ndata: y\n\nevent: e\n\ndata\n\n"
                            .replace("\n", lineEnd);
            for (int pieceBytes = 1; pieceBytes < 12; pieceBytes++) {
                assertThat(events(stream, pieceBytes)).containsExactly("a–b", "x\ny", "");
            }
        }
    }

    @Test
    void anEventWithoutItsEmptyLineIsNone() {
        assertThat(events("data: a\n\ndata: b\n", 3)).containsExactly("a");
    }

    @Test
    void aFieldThatOnlyBeginsLikeDataIsNone() {
        assertThat(events("database: a\n\n", 64)).isEmpty();
    }

    @Test
    void anEndlessLineIsRefused() {
        assertThatThrownBy(() -> events("data: " + "x".repeat(SseParser.MAX_EVENT_BYTES), 4_096))
                .isInstanceOfSatisfying(
                        GatewayException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.UPSTREAM_FAILED));
    }
}
