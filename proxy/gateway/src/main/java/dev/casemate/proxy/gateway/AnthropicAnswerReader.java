package dev.casemate.proxy.gateway;

import dev.casemate.manifest.Json;
import dev.casemate.proxy.finops.FinopsException;
import dev.casemate.proxy.finops.Usage;
import dev.casemate.proxy.gateway.ModelAnswer.ToolCall;
import java.util.ArrayList;
import java.util.Optional;

/// Reads a whole message of an upstream.
final class AnthropicAnswerReader {

    private AnthropicAnswerReader() {}

    /// @throws GatewayException `UPSTREAM_FAILED`
    static ModelAnswer read(Json json) {
        var root = AnswerReader.object(Optional.of(json), "a message");
        if (!root.text("type").equals(Optional.of("message"))
                || !(root.get("content").orElse(null) instanceof Json.Arr(var blocks))
                || blocks.size() > AnswerReader.MAX_TOOL_CALLS) {
            throw AnswerReader.failed(
                    "a message of at most " + AnswerReader.MAX_TOOL_CALLS + " blocks");
        }
        var texts = new StringBuilder();
        var calls = new ArrayList<ToolCall>();
        for (var item : blocks) {
            var block = AnswerReader.object(Optional.of(item), "a block");
            switch (block.text("type").orElse("")) {
                case "text" -> texts.append(AnswerReader.string(block, "text").orElse(""));
                case "tool_use" ->
                        calls.add(
                                new ToolCall(
                                        callId(block),
                                        callName(block),
                                        block.get("input").orElse(new Json.Null()).text()));
                default -> throw AnswerReader.failed("blocks of text or tool_use");
            }
        }
        var reason =
                AnswerReader.string(root, "stop_reason")
                        .orElseThrow(() -> AnswerReader.failed("a stop_reason"));
        return new ModelAnswer(
                AnswerReader.id(root),
                0,
                AnswerReader.model(root),
                texts.isEmpty() ? Optional.empty() : Optional.of(texts.toString()),
                Optional.empty(),
                calls,
                finishReason(reason),
                AnswerReader.string(root, "stop_sequence"),
                usage(root.get("usage")));
    }

    static String callId(Json.Obj block) {
        return AnswerReader.callId(block)
                .orElseThrow(() -> AnswerReader.failed("an id with each tool call"));
    }

    static String callName(Json.Obj block) {
        return AnswerReader.string(block, "name")
                .orElseThrow(() -> AnswerReader.failed("a name with each tool call"));
    }

    /// In the words of [ModelAnswer#finishReason].
    static String finishReason(String stopReason) {
        return switch (stopReason) {
            case "end_turn", "stop_sequence" -> "stop";
            case "max_tokens", "model_context_window_exceeded" -> "length";
            case "tool_use" -> "tool_calls";
            case "refusal" -> "content_filter";
            default -> throw AnswerReader.failed("a stop_reason that ends an answer");
        };
    }

    /// Reads a `usage` object, in which cached tokens stand beside the others; empty if it is not
    /// one that can be.
    static Optional<Usage> usage(Optional<Json> json) {
        if (!(json.orElse(null) instanceof Json.Obj usage)) {
            return Optional.empty();
        }
        long fresh = AnswerReader.tokens(usage.get("input_tokens"), -1);
        long written = AnswerReader.tokens(usage.get("cache_creation_input_tokens"), 0);
        long cached = AnswerReader.tokens(usage.get("cache_read_input_tokens"), 0);
        if (fresh < 0 || written < 0 || cached < 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new Usage(
                            fresh + written + cached,
                            cached,
                            AnswerReader.tokens(usage.get("output_tokens"), -1)));
        } catch (FinopsException e) {
            return Optional.empty();
        }
    }
}
