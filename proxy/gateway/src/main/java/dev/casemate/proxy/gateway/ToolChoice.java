package dev.casemate.proxy.gateway;

/// Whether the model has to call a tool.
sealed interface ToolChoice {

    /// What holds for any of the offered tools.
    enum Any implements ToolChoice {
        /// The agent said nothing of it.
        UNSAID,
        AUTO,
        NONE,
        REQUIRED
    }

    /// This one tool and no other.
    record Named(String name) implements ToolChoice {}
}
