package dev.casemate.agent.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.casemate.agent.sdk.ChatReply.Failure;
import dev.casemate.manifest.Json;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamedChatTest {

    private static final String DONE = "data: [DONE]\n\n";

    private static final String USAGE =
            event(
                    "{\"choices\":[],\"usage\":{\"prompt_tokens\":11,\"completion_tokens\":7,"
                            + "\"total_tokens\":18}}");

    private static final ChatReply MALFORMED =
            new ChatReply.Failed(Failure.MALFORMED, "expected a streamed chat completion");

    private static final ChatReply BROKEN =
            new ChatReply.Failed(Failure.BROKEN, "the stream stopped before its end mark");

    private final List<String> words = new ArrayList<>();

    static String event(String data) {
        return "data: " + data + "\n\n";
    }

    static String delta(String delta, String finish) {
        return event(
                "{\"id\":\"x\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,"
                        + "\"delta\":"
                        + delta
                        + ",\"finish_reason\":"
                        + finish
                        + "}],\"usage\":null}");
    }

    static String text(String text) {
        return delta("{\"content\":" + Json.of(text).text() + "}", "null");
    }

    static String call(int index, String more) {
        return delta("{\"tool_calls\":[{\"index\":" + index + more + "}]}", "null");
    }

    static String stop(String reason) {
        return delta("{}", "\"" + reason + "\"") + USAGE + DONE;
    }

    private ChatReply reply(String events) {
        return reply(events.getBytes(StandardCharsets.UTF_8), Integer.MAX_VALUE);
    }

    private ChatReply reply(byte[] events, int pieceBytes) {
        words.clear();
        var chat = new StreamedChat(words::add);
        for (int at = 0; at < events.length; ) {
            int length = Math.min(pieceBytes, events.length - at);
            boolean over = chat.take(ByteBuffer.wrap(events, at, length));
            at = over ? events.length : at + length;
        }
        return chat.reply();
    }

    private static ChatReply answer(String text) {
        return new ChatReply.Answer(
                Optional.of(text), List.of(), Optional.of(new TokenCount(11, 7)));
    }

    @Test
    void textIsToldAsItComesAndReturnedWhole() {
        var events =
                delta("{\"role\":\"assistant\",\"content\":\"\"}", "null")
                        + text("Copper is ")
                        + text("at 9\u202f000 €.");
        assertThat(reply(events + stop("stop"))).isEqualTo(answer("Copper is at 9\u202f000 €."));
        assertThat(words).containsExactly("Copper is ", "at 9\u202f000 €.");
    }

    @Test
    void anAnswerIsTheSameWhereverItsBytesAreCut() {
        var whole = text("Żółć 🙂 ") + ": heartbeat\n\n" + text("é") + stop("stop");
        for (var events : List.of(whole, whole.replace("\n", "\r\n"), whole.replace('\n', '\r'))) {
            var bytes = ("\ufeff" + events).getBytes(StandardCharsets.UTF_8);
            for (int pieceBytes = 1; pieceBytes < 80; pieceBytes++) {
                assertThat(reply(bytes, pieceBytes)).isEqualTo(answer("Żółć 🙂 é"));
                assertThat(words).containsExactly("Żółć 🙂 ", "é");
            }
        }
    }

    @Test
    void aToolCallInPiecesIsReturnedWhole() {
        var events =
                call(
                                1,
                                ",\"id\":\"b\",\"type\":\"function\",\"function\":{\"name\":\"two\",\"arguments\":\"\"}")
                        + call(
                                0,
                                ",\"id\":\"a\",\"function\":{\"name\":\"look_\",\"arguments\":\"{\\\"n\"}")
                        + call(0, ",\"id\":\"\",\"function\":{\"name\":\"up\"}")
                        + call(1, ",\"function\":{\"arguments\":\"{}\"}")
                        + call(0, ",\"function\":{\"arguments\":\"\\\":1}\"}");
        assertThat(reply(events + stop("tool_calls")))
                .isEqualTo(
                        new ChatReply.Answer(
                                Optional.empty(),
                                List.of(
                                        new ToolCall("a", "look_up", "{\"n\":1}"),
                                        new ToolCall("b", "two", "{}")),
                                Optional.of(new TokenCount(11, 7))));
        assertThat(words).isEmpty();
    }

    @Test
    void aStreamThatStopsAnywhereBeforeItsEndMarkIsBroken() {
        var bytes =
                (text("half")
                                + call(
                                        0,
                                        ",\"id\":\"a\",\"function\":{\"name\":\"x\",\"arguments\":\"{}\"}")
                                + stop("tool_calls"))
                        .getBytes(StandardCharsets.UTF_8);
        for (int length = 0; length < bytes.length; length++) {
            assertThat(reply(Arrays.copyOf(bytes, length), 7)).isEqualTo(BROKEN);
        }
    }

    @Test
    void whatFollowsTheEndMarkIsNotRead() {
        assertThat(reply(text("all") + stop("stop") + text(" and more") + "data: {\n\n"))
                .isEqualTo(answer("all"));
        assertThat(words).containsExactly("all");
    }

    @Test
    void anErrorAtTheEndOfAStreamIsReadLikeOneOfItsOwn() {
        var error =
                "{\"error\":{\"message\":\"no\",\"type\":\"%s\",\"param\":null,\"code\":\"%s\"}}";
        assertThat(
                        reply(
                                text("so far ")
                                        + event(
                                                error.formatted(
                                                        "permission_error", "answer_blocked"))))
                .isEqualTo(new ChatReply.Refused(403, "answer_blocked", "no", Optional.empty()));
        assertThat(words).containsExactly("so far ");
        assertThat(reply(event(error.formatted("insufficient_quota", "budget_exceeded"))))
                .isEqualTo(new ChatReply.Refused(429, "budget_exceeded", "no", Optional.empty()));
        assertThat(reply(event(error.formatted("server_error", "upstream_failed"))))
                .isEqualTo(new ChatReply.Failed(Failure.SERVER_ERROR, "upstream_failed: no"));
        assertThat(reply(event(error.formatted("server_error", "ledger_unavailable"))))
                .isEqualTo(
                        new ChatReply.Refused(500, "ledger_unavailable", "no", Optional.empty()));
        assertThat(reply(event("{\"error\":\"no\"}")))
                .isEqualTo(new ChatReply.Failed(Failure.SERVER_ERROR, "unknown: HTTP status 500"));
    }

    @Test
    void aStreamThatWasCutOffOrFilteredIsNotAnAnswer() {
        assertThat(reply(text("half") + stop("length")))
                .isEqualTo(
                        new ChatReply.Failed(
                                Failure.CUT_OFF, "the model's output limit was reached"));
        assertThat(reply(text("half") + stop("content_filter")))
                .isInstanceOfSatisfying(
                        ChatReply.Refused.class,
                        refused -> assertThat(refused.code()).isEqualTo("content_filter"));
    }

    @Test
    void theWordsOfAModelThatDeclinesAreItsText() {
        assertThat(
                        reply(
                                delta("{\"refusal\":\"I will \"}", "null")
                                        + delta("{\"refusal\":\"not.\"}", "null")
                                        + stop("stop")))
                .isEqualTo(answer("I will not."));
        assertThat(String.join("", words)).isEqualTo("I will not.");
        assertThat(reply(delta("{\"refusal\":\"no\"}", "null") + text("yes") + stop("stop")))
                .isEqualTo(answer("yes"));
        assertThat(words).containsExactly("yes");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "{}",
                "{\"choices\":{}}",
                "{\"choices\":[{},{}]}",
                "{\"choices\":[1]}",
                "{\"choices\":[{\"index\":1,\"delta\":{\"content\":\"x\"}}]}",
                "{\"choices\":[{\"index\":0,\"delta\":[]}]}",
                "{\"choices\":[{\"delta\":{\"role\":\"user\"}}]}",
                "{\"choices\":[{\"delta\":{\"content\":[]}}]}",
                "{\"choices\":[{\"delta\":{\"content\":\"\\ud83d\"}}]}",
                "{\"choices\":[{\"delta\":{\"function_call\":{\"name\":\"bash\"}}}]}",
                "{\"choices\":[{\"delta\":{\"tool_calls\":{}}}]}",
                "{\"choices\":[{\"delta\":{\"tool_calls\":[{}]}}]}",
                "{\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":-1}]}}]}",
                "{\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0.5}]}}]}",
                "{\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":128}]}}]}",
                "{\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":1e300}]}}]}",
                "{\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":1}]}}]}",
                "{\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":[]}]}}]}",
                "{\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0}]}}]}",
                "{\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"function\":"
                        + "{\"name\":\"x\",\"arguments\":{}}}]}}]}",
                "{\"choices\":[{\"delta\":{},\"finish_reason\":\"length\"}]}",
                "{\"choices\":[{\"delta\":{},\"finish_reason\":1}]}"
            })
    void aPieceThatIsNoneOfAChatCompletionIsMalformed(String data) {
        assertThat(reply(text("x") + event(data) + stop("stop"))).isEqualTo(MALFORMED);
    }

    @Test
    void aStreamThatIsNotUtf8IsMalformed() {
        var bytes = (text("x~") + stop("stop")).getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = bytes[i] == '~' ? (byte) 0xc3 : bytes[i];
        }
        assertThat(reply(bytes, 1)).isEqualTo(MALFORMED);
    }

    @Test
    void aStreamThatEndsWithoutAFinishOrWithoutWordsIsMalformed() {
        assertThat(reply(text("x") + DONE)).isEqualTo(MALFORMED);
        assertThat(reply(stop("stop"))).isEqualTo(MALFORMED);
        assertThat(reply(DONE)).isEqualTo(MALFORMED);
    }

    @Test
    void nothingComesAfterTheFinish() {
        var finished = text("x") + delta("{}", "\"stop\"");
        assertThat(reply(finished + text("y") + stop("stop"))).isEqualTo(MALFORMED);
        assertThat(reply(finished + call(0, ",\"id\":\"a\"") + stop("stop"))).isEqualTo(MALFORMED);
        assertThat(reply(finished + delta("{\"content\":\"\"}", "\"stop\"") + USAGE + DONE))
                .isEqualTo(answer("x"));
    }

    @Test
    void whatAListenerThrowsIsNoFaultOfTheStream() {
        var chat =
                new StreamedChat(_ -> {
                    throw new IllegalArgumentException("the listener's own");
                });
        assertThatThrownBy(() ->
                        chat.take(ByteBuffer.wrap(text("x").getBytes(StandardCharsets.UTF_8))))
                .hasMessage("the listener's own");
    }

    /// The plain answer is the oracle: whatever can be said, both ways say alike.
    @Test
    void aStreamGivesTheReplyThatTheWholeAnswerGives() {
        var random = new Random(20_260_101);
        for (int i = 0; i < 2_000; i++) {
            var said = Said.drawn(random);
            var expected = ChatWire.answer(said.whole().getBytes(StandardCharsets.UTF_8));
            var events = said.streamed(random).getBytes(StandardCharsets.UTF_8);
            var streamed = reply(events, 1 + random.nextInt(64));
            if (expected instanceof ChatReply.Failed(var failure, _)) {
                assertThat(streamed)
                        .isInstanceOfSatisfying(
                                ChatReply.Failed.class,
                                failed -> assertThat(failed.failure()).isEqualTo(failure));
            } else {
                assertThat(streamed).as("answer %s of the seed", i).isEqualTo(expected);
            }
            if (streamed instanceof ChatReply.Answer(var text, _, _)) {
                assertThat(String.join("", words)).isEqualTo(text.orElse(""));
            }
        }
    }

    /// What a model says, to be told in two ways.
    private record Said(
            String content, List<ToolCall> calls, String finish, Optional<TokenCount> usage) {

        private static final List<String> PIECES =
                List.of(
                        "copper ",
                        "é",
                        "🙂",
                        "\n",
                        "\"",
                        "\\",
                        "9\u202f000",
                        "data: x\n\n",
                        "\u2028");

        static Said drawn(Random random) {
            var calls = new ArrayList<ToolCall>();
            for (int i = random.nextInt(4); i > 0; i--) {
                calls.add(new ToolCall("call_" + i, string(random, 3), string(random, 9)));
            }
            var reasons = List.of("stop", "tool_calls", "stop", "length", "content_filter");
            return new Said(
                    string(random, 12),
                    calls,
                    reasons.get(random.nextInt(reasons.size())),
                    random.nextBoolean()
                            ? Optional.of(new TokenCount(random.nextInt(999), random.nextInt(999)))
                            : Optional.empty());
        }

        private static String string(Random random, int pieces) {
            var text = new StringBuilder();
            for (int i = random.nextInt(pieces); i > 0; i--) {
                text.append(PIECES.get(random.nextInt(PIECES.size())));
            }
            return text.toString();
        }

        private static Json.Obj function(String name, String arguments) {
            return Json.object().put("name", name).put("arguments", arguments).build();
        }

        private static Json.Obj call(ToolCall call) {
            return Json.object()
                    .put("id", call.id())
                    .put("type", "function")
                    .put("function", function(call.name(), call.arguments()))
                    .build();
        }

        private Optional<Json> counted() {
            return usage.map(it ->
                    Json.object()
                            .put("prompt_tokens", it.input())
                            .put("completion_tokens", it.output())
                            .build());
        }

        String whole() {
            var message =
                    Json.object()
                            .put("role", "assistant")
                            .put("content", content)
                            .put("tool_calls", Json.array(calls.stream().map(Said::call).toList()))
                            .build();
            var choice =
                    Json.object()
                            .put("index", 0)
                            .put("message", message)
                            .put("finish_reason", finish)
                            .build();
            var body = Json.object().put("choices", Json.array(List.of(choice)));
            counted().ifPresent(it -> body.put("usage", it));
            return body.build().text();
        }

        String streamed(Random random) {
            var events = new StringBuilder(delta("{\"role\":\"assistant\"}", "null"));
            pieces(content, random).forEach(piece -> events.append(text(piece)));
            for (int i = 0; i < calls.size(); i++) {
                var call = calls.get(i);
                var first = Json.object().put("index", i).put("id", call.id());
                first.put("type", "function").put("function", function(call.name(), ""));
                events.append(delta("{\"tool_calls\":[" + first.build().text() + "]}", "null"));
                for (var piece : pieces(call.arguments(), random)) {
                    var next = Json.object().put("arguments", piece).build().text();
                    events.append(StreamedChatTest.call(i, ",\"function\":" + next));
                }
                events.append(random.nextBoolean() ? ": heartbeat\n\n" : "\n");
            }
            events.append(delta("{}", "\"" + finish + "\""));
            counted()
                    .ifPresent(it ->
                            events.append(event("{\"choices\":[],\"usage\":" + it.text() + "}")));
            return events.append(DONE).toString();
        }

        private static List<String> pieces(String text, Random random) {
            var pieces = new ArrayList<String>();
            for (int at = 0; at < text.length(); ) {
                int end = Math.min(text.length(), at + 1 + random.nextInt(5));
                if (Character.isHighSurrogate(text.charAt(end - 1))) {
                    end++;
                }
                pieces.add(text.substring(at, end));
                at = end;
            }
            return pieces;
        }
    }
}
