package dev.casemate.proxy.gateway;

import java.util.List;

/// One turn of a conversation, whatever wire format it came in. Texts are in their order, each a
/// part of its own as the agent cut them.
sealed interface Turn {

    /// What the agent's author says; a system prompt.
    record Instructions(List<String> texts) implements Turn {
        public Instructions {
            texts = List.copyOf(texts);
        }
    }

    /// What comes from outside.
    record User(List<String> texts) implements Turn {
        public User {
            texts = List.copyOf(texts);
        }
    }

    /// What the model said before, and the tools that it called.
    record Assistant(List<String> texts, List<ModelAnswer.ToolCall> calls) implements Turn {
        public Assistant {
            texts = List.copyOf(texts);
            calls = List.copyOf(calls);
        }
    }

    /// What a tool returned.
    ///
    /// @param callId of the call that it answers
    /// @param failed whether the agent marked it as an error
    record ToolResult(String callId, List<String> texts, boolean failed) implements Turn {
        public ToolResult {
            texts = List.copyOf(texts);
        }
    }
}
