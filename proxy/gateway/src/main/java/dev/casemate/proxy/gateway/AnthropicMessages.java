package dev.casemate.proxy.gateway;

import dev.casemate.manifest.Json;
import dev.casemate.proxy.finops.Usage;
import dev.casemate.proxy.gateway.ModelAnswer.ToolCall;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Anthropic's Messages.
///
/// Source: Anthropic's API reference, version 2023-06-01: Messages, streaming, errors.
final class AnthropicMessages implements Dialect {

    static final AnthropicMessages DIALECT = new AnthropicMessages();

    private static final String VERSION = "2023-06-01";

    /// What Anthropic puts before the tools of a request is below 700 tokens for every published
    /// model; this leaves room for the next one.
    private static final long TOOL_PROMPT_TOKENS = 1_024;

    private static final Json NULL = new Json.Null();

    private AnthropicMessages() {}

    @Override
    public ChatRequest read(Json request) {
        return AnthropicRequestReader.read(request);
    }

    @Override
    public Json.Obj answer(ModelAnswer answer) {
        if (answer.content().isPresent() && answer.refusal().isPresent()) {
            throw oneText();
        }
        var blocks = new ArrayList<Json>();
        answer.content().map(AnthropicMessages::text).ifPresent(blocks::add);
        answer.refusal().map(AnthropicMessages::text).ifPresent(blocks::add);
        answer.toolCalls().forEach(call -> blocks.add(toolUse(call, arguments(call))));
        return message(answer.id(), answer.model(), blocks)
                .put("stop_reason", stopReason(answer))
                .put("stop_sequence", answer.stop().<Json>map(Json::of).orElse(NULL))
                .put("usage", usage(answer.usage().orElse(Usage.NONE)))
                .build();
    }

    // Each was read for itself; here they would be one text, which nobody has read.
    private static GatewayException oneText() {
        return AnswerReader.failed("either a text or a refusal");
    }

    private static Json.Builder message(String id, String model, List<Json> blocks) {
        return Json.object()
                .put("id", id)
                .put("type", "message")
                .put("role", "assistant")
                .put("model", model)
                .put("content", Json.array(blocks));
    }

    private static String stopReason(ModelAnswer answer) {
        if (answer.refusal().isPresent()) {
            return "refusal";
        }
        return switch (answer.finishReason()) {
            case "stop" -> answer.stop().isPresent() ? "stop_sequence" : "end_turn";
            case "length" -> "max_tokens";
            case "tool_calls" -> "tool_use";
            case "content_filter" -> "refusal";
            default ->
                    throw AnswerReader.failed("a reason of the end that Messages has a word for");
        };
    }

    private static Json.Obj text(String text) {
        return Json.object().put("type", "text").put("text", text).build();
    }

    private static Json.Obj toolUse(ToolCall call, Json input) {
        return Json.object()
                .put("type", "tool_use")
                .put("id", call.id())
                .put("name", call.name())
                .put("input", input)
                .build();
    }

    // What is no object gets into no answer, and out of no request.
    private static Json arguments(ToolCall call) {
        try {
            return WireJson.read(call.arguments());
        } catch (WireJson.MalformedException e) {
            return NULL;
        }
    }

    private static Json.Obj usage(Usage usage) {
        return Json.object()
                .put("input_tokens", usage.inputTokens() - usage.cachedInputTokens())
                .put("cache_creation_input_tokens", 0)
                .put("cache_read_input_tokens", usage.cachedInputTokens())
                .put("output_tokens", usage.outputTokens())
                .build();
    }

    @Override
    public StreamWriter writer(ChatRequest request) {
        return new Writer();
    }

    /// The events of one answer: one block of text, if there is any, and one for each tool call.
    private static final class Writer implements StreamWriter {
        private int index;
        private Said said = Said.NOTHING;

        private enum Said {
            NOTHING,
            TEXT,
            REFUSAL
        }

        @Override
        public void begin(StringBuilder out, AnswerPart.Begun begun) {
            var message =
                    message(begun.id(), begun.model(), List.of())
                            .put("stop_reason", NULL)
                            .put("stop_sequence", NULL)
                            .put("usage", usage(Usage.NONE))
                            .build();
            event(out, "message_start", Json.object().put("message", message));
        }

        @Override
        public void text(StringBuilder out, String text) {
            say(out, Said.TEXT, text);
        }

        @Override
        public void refusal(StringBuilder out, String text) {
            say(out, Said.REFUSAL, text);
        }

        private void say(StringBuilder out, Said what, String text) {
            if (said == Said.NOTHING) {
                said = what;
                start(out, AnthropicMessages.text(""));
            } else if (said != what) {
                throw oneText();
            }
            delta(out, Json.object().put("type", "text_delta").put("text", text).build());
        }

        @Override
        public void end(StringBuilder out, ModelAnswer answer) {
            var reason = stopReason(answer);
            if (said != Said.NOTHING) {
                stop(out);
            }
            for (var call : answer.toolCalls()) {
                start(out, toolUse(call, Json.object().build()));
                delta(
                        out,
                        Json.object()
                                .put("type", "input_json_delta")
                                .put("partial_json", call.arguments())
                                .build());
                stop(out);
            }
            event(
                    out,
                    "message_delta",
                    Json.object()
                            .put(
                                    "delta",
                                    Json.object()
                                            .put("stop_reason", reason)
                                            .put(
                                                    "stop_sequence",
                                                    answer.stop().<Json>map(Json::of).orElse(NULL))
                                            .build())
                            .put("usage", usage(answer.usage().orElse(Usage.NONE))));
            event(out, "message_stop", Json.object());
        }

        private void start(StringBuilder out, Json.Obj block) {
            event(
                    out,
                    "content_block_start",
                    Json.object().put("index", index).put("content_block", block));
        }

        private void delta(StringBuilder out, Json.Obj delta) {
            event(
                    out,
                    "content_block_delta",
                    Json.object().put("index", index).put("delta", delta));
        }

        private void stop(StringBuilder out) {
            event(out, "content_block_stop", Json.object().put("index", index));
            index++;
        }

        private static void event(StringBuilder out, String type, Json.Builder members) {
            out.append("event: ").append(type).append("\ndata: ");
            out.append(members.put("type", type).build().text()).append("\n\n");
        }
    }

    @Override
    public Json.Obj error(GatewayException error) {
        var members =
                Json.object()
                        .put("type", errorType(error.code().status()))
                        .put("message", error.detail())
                        .put("code", error.code().word())
                        .build();
        return Json.object().put("type", "error").put("error", members).build();
    }

    private static String errorType(int status) {
        return switch (status) {
            case 401 -> "authentication_error";
            case 403 -> "permission_error";
            case 404 -> "not_found_error";
            case 413 -> "request_too_large";
            case 429 -> "rate_limit_error";
            case 503 -> "overloaded_error";
            case 504 -> "timeout_error";
            default -> status < 500 ? "invalid_request_error" : "api_error";
        };
    }

    @Override
    public String errorEvent(GatewayException error) {
        return "event: error\ndata: " + error(error).text() + "\n\n";
    }

    @Override
    public Json.Obj models(List<GatewayConfig.Model> models) {
        var items =
                models.stream()
                        .map(model ->
                                Json.object()
                                        .put("type", "model")
                                        .put("id", model.name())
                                        .put("display_name", model.name())
                                        .put("created_at", "1970-01-01T00:00:00Z")
                                        .build())
                        .toList();
        return Json.object()
                .put("data", Json.array(items))
                .put("has_more", false)
                .put("first_id", end(models.stream().findFirst()))
                .put("last_id", end(models.reversed().stream().findFirst()))
                .build();
    }

    private static Json end(Optional<GatewayConfig.Model> model) {
        return model.map(GatewayConfig.Model::name).<Json>map(Json::of).orElse(NULL);
    }

    // ---- with upstreams

    @Override
    public String path() {
        return "/messages";
    }

    @Override
    public Map<String, String> headers(Optional<Secret> key) {
        var headers = new LinkedHashMap<String, String>();
        headers.put("anthropic-version", VERSION);
        key.ifPresent(secret -> headers.put("x-api-key", secret.reveal()));
        return headers;
    }

    @Override
    public Json.Obj request(ChatRequest request, GatewayConfig.Model target) {
        var told =
                request.format() == WireFormat.ANTHROPIC_MESSAGES
                        ? request.body().members()
                        : translated(request);
        var members = new LinkedHashMap<>(told);
        members.put("model", Json.of(target.upstreamModel()));
        members.put("max_tokens", Json.of(request.maxOutputTokens(target)));
        return new Json.Obj(members);
    }

    private static Map<String, Json> translated(ChatRequest request) {
        Translation.refuseForeign(request);
        var members = new LinkedHashMap<String, Json>();
        members.put("model", NULL);
        var turns = request.turns();
        int first = 0;
        var system = new ArrayList<Json>();
        while (first < turns.size()
                && turns.get(first) instanceof Turn.Instructions(var instructions)) {
            instructions.forEach(text -> system.add(text(text)));
            first++;
        }
        if (!system.isEmpty()) {
            members.put("system", Json.array(system));
        }
        members.put("messages", messages(turns.subList(first, turns.size())));
        if (request.stream()) {
            members.put("stream", Json.of(true));
        }
        var settings = request.settings();
        settings.temperature()
                .ifPresent(value -> {
                    if (value.compareTo(BigDecimal.ONE) > 0) {
                        throw Translation.refuse("a temperature above 1");
                    }
                    members.put("temperature", new Json.Num(value));
                });
        settings.topP().ifPresent(value -> members.put("top_p", new Json.Num(value)));
        settings.user()
                .ifPresent(value ->
                        members.put("metadata", Json.object().put("user_id", value).build()));
        if (!settings.stops().isEmpty()) {
            members.put("stop_sequences", Json.strings(settings.stops()));
        }
        if (!request.tools().isEmpty()) {
            members.put(
                    "tools",
                    Json.array(request.tools().stream().map(AnthropicMessages::tool).toList()));
        }
        toolChoice(request).ifPresent(choice -> members.put("tool_choice", choice));
        return members;
    }

    private static Json.Obj tool(ChatRequest.OfferedTool tool) {
        var members = new LinkedHashMap<>(tool.definition().members());
        var schema = members.remove("parameters");
        members.put("input_schema", schema == null ? NULL : schema);
        return new Json.Obj(members);
    }

    private static Optional<Json.Obj> toolChoice(ChatRequest request) {
        boolean single = !request.tools().isEmpty() && !request.settings().parallelCalls();
        if (request.toolChoice() == ToolChoice.Any.UNSAID && !single) {
            return Optional.empty();
        }
        var choice = Json.object();
        switch (request.toolChoice()) {
            case ToolChoice.Any.UNSAID, ToolChoice.Any.AUTO -> choice.put("type", "auto");
            case ToolChoice.Any.NONE -> {
                return Optional.of(choice.put("type", "none").build());
            }
            case ToolChoice.Any.REQUIRED -> choice.put("type", "any");
            case ToolChoice.Named(var name) -> choice.put("type", "tool").put("name", name);
        }
        if (single) {
            choice.put("disable_parallel_tool_use", true);
        }
        return Optional.of(choice.build());
    }

    /// Messages alternate between two roles, and all results of one answer's calls come in one.
    private static Json messages(List<Turn> turns) {
        var messages = new ArrayList<Json>();
        var role = "";
        var blocks = new ArrayList<Json>();
        for (var turn : turns) {
            var next = turn instanceof Turn.Assistant ? "assistant" : "user";
            if (!next.equals(role)) {
                flush(messages, role, blocks);
                role = next;
            }
            blocks.addAll(blocks(turn));
        }
        flush(messages, role, blocks);
        return Json.array(messages);
    }

    private static void flush(List<Json> messages, String role, List<Json> blocks) {
        if (!blocks.isEmpty()) {
            messages.add(
                    Json.object()
                            .put("role", role)
                            .put("content", Json.array(List.copyOf(blocks)))
                            .build());
            blocks.clear();
        }
    }

    private static List<Json> blocks(Turn turn) {
        return switch (turn) {
            case Turn.Instructions _ ->
                    throw Translation.refuse("instructions after the first message");
            case Turn.User(var texts) -> texts(texts);
            case Turn.Assistant(var texts, var calls) -> {
                var blocks = new ArrayList<>(texts(texts));
                for (var call : calls) {
                    if (!(arguments(call) instanceof Json.Obj input)) {
                        throw Translation.refuse("arguments of a tool call that are no object");
                    }
                    blocks.add(toolUse(call, input));
                }
                yield blocks;
            }
            case Turn.ToolResult(var callId, var texts, var failed) -> {
                var result =
                        Json.object()
                                .put("type", "tool_result")
                                .put("tool_use_id", callId)
                                .put("content", Json.array(texts(texts)));
                if (failed) {
                    result.put("is_error", true);
                }
                yield List.of(result.build());
            }
        };
    }

    // An empty block of text is an error to Anthropic, and says nothing.
    private static List<Json> texts(List<String> texts) {
        return texts.stream()
                .filter(text -> !text.isEmpty())
                .<Json>map(AnthropicMessages::text)
                .toList();
    }

    @Override
    public long addedInputTokens(ChatRequest request) {
        return request.tools().isEmpty() ? 0 : TOOL_PROMPT_TOKENS;
    }

    @Override
    public ModelAnswer readAnswer(Json json) {
        return AnthropicAnswerReader.read(json);
    }

    @Override
    public StreamReader reader() {
        return new AnthropicStreamReader();
    }

    // The error has no code of its own; its message begins with this.
    @Override
    public boolean saysContextExceeded(Json.Obj error) {
        return error.text("message")
                .filter(text -> text.startsWith("prompt is too long"))
                .isPresent();
    }
}
