package dev.casemate.agent.sdk;

import dev.casemate.agent.sdk.ChatReply.Failure;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.JsonReader;
import dev.casemate.manifest.ManifestException;
import dev.casemate.manifest.ToolSpec;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// The JSON of OpenAI's chat completions, written and read.
///
/// What comes as a stream is put together by [StreamedChat], and judged here like what came whole.
///
/// Source: OpenAI's API reference, "Create chat completion".
final class ChatWire {

    /// An answer with more calls is malformed, as it is at the proxy.
    static final int MAX_TOOL_CALLS = 128;

    /// The proxy's ledger cannot write, so nothing passes. It has a server's status, and is a
    /// refusal: the proxy says that the same prompt can only fail again, or cost again.
    static final String LEDGER_UNAVAILABLE = "ledger_unavailable";

    private static final Pattern CODE = Pattern.compile("[A-Za-z0-9_.-]{1,64}");

    private ChatWire() {}

    /// The same request, for an answer in pieces with its usage at the end.
    static Json.Obj streamed(ChatRequest request) {
        return request(request)
                .with("stream", Json.of(true))
                .with("stream_options", Json.object().put("include_usage", true).build());
    }

    static Json.Obj request(ChatRequest request) {
        var json =
                Json.object()
                        .put("model", request.model())
                        .put(
                                "messages",
                                Json.array(
                                        request.messages().stream()
                                                .map(ChatWire::message)
                                                .toList()));
        if (!request.tools().isEmpty()) {
            json.put(
                    "tools",
                    Json.array(request.tools().stream().map(ToolSpec::toFunction).toList()));
        }
        return json.build();
    }

    private static Json message(ChatMessage message) {
        return switch (message) {
            case ChatMessage.Instruction(var text) -> message("system", text);
            case ChatMessage.Task(var text) -> message("user", text);
            case ChatMessage.Reply(var text, var calls) -> reply(text, calls);
            case ChatMessage.ToolAnswer(var callId, _, var text) ->
                    Json.object()
                            .put("role", "tool")
                            .put("tool_call_id", callId)
                            .put("content", text)
                            .build();
        };
    }

    private static Json message(String role, String text) {
        return Json.object().put("role", role).put("content", text).build();
    }

    private static Json reply(Optional<String> text, List<ToolCall> calls) {
        var json =
                Json.object()
                        .put("role", "assistant")
                        .put("content", text.map(Json::of).orElseGet(Json.Null::new));
        if (!calls.isEmpty()) {
            json.put("tool_calls", Json.array(calls.stream().map(ChatWire::call).toList()));
        }
        return json.build();
    }

    private static Json call(ToolCall call) {
        return Json.object()
                .put("id", call.id())
                .put("type", "function")
                .put(
                        "function",
                        Json.object()
                                .put("name", call.name())
                                .put("arguments", call.arguments())
                                .build())
                .build();
    }

    /// Reads the body of an answer with status 200.
    static ChatReply answer(byte[] body) {
        try {
            return answer(object(JsonReader.read(body)));
        } catch (ManifestException | IllegalArgumentException e) {
            return new ChatReply.Failed(Failure.MALFORMED, "expected a chat completion");
        }
    }

    private static ChatReply answer(Json.Obj body) {
        if (!(member(body, "choices") instanceof Json.Arr(var choices)) || choices.size() != 1) {
            throw new IllegalArgumentException("expected one choice");
        }
        var choice = object(choices.getFirst());
        var message = object(member(choice, "message"));
        if (!message.text("role").equals(Optional.of("assistant"))
                || message.get("function_call").filter(call -> !isNull(call)).isPresent()) {
            throw new IllegalArgumentException("expected a message with tool calls");
        }
        var reason = choice.text("finish_reason").orElse("");
        var unfinished = unfinished(reason);
        if (unfinished.isPresent()) {
            return unfinished.get();
        }
        // Where a model declines, its words are in `refusal`.
        var text = text(message, "content").or(() -> text(message, "refusal"));
        return new ChatReply.Answer(text, calls(message), usage(body));
    }

    /// What a finish says that is not the end of an answer.
    static Optional<ChatReply> unfinished(String reason) {
        return switch (reason) {
            case "length" ->
                    Optional.of(
                            new ChatReply.Failed(
                                    Failure.CUT_OFF, "the model's output limit was reached"));
            case "content_filter" ->
                    Optional.of(
                            new ChatReply.Refused(
                                    200,
                                    "content_filter",
                                    "the provider's content filter refused",
                                    Optional.empty()));
            default -> Optional.empty();
        };
    }

    static Optional<String> text(Json.Obj message, String name) {
        return switch (message.get(name).orElseGet(Json.Null::new)) {
            case Json.Str(var value) -> Optional.of(value).filter(text -> !text.isEmpty());
            case Json.Null() -> Optional.empty();
            case Json.Obj _, Json.Arr _, Json.Num _, Json.Bool _ ->
                    throw new IllegalArgumentException("expected text");
        };
    }

    private static List<ToolCall> calls(Json.Obj message) {
        var listed = message.get("tool_calls").filter(calls -> !isNull(calls));
        if (listed.isEmpty()) {
            return List.of();
        }
        if (!(listed.get() instanceof Json.Arr(var items)) || items.size() > MAX_TOOL_CALLS) {
            throw new IllegalArgumentException("expected a list of tool calls");
        }
        var calls = new ArrayList<ToolCall>();
        for (var item : items) {
            var call = object(item);
            var function = object(member(call, "function"));
            calls.add(
                    new ToolCall(
                            string(call, "id"),
                            string(function, "name"),
                            string(function, "arguments")));
        }
        return calls;
    }

    /// Empty where it is missing or makes no sense: the run then counts for itself.
    static Optional<TokenCount> usage(Json.Obj body) {
        if (body.get("usage").orElseGet(Json.Null::new) instanceof Json.Obj usage
                && usage.get("prompt_tokens").orElseGet(Json.Null::new) instanceof Json.Num input
                && usage.get("completion_tokens").orElseGet(Json.Null::new)
                        instanceof Json.Num output
                && isCount(input.value())
                && isCount(output.value())) {
            return Optional.of(
                    new TokenCount(
                            input.value().longValueExact(), output.value().longValueExact()));
        }
        return Optional.empty();
    }

    private static boolean isCount(BigDecimal value) {
        return value.signum() >= 0
                && value.scale() <= 0
                && value.compareTo(BigDecimal.valueOf(Integer.MAX_VALUE)) <= 0;
    }

    /// Reads the body of an answer with any other status. Never fails: what cannot be read leaves
    /// the status.
    ///
    /// @param retryAfter when to ask again, where the answer's headers said so
    static ChatReply error(int status, byte[] body, Optional<Duration> retryAfter) {
        Optional<Json.Obj> error = Optional.empty();
        try {
            error =
                    object(JsonReader.read(body))
                            .get("error")
                            .filter(Json.Obj.class::isInstance)
                            .map(Json.Obj.class::cast);
        } catch (ManifestException | IllegalArgumentException e) {
            // Error pages of machines in between are not JSON.
        }
        return error(status, error, retryAfter);
    }

    /// Reads an error that ends a stream, as an answer of its own would have been read: the status
    /// that it can no longer have is told by its type.
    static ChatReply error(Json json) {
        var error = Optional.of(json).filter(Json.Obj.class::isInstance).map(Json.Obj.class::cast);
        int status =
                switch (error.flatMap(it -> it.text("type")).orElse("")) {
                    case "invalid_request_error" -> 400;
                    case "authentication_error" -> 401;
                    case "permission_error" -> 403;
                    case "insufficient_quota", "rate_limit_error" -> 429;
                    default -> 500;
                };
        return error(status, error, Optional.empty());
    }

    private static ChatReply error(
            int status, Optional<Json.Obj> error, Optional<Duration> retryAfter) {
        var code =
                error.flatMap(it -> it.text("code"))
                        .filter(it -> CODE.matcher(it).matches())
                        .orElse("unknown");
        var message =
                error.flatMap(it -> it.text("message"))
                        .map(it -> TextLimit.cut(it, ChatReply.MAX_MESSAGE_CHARS))
                        .orElse("HTTP status " + status);
        boolean says = status >= 400 && status < 500;
        if (says || (status >= 500 && code.equals(LEDGER_UNAVAILABLE))) {
            return new ChatReply.Refused(status, code, message, retryAfter);
        }
        var failure =
                status >= 300 && status < 400
                        ? Failure.REDIRECTED
                        : status >= 500 ? Failure.SERVER_ERROR : Failure.MALFORMED;
        return new ChatReply.Failed(failure, code + ": " + message);
    }

    static boolean isNull(Json json) {
        return json instanceof Json.Null;
    }

    static Json member(Json.Obj object, String name) {
        return object.get(name)
                .orElseThrow(() -> new IllegalArgumentException("expected member " + name));
    }

    static String string(Json.Obj object, String name) {
        return object.text(name)
                .orElseThrow(() -> new IllegalArgumentException("expected member " + name));
    }

    static Json.Obj object(Json json) {
        if (json instanceof Json.Obj object) {
            return object;
        }
        throw new IllegalArgumentException("expected an object");
    }
}
