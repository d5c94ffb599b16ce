package dev.casemate.agent.sdk;

import java.util.List;
import java.util.Optional;

/// One entry of the conversation, as it is sent to the model.
public sealed interface ChatMessage {

    /// What the model is told it is.
    record Instruction(String text) implements ChatMessage {}

    /// What is asked of the agent.
    record Task(String text) implements ChatMessage {}

    /// What the model said.
    ///
    /// @param text empty where it only called tools
    record Reply(Optional<String> text, List<ToolCall> calls) implements ChatMessage {
        public Reply {
            calls = List.copyOf(calls);
        }
    }

    /// What became of one call.
    ///
    /// @param callId the [ToolCall#id] that it answers
    /// @param tool whose answer it is, as the model named it: where the text came from
    record ToolAnswer(String callId, String tool, String text) implements ChatMessage {}
}
