package dev.casemate.agent.sdk;

import dev.casemate.manifest.ToolSpec;
import java.time.Duration;
import java.util.List;

/// One prompt.
///
/// @param model one of the manifest's models
/// @param messages the whole conversation so far
/// @param tools all tools of the manifest; none is ever left out or added
/// @param trace of the span that asks; sent along as `traceparent`
/// @param timeout how long the answer may take, from sending to its last byte
public record ChatRequest(
        String model,
        List<ChatMessage> messages,
        List<ToolSpec> tools,
        TraceContext trace,
        Duration timeout) {

    public ChatRequest {
        messages = List.copyOf(messages);
        tools = List.copyOf(tools);
    }
}
