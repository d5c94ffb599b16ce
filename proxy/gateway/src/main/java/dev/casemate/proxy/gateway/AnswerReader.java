package dev.casemate.proxy.gateway;

import dev.casemate.manifest.Json;
import dev.casemate.proxy.gateway.ModelAnswer.ToolCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Reads an upstream's whole chat completion. An upstream is trusted no further than a client: what
/// cannot be read is refused, and what is not known does not pass.
final class AnswerReader {

    static final int MAX_TOOL_CALLS = 128;

    /// The name that stands in for the older `function_call`, which no manifest can allow.
    static final String OLDER_CALL = "function_call";

    private static final Pattern FINISH = Pattern.compile("[a-z_]{1,32}");

    private AnswerReader() {}

    static GatewayException failed(String expected) {
        return new GatewayException(
                ErrorCode.UPSTREAM_FAILED, "expected " + expected + " from the upstream");
    }

    /// @throws GatewayException `UPSTREAM_FAILED`
    static ModelAnswer read(Json json) {
        var root = object(Optional.of(json), "a chat completion");
        if (!(root.get("choices").orElse(null) instanceof Json.Arr(var choices))
                || choices.size() != 1) {
            throw failed("exactly one choice");
        }
        var choice = object(Optional.of(choices.get(0)), "a choice");
        checkIndex(choice);
        var message = object(choice.get("message"), "a message");
        checkRole(message);
        return new ModelAnswer(
                id(root),
                created(root),
                model(root),
                string(message, "content"),
                string(message, "refusal"),
                toolCalls(message),
                finishReason(choice).orElseThrow(() -> failed("a finish_reason")),
                ModelAnswer.readUsage(root.get("usage")));
    }

    static Json.Obj object(Optional<Json> json, String expected) {
        if (json.orElse(null) instanceof Json.Obj object) {
            return object;
        }
        throw failed(expected);
    }

    static void checkIndex(Json.Obj choice) {
        if (!choice.get("index").equals(Optional.of(Json.of(0)))) {
            throw failed("choice 0 alone");
        }
    }

    static void checkRole(Json.Obj message) {
        var role = present(message, "role");
        if (role.isPresent() && !role.get().equals(Json.of("assistant"))) {
            throw failed("the role assistant");
        }
    }

    static Optional<String> finishReason(Json.Obj choice) {
        var reason = string(choice, "finish_reason");
        if (reason.isPresent() && !FINISH.matcher(reason.get()).matches()) {
            throw failed("a finish_reason that is a word");
        }
        return reason;
    }

    static Optional<Json> present(Json.Obj object, String name) {
        return object.get(name).filter(value -> !(value instanceof Json.Null));
    }

    static Optional<String> string(Json.Obj object, String name) {
        return present(object, name)
                .map(value -> {
                    if (value instanceof Json.Str(var text)) {
                        return text;
                    }
                    throw failed("a string as " + name);
                });
    }

    // Ids, names and times of the upstream's own making: kept if they are what they should be.

    static String id(Json.Obj root) {
        return root.text("id").filter(WireObject::isWord).orElse("none");
    }

    static String model(Json.Obj root) {
        return root.text("model").filter(WireObject::isWord).orElse("none");
    }

    static long created(Json.Obj root) {
        return root.get("created").orElse(null) instanceof Json.Num(var value)
                        && value.scale() <= 0
                        && value.signum() >= 0
                        && value.precision() - value.scale() <= 18
                ? value.longValueExact()
                : 0;
    }

    private static List<ToolCall> toolCalls(Json.Obj message) {
        if (present(message, OLDER_CALL).isPresent()) {
            return List.of(new ToolCall("none", OLDER_CALL, ""));
        }
        var json = present(message, "tool_calls");
        if (json.isEmpty()) {
            return List.of();
        } else if (!(json.get() instanceof Json.Arr(var items)) || items.size() > MAX_TOOL_CALLS) {
            throw failed("an array of at most " + MAX_TOOL_CALLS + " tool calls");
        } else {
            var calls = new ArrayList<ToolCall>();
            for (var item : items) {
                calls.add(toolCall(object(Optional.of(item), "a tool call")));
            }
            return calls;
        }
    }

    private static ToolCall toolCall(Json.Obj call) {
        checkType(call);
        var function = object(call.get("function"), "a function");
        return new ToolCall(
                callId(call).orElseThrow(() -> failed("an id with each tool call")),
                string(function, "name").orElseThrow(() -> failed("a name with each tool call")),
                string(function, "arguments").orElse(""));
    }

    static void checkType(Json.Obj call) {
        var type = present(call, "type");
        if (type.isPresent() && !type.get().equals(Json.of("function"))) {
            throw failed("tool calls of type function");
        }
    }

    static Optional<String> callId(Json.Obj call) {
        var id = string(call, "id").filter(text -> !text.isEmpty());
        if (id.isPresent() && !WireObject.isWord(id.get())) {
            throw failed("an id of letters and digits with each tool call");
        }
        return id;
    }
}
