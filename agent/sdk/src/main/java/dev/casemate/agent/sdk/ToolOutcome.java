package dev.casemate.agent.sdk;

/// What became of one tool call. Each case has a text that goes back to the model.
public sealed interface ToolOutcome {

    /// The answer to the model: the result, or what was wrong and what to do.
    String text();

    /// The tool ran.
    ///
    /// @param text the result: text as it is, anything else as JSON
    record Answered(String text) implements ToolOutcome {}

    /// The tool did not run again: it writes, and the same call had been answered in this run
    /// before.
    ///
    /// @param text the result of that time
    record Repeated(String text) implements ToolOutcome {}

    /// The tool did not run.
    record Refused(Refusal reason, String text) implements ToolOutcome {}

    /// The tool ran and threw, or was left behind while it ran.
    ///
    /// @param exception the exception's class; `timeout`, `deadline` or `cancelled` where the loop
    ///   did not wait any longer
    /// @param text says that it failed, without the exception's message: that may hold what the
    ///   model must not read
    record Failed(String exception, String text) implements ToolOutcome {}

    /// Why a call was refused.
    enum Refusal {
        /// No tool of this name was compiled in.
        UNKNOWN_TOOL,
        /// The arguments are not what the tool's schema asks for.
        INVALID_ARGUMENTS,
        /// A limit of the manifest was reached.
        LIMIT_REACHED,
        /// A trusted argument held text that came from another tool's result.
        UNTRUSTED_TEXT,
        /// Nobody allowed it in time.
        NOT_APPROVED,
        /// A guarded part refused what the tool asked of it.
        GUARD
    }
}
