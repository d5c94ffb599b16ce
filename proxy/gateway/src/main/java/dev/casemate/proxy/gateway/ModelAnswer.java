package dev.casemate.proxy.gateway;

import dev.casemate.manifest.Json;
import dev.casemate.proxy.finops.FinopsException;
import dev.casemate.proxy.finops.Usage;
import dev.casemate.proxy.policy.Passage;
import dev.casemate.proxy.policy.Source;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a model said, whole: the members that the gateway knows and lets pass. An upstream's other
/// members end here.
///
/// @param content empty where the model said nothing but called tools
/// @param usage empty where the upstream reported none that can be
record ModelAnswer(
        String id,
        long created,
        String model,
        Optional<String> content,
        Optional<String> refusal,
        List<ToolCall> toolCalls,
        String finishReason,
        Optional<Usage> usage) {

    /// A call that the model asks for.
    ///
    /// @param arguments the JSON text, as the model wrote it
    record ToolCall(String id, String name, String arguments) {
        Json.Obj toJson() {
            return Json.object()
                    .put("id", id)
                    .put("type", "function")
                    .put(
                            "function",
                            Json.object().put("name", name).put("arguments", arguments).build())
                    .build();
        }
    }

    ModelAnswer {
        toolCalls = List.copyOf(toolCalls);
    }

    List<String> toolNames() {
        return toolCalls.stream().map(ToolCall::name).toList();
    }

    /// UTF-8 bytes that the model wrote.
    long bytes() {
        long bytes = content.orElse("").getBytes(StandardCharsets.UTF_8).length;
        bytes += refusal.orElse("").getBytes(StandardCharsets.UTF_8).length;
        for (var call : toolCalls) {
            bytes +=
                    call.name().length() + call.arguments().getBytes(StandardCharsets.UTF_8).length;
        }
        return bytes;
    }

    List<Passage> passages() {
        var passages = new ArrayList<Passage>();
        var message = "/choices/0/message";
        content.ifPresent(
                text -> Passages.add(passages, Source.ASSISTANT, message + "/content", text));
        refusal.ifPresent(
                text -> Passages.add(passages, Source.ASSISTANT, message + "/refusal", text));
        passages.addAll(argumentPassages());
        return passages;
    }

    List<Passage> argumentPassages() {
        var passages = new ArrayList<Passage>();
        for (int i = 0; i < toolCalls.size(); i++) {
            Passages.add(
                    passages,
                    Source.TOOL_ARGUMENTS,
                    "/choices/0/message/tool_calls/" + i + "/function/arguments",
                    toolCalls.get(i).arguments());
        }
        return passages;
    }

    /// OpenAI's `chat.completion` object.
    Json.Obj toJson() {
        var message =
                Json.object()
                        .put("role", "assistant")
                        .put("content", content.<Json>map(Json::of).orElse(new Json.Null()))
                        .put("refusal", refusal.<Json>map(Json::of).orElse(new Json.Null()));
        if (!toolCalls.isEmpty()) {
            message.put(
                    "tool_calls", Json.array(toolCalls.stream().map(ToolCall::toJson).toList()));
        }
        var choice =
                Json.object()
                        .put("index", 0)
                        .put("message", message.build())
                        .put("logprobs", new Json.Null())
                        .put("finish_reason", finishReason)
                        .build();
        var answer =
                Json.object()
                        .put("id", id)
                        .put("object", "chat.completion")
                        .put("created", created)
                        .put("model", model)
                        .put("choices", Json.array(List.of(choice)));
        usage.ifPresent(tokens -> answer.put("usage", usageJson(tokens)));
        return answer.build();
    }

    /// OpenAI's `usage` object.
    static Json.Obj usageJson(Usage usage) {
        return Json.object()
                .put("prompt_tokens", usage.inputTokens())
                .put("completion_tokens", usage.outputTokens())
                .put("total_tokens", Math.addExact(usage.inputTokens(), usage.outputTokens()))
                .put(
                        "prompt_tokens_details",
                        Json.object().put("cached_tokens", usage.cachedInputTokens()).build())
                .build();
    }

    /// Reads OpenAI's `usage` object; empty if it is not one that can be.
    static Optional<Usage> readUsage(Optional<Json> json) {
        if (!(json.orElse(null) instanceof Json.Obj usage)) {
            return Optional.empty();
        }
        try {
            long cached =
                    usage.get("prompt_tokens_details").orElse(null) instanceof Json.Obj details
                            ? tokens(details.get("cached_tokens"), 0)
                            : 0;
            return Optional.of(
                    new Usage(
                            tokens(usage.get("prompt_tokens"), -1),
                            cached,
                            tokens(usage.get("completion_tokens"), -1)));
        } catch (FinopsException e) {
            return Optional.empty();
        }
    }

    // A number that cannot be becomes one that Usage refuses.
    private static long tokens(Optional<Json> json, long absent) {
        var value = json.orElse(new Json.Null());
        if (value instanceof Json.Null) {
            return absent;
        }
        return value instanceof Json.Num(var number)
                        && number.scale() <= 0
                        && number.signum() >= 0
                        && number.compareTo(BigDecimal.valueOf(Usage.MAX_TOKENS_READ)) <= 0
                ? number.longValueExact()
                : -1;
    }
}
