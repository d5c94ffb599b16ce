package dev.casemate.proxy.gateway;

import dev.casemate.manifest.Json;
import dev.casemate.proxy.finops.Usage;
import dev.casemate.proxy.gateway.ModelAnswer.ToolCall;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// OpenAI's chat completions.
///
/// Source: the OpenAPI description of OpenAI's API, `createChatCompletion`.
final class OpenAiChat implements Dialect {

    static final OpenAiChat DIALECT = new OpenAiChat();

    private static final Json NULL = new Json.Null();

    private OpenAiChat() {}

    @Override
    public ChatRequest read(Json request) {
        return OpenAiRequestReader.read(request);
    }

    @Override
    public Json.Obj answer(ModelAnswer answer) {
        var message =
                Json.object()
                        .put("role", "assistant")
                        .put("content", answer.content().<Json>map(Json::of).orElse(NULL))
                        .put("refusal", answer.refusal().<Json>map(Json::of).orElse(NULL));
        if (!answer.toolCalls().isEmpty()) {
            message.put("tool_calls", toolCalls(answer.toolCalls()));
        }
        var choice =
                Json.object()
                        .put("index", 0)
                        .put("message", message.build())
                        .put("logprobs", NULL)
                        .put("finish_reason", answer.finishReason())
                        .build();
        var completion =
                Json.object()
                        .put("id", answer.id())
                        .put("object", "chat.completion")
                        .put("created", answer.created())
                        .put("model", answer.model())
                        .put("choices", Json.array(List.of(choice)));
        answer.usage().ifPresent(tokens -> completion.put("usage", usage(tokens)));
        return completion.build();
    }

    private static Json toolCalls(List<ToolCall> calls) {
        return Json.array(calls.stream().map(OpenAiChat::toolCall).toList());
    }

    private static Json.Obj toolCall(ToolCall call) {
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

    private static Json.Obj usage(Usage usage) {
        return Json.object()
                .put("prompt_tokens", usage.inputTokens())
                .put("completion_tokens", usage.outputTokens())
                .put("total_tokens", Math.addExact(usage.inputTokens(), usage.outputTokens()))
                .put(
                        "prompt_tokens_details",
                        Json.object().put("cached_tokens", usage.cachedInputTokens()).build())
                .build();
    }

    @Override
    public StreamWriter writer(ChatRequest request) {
        return new Writer(request.usageWanted());
    }

    /// The chunks of one answer.
    private static final class Writer implements StreamWriter {
        private final boolean usageWanted;
        private AnswerPart.Begun begun = new AnswerPart.Begun("none", 0, "none");

        Writer(boolean usageWanted) {
            this.usageWanted = usageWanted;
        }

        @Override
        public void begin(StringBuilder out, AnswerPart.Begun first) {
            begun = first;
            delta(out, Json.object().put("role", "assistant").put("content", "").build());
        }

        @Override
        public void text(StringBuilder out, String text) {
            delta(out, Json.object().put("content", text).build());
        }

        @Override
        public void refusal(StringBuilder out, String text) {
            delta(out, Json.object().put("refusal", text).build());
        }

        @Override
        public void end(StringBuilder out, ModelAnswer answer) {
            if (!answer.toolCalls().isEmpty()) {
                var deltas = new ArrayList<Json>();
                for (var call : answer.toolCalls()) {
                    deltas.add(toolCall(call).with("index", Json.of(deltas.size())));
                }
                delta(out, Json.object().put("tool_calls", Json.array(deltas)).build());
            }
            choice(out, Json.object().build(), Json.of(answer.finishReason()));
            if (usageWanted) {
                answer.usage().ifPresent(tokens -> chunk(out, List.of(), Optional.of(tokens)));
            }
            out.append("data: [DONE]\n\n");
        }

        private void delta(StringBuilder out, Json.Obj delta) {
            choice(out, delta, NULL);
        }

        private void choice(StringBuilder out, Json.Obj delta, Json finishReason) {
            chunk(
                    out,
                    List.of(
                            Json.object()
                                    .put("index", 0)
                                    .put("delta", delta)
                                    .put("logprobs", NULL)
                                    .put("finish_reason", finishReason)
                                    .build()),
                    Optional.empty());
        }

        private void chunk(StringBuilder out, List<Json.Obj> choices, Optional<Usage> tokens) {
            var chunk =
                    Json.object()
                            .put("id", begun.id())
                            .put("object", "chat.completion.chunk")
                            .put("created", begun.created())
                            .put("model", begun.model())
                            .put("choices", Json.array(choices));
            tokens.ifPresent(value -> chunk.put("usage", usage(value)));
            out.append("data: ").append(chunk.build().text()).append("\n\n");
        }
    }

    @Override
    public Json.Obj error(GatewayException error) {
        var members =
                Json.object()
                        .put("message", error.detail())
                        .put("type", error.code().type())
                        .put("param", NULL)
                        .put("code", error.code().word())
                        .build();
        return Json.object().put("error", members).build();
    }

    @Override
    public String errorEvent(GatewayException error) {
        return "data: " + error(error).text() + "\n\n";
    }

    @Override
    public Json.Obj models(List<GatewayConfig.Model> models) {
        var items =
                models.stream()
                        .map(model ->
                                Json.object()
                                        .put("id", model.name())
                                        .put("object", "model")
                                        .put("created", 0)
                                        .put("owned_by", model.upstream())
                                        .build())
                        .toList();
        return Json.object().put("object", "list").put("data", Json.array(items)).build();
    }

    // ---- with upstreams

    @Override
    public String path() {
        return "/chat/completions";
    }

    @Override
    public Map<String, String> headers(Optional<Secret> key) {
        return key.map(secret -> Map.of("authorization", "Bearer " + secret.reveal()))
                .orElse(Map.of());
    }

    @Override
    public Json.Obj request(ChatRequest request, GatewayConfig.Model target) {
        var told =
                request.format() == WireFormat.OPENAI_CHAT
                        ? request.body().members()
                        : translated(request);
        var members = new LinkedHashMap<>(told);
        members.put("model", Json.of(target.upstreamModel()));
        members.remove("max_tokens");
        members.remove("max_completion_tokens");
        members.put(target.outputLimitField(), Json.of(request.maxOutputTokens(target)));
        members.remove("stream_options");
        if (request.stream()) {
            members.put("stream_options", Json.object().put("include_usage", true).build());
        }
        return new Json.Obj(members);
    }

    private static Map<String, Json> translated(ChatRequest request) {
        Translation.refuseForeign(request);
        var members = new LinkedHashMap<String, Json>();
        members.put("model", NULL);
        members.put(
                "messages", Json.array(request.turns().stream().map(OpenAiChat::turn).toList()));
        if (request.stream()) {
            members.put("stream", Json.of(true));
        }
        var settings = request.settings();
        settings.temperature().ifPresent(value -> members.put("temperature", new Json.Num(value)));
        settings.topP().ifPresent(value -> members.put("top_p", new Json.Num(value)));
        settings.user().ifPresent(value -> members.put("user", Json.of(value)));
        if (!settings.stops().isEmpty()) {
            members.put("stop", Json.strings(settings.stops()));
        }
        if (!request.tools().isEmpty()) {
            members.put("tools", tools(request));
            if (!settings.parallelCalls()) {
                members.put("parallel_tool_calls", Json.of(false));
            }
        }
        switch (request.toolChoice()) {
            case ToolChoice.Any.UNSAID -> {}
            case ToolChoice.Any.AUTO -> members.put("tool_choice", Json.of("auto"));
            case ToolChoice.Any.NONE -> members.put("tool_choice", Json.of("none"));
            case ToolChoice.Any.REQUIRED -> members.put("tool_choice", Json.of("required"));
            case ToolChoice.Named(var name) ->
                    members.put("tool_choice", function(Json.object().put("name", name).build()));
        }
        return members;
    }

    private static Json tools(ChatRequest request) {
        return Json.array(
                request.tools().stream().map(tool -> function(tool.definition())).toList());
    }

    private static Json.Obj function(Json.Obj function) {
        return Json.object().put("type", "function").put("function", function).build();
    }

    private static Json.Obj turn(Turn turn) {
        return switch (turn) {
            case Turn.Instructions(var texts) -> message("system", texts).build();
            case Turn.User(var texts) -> message("user", texts).build();
            case Turn.Assistant(var texts, var calls) -> {
                var message =
                        texts.isEmpty()
                                ? Json.object().put("role", "assistant").put("content", NULL)
                                : message("assistant", texts);
                if (!calls.isEmpty()) {
                    message.put("tool_calls", toolCalls(calls));
                }
                yield message.build();
            }
            case Turn.ToolResult(var callId, var texts, var failed) ->
                    message("tool", failed ? Translation.marked(texts) : texts)
                            .put("tool_call_id", callId)
                            .build();
        };
    }

    private static Json.Builder message(String role, List<String> texts) {
        var message = Json.object().put("role", role);
        return texts.size() == 1
                ? message.put("content", texts.getFirst())
                : message.put("content", Json.array(texts.stream().map(OpenAiChat::part).toList()));
    }

    private static Json.Obj part(String text) {
        return Json.object().put("type", "text").put("text", text).build();
    }

    @Override
    public long addedInputTokens(ChatRequest request) {
        // The marks between messages are fewer than the bytes of the JSON around them.
        return 0;
    }

    @Override
    public ModelAnswer readAnswer(Json json) {
        return OpenAiAnswerReader.read(json);
    }

    @Override
    public StreamReader reader() {
        return new OpenAiStreamReader();
    }

    @Override
    public boolean saysContextExceeded(Json.Obj error) {
        return error.text("code").equals(Optional.of(ErrorCode.CONTEXT_LENGTH_EXCEEDED.word()));
    }
}
