package dev.casemate.proxy.gateway;

import dev.casemate.manifest.Json;
import dev.casemate.proxy.finops.FinopsException;
import dev.casemate.proxy.finops.Usage;
import dev.casemate.proxy.gateway.ModelAnswer.ToolCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Reads a whole chat completion of an upstream.
final class OpenAiAnswerReader {

    /// The name that stands in for the older `function_call`, which no manifest can allow.
    static final String OLDER_CALL = "function_call";

    private static final Pattern FINISH = Pattern.compile("[a-z_]{1,32}");

    private OpenAiAnswerReader() {}

    /// @throws GatewayException `UPSTREAM_FAILED`
    static ModelAnswer read(Json json) {
        var root = AnswerReader.object(Optional.of(json), "a chat completion");
        if (!(root.get("choices").orElse(null) instanceof Json.Arr(var choices))
                || choices.size() != 1) {
            throw AnswerReader.failed("exactly one choice");
        }
        var choice = AnswerReader.object(Optional.of(choices.get(0)), "a choice");
        checkIndex(choice);
        var message = AnswerReader.object(choice.get("message"), "a message");
        checkRole(message);
        return new ModelAnswer(
                AnswerReader.id(root),
                created(root),
                AnswerReader.model(root),
                AnswerReader.string(message, "content"),
                AnswerReader.string(message, "refusal"),
                toolCalls(message),
                finishReason(choice).orElseThrow(() -> AnswerReader.failed("a finish_reason")),
                Optional.empty(),
                usage(root.get("usage")));
    }

    static void checkIndex(Json.Obj choice) {
        if (!choice.get("index").equals(Optional.of(Json.of(0)))) {
            throw AnswerReader.failed("choice 0 alone");
        }
    }

    static void checkRole(Json.Obj message) {
        var role = AnswerReader.present(message, "role");
        if (role.isPresent() && !role.get().equals(Json.of("assistant"))) {
            throw AnswerReader.failed("the role assistant");
        }
    }

    static Optional<String> finishReason(Json.Obj choice) {
        var reason = AnswerReader.string(choice, "finish_reason");
        if (reason.isPresent() && !FINISH.matcher(reason.get()).matches()) {
            throw AnswerReader.failed("a finish_reason that is a word");
        }
        return reason;
    }

    private static List<ToolCall> toolCalls(Json.Obj message) {
        if (AnswerReader.present(message, OLDER_CALL).isPresent()) {
            return List.of(new ToolCall("none", OLDER_CALL, ""));
        }
        var json = AnswerReader.present(message, "tool_calls");
        if (json.isEmpty()) {
            return List.of();
        } else if (!(json.get() instanceof Json.Arr(var items))
                || items.size() > AnswerReader.MAX_TOOL_CALLS) {
            throw AnswerReader.failed(
                    "an array of at most " + AnswerReader.MAX_TOOL_CALLS + " tool calls");
        } else {
            var calls = new ArrayList<ToolCall>();
            for (var item : items) {
                calls.add(toolCall(AnswerReader.object(Optional.of(item), "a tool call")));
            }
            return calls;
        }
    }

    private static ToolCall toolCall(Json.Obj call) {
        checkType(call);
        var function = AnswerReader.object(call.get("function"), "a function");
        return new ToolCall(
                AnswerReader.callId(call)
                        .orElseThrow(() -> AnswerReader.failed("an id with each tool call")),
                AnswerReader.string(function, "name")
                        .orElseThrow(() -> AnswerReader.failed("a name with each tool call")),
                AnswerReader.string(function, "arguments").orElse(""));
    }

    static void checkType(Json.Obj call) {
        var type = AnswerReader.present(call, "type");
        if (type.isPresent() && !type.get().equals(Json.of("function"))) {
            throw AnswerReader.failed("tool calls of type function");
        }
    }

    static long created(Json.Obj root) {
        return root.get("created").orElse(null) instanceof Json.Num(var value)
                        && value.scale() <= 0
                        && value.signum() >= 0
                        && value.precision() - value.scale() <= 18
                ? value.longValueExact()
                : 0;
    }

    /// Reads OpenAI's `usage` object; empty if it is not one that can be.
    static Optional<Usage> usage(Optional<Json> json) {
        if (!(json.orElse(null) instanceof Json.Obj usage)) {
            return Optional.empty();
        }
        try {
            long cached =
                    usage.get("prompt_tokens_details").orElse(null) instanceof Json.Obj details
                            ? AnswerReader.tokens(details.get("cached_tokens"), 0)
                            : 0;
            return Optional.of(
                    new Usage(
                            AnswerReader.tokens(usage.get("prompt_tokens"), -1),
                            cached,
                            AnswerReader.tokens(usage.get("completion_tokens"), -1)));
        } catch (FinopsException e) {
            return Optional.empty();
        }
    }
}
