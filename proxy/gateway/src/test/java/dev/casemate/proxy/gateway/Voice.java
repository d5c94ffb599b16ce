package dev.casemate.proxy.gateway;

import dev.casemate.manifest.Json;
import java.util.List;

/// The answers of an upstream in one wire format, written by hand from the provider's published
/// schema. All voices say the same: 100 tokens read, 40 of them from a cache, 10 written.
sealed interface Voice {

    /// @param reason the provider's own word
    String plain(String text, String reason);

    String plainCall(String tool, String arguments);

    String stream(List<String> pieces, String reason);

    String streamedCall(String tool, List<String> argumentPieces);

    /// The words for an answer that is whole, cut off, and declined.
    List<String> reasons();

    static Voice of(WireFormat format) {
        return switch (format) {
            case OPENAI_CHAT -> new OpenAi();
            case ANTHROPIC_MESSAGES -> new Anthropic();
        };
    }

    record OpenAi() implements Voice {
        @Override
        public String plain(String text, String reason) {
            return FakeUpstream.answer(text)
                    .replace("\"finish_reason\":\"stop\"", "\"finish_reason\":\"" + reason + "\"");
        }

        @Override
        public String plainCall(String tool, String arguments) {
            return FakeUpstream.toolCall(tool, arguments)
                    .replace(
                            "{\"prompt_tokens\":20,\"completion_tokens\":8,\"total_tokens\":28}",
                            FakeUpstream.usage().text());
        }

        @Override
        public String stream(List<String> pieces, String reason) {
            var events = new StringBuilder();
            pieces.forEach(piece -> events.append(FakeUpstream.text(piece)));
            return events + end(reason);
        }

        private static String end(String reason) {
            return FakeUpstream.delta("{}", "\"" + reason + "\"")
                    + FakeUpstream.usageEvent()
                    + FakeUpstream.done();
        }

        @Override
        public String streamedCall(String tool, List<String> argumentPieces) {
            var events =
                    new StringBuilder(
                            FakeUpstream.delta(
                                    """
                                    {"tool_calls":[{"index":0,"id":"call_1","type":"function","function":{"name":"%s","arguments":""}}]}\
                                    """
                                            .formatted(tool),
                                    "null"));
            for (var piece : argumentPieces) {
                events.append(
                        FakeUpstream.delta(
                                """
                                {"tool_calls":[{"index":0,"function":{"arguments":%s}}]}\
                                """
                                        .formatted(Json.of(piece).text()),
                                "null"));
            }
            return events + end("tool_calls");
        }

        @Override
        public List<String> reasons() {
            return List.of("stop", "length", "content_filter");
        }
    }

    record Anthropic() implements Voice {
        private static String message(String blocks, String reason) {
            return """
            {"id":"msg_1","type":"message","role":"assistant","model":"upstream-model","content":[%s],
             "stop_reason":"%s","stop_sequence":null,
             "usage":{"input_tokens":60,"cache_creation_input_tokens":0,"cache_read_input_tokens":40,
               "output_tokens":10,"service_tier":"standard"}}
            """
                    .formatted(blocks, reason);
        }

        @Override
        public String plain(String text, String reason) {
            return message("{\"type\":\"text\",\"text\":" + Json.of(text).text() + "}", reason);
        }

        @Override
        public String plainCall(String tool, String arguments) {
            return message(
                    "{\"type\":\"tool_use\",\"id\":\"call_1\",\"name\":\"%s\",\"input\":%s}"
                            .formatted(tool, arguments),
                    "tool_use");
        }

        static String event(String type, String members) {
            return "event: %s\ndata: {\"type\":\"%s\"%s}\n\n".formatted(type, type, members);
        }

        static String begin() {
            return event(
                            "message_start",
                            """
                            ,"message":{"id":"msg_1","type":"message","role":"assistant","content":[],"model":"upstream-model","stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":60,"cache_read_input_tokens":40,"output_tokens":1}}\
                            """)
                    + event("ping", "");
        }

        static String start(String block) {
            return event("content_block_start", ",\"index\":0,\"content_block\":" + block);
        }

        static String delta(String delta) {
            return event("content_block_delta", ",\"index\":0,\"delta\":" + delta);
        }

        static String end(String reason) {
            return event("content_block_stop", ",\"index\":0")
                    + event(
                            "message_delta",
                            ",\"delta\":{\"stop_reason\":\"%s\",\"stop_sequence\":null},\"usage\":{\"output_tokens\":10}"
                                    .formatted(reason))
                    + event("message_stop", "");
        }

        @Override
        public String stream(List<String> pieces, String reason) {
            var events = new StringBuilder(begin() + start("{\"type\":\"text\",\"text\":\"\"}"));
            for (var piece : pieces) {
                events.append(
                        delta("{\"type\":\"text_delta\",\"text\":" + Json.of(piece).text() + "}"));
            }
            return events + end(reason);
        }

        @Override
        public String streamedCall(String tool, List<String> argumentPieces) {
            var block =
                    "{\"type\":\"tool_use\",\"id\":\"call_1\",\"name\":\"%s\",\"input\":{}}"
                            .formatted(tool);
            var events = new StringBuilder(begin() + start(block));
            for (var piece : argumentPieces) {
                events.append(
                        delta(
                                "{\"type\":\"input_json_delta\",\"partial_json\":%s}"
                                        .formatted(Json.of(piece).text())));
            }
            return events + end("tool_use");
        }

        @Override
        public List<String> reasons() {
            return List.of("end_turn", "max_tokens", "refusal");
        }
    }
}
