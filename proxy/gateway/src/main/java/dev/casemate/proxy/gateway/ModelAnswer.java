package dev.casemate.proxy.gateway;

import dev.casemate.manifest.Json;
import dev.casemate.proxy.finops.Usage;
import dev.casemate.proxy.policy.Passage;
import dev.casemate.proxy.policy.Source;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a model said, whole: the members that the gateway knows and lets pass. An upstream's other
/// members end here.
///
/// @param content empty where the model said nothing but called tools
/// @param finishReason in OpenAI's words: `stop`, `length`, `tool_calls`, `content_filter`, or one
///   that is the upstream's own
/// @param stop the text at which the answer ended; empty where the upstream tells none
/// @param usage empty where the upstream reported none that can be
record ModelAnswer(
        String id,
        long created,
        String model,
        Optional<String> content,
        Optional<String> refusal,
        List<ToolCall> toolCalls,
        String finishReason,
        Optional<String> stop,
        Optional<Usage> usage) {

    /// A call that the model asks for.
    ///
    /// @param arguments the JSON text, as the model wrote it
    record ToolCall(String id, String name, String arguments) {}

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
        passages.addAll(heldPassages());
        return passages;
    }

    /// What leaves at the end of a stream only, so that no guard has read it on the way.
    List<Passage> heldPassages() {
        var passages = new ArrayList<Passage>();
        stop.ifPresent(text -> Passages.add(passages, Source.ASSISTANT, "/stop", text));
        for (int i = 0; i < toolCalls.size(); i++) {
            Passages.add(
                    passages,
                    Source.TOOL_ARGUMENTS,
                    "/choices/0/message/tool_calls/" + i + "/function/arguments",
                    toolCalls.get(i).arguments());
        }
        return passages;
    }

    /// As it stands in the ledger: OpenAI's `chat.completion` object, whatever the upstream speaks.
    Json.Obj toJson() {
        return OpenAiChat.DIALECT.answer(this);
    }
}
