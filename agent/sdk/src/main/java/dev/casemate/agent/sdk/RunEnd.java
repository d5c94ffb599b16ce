package dev.casemate.agent.sdk;

import java.util.Set;

/// How a run ended. Every run ends in exactly one of these ways.
public sealed interface RunEnd {

    /// The word for it in events, for example `step_limit`.
    default String word() {
        return switch (this) {
            case Answered _ -> "answered";
            case StepLimit _ -> "step_limit";
            case ToolCallLimit _ -> "tool_call_limit";
            case TokenLimit _ -> "token_limit";
            case DeadlineReached _ -> "deadline_reached";
            case RepeatedCall _ -> "repeated_call";
            case ContextOverflow _ -> "context_overflow";
            case ModelRefused _ -> "model_refused";
            case ModelFailed _ -> "model_failed";
            case Cancelled _ -> "cancelled";
        };
    }

    /// The model gave its final answer.
    record Answered(String text) implements RunEnd {}

    /// The model would have had to be asked once more than the manifest allows.
    record StepLimit() implements RunEnd {}

    /// The model asked for one tool call more than the manifest allows.
    record ToolCallLimit() implements RunEnd {}

    /// The last answer took more tokens than were left. It is not acted on.
    record TokenLimit() implements RunEnd {}

    record DeadlineReached() implements RunEnd {}

    /// The model asked for the same call, with the same arguments, once more in a row than allowed.
    record RepeatedCall() implements RunEnd {}

    /// The conversation no longer fits into the model's context.
    record ContextOverflow(String message) implements RunEnd {

        /// How providers say it in the `code` of an error. Who says it in the message alone is not
        /// understood, and the run ends as refused.
        private static final Set<String> CODES =
                Set.of(
                        // OpenAI, Azure OpenAI, and most that speak their format
                        "context_length_exceeded",
                        // OpenAI, for one message
                        "string_above_max_length",
                        // GitHub Models
                        "tokens_limit_reached",
                        // GitHub Copilot
                        "model_max_prompt_tokens_exceeded",
                        "max_prompt_tokens_exceeded",
                        // Anthropic
                        "request_too_large",
                        "model_context_window_exceeded",
                        // llama.cpp
                        "exceed_context_size_error");

        /// Whether a refusal with this code says so.
        static boolean isMeantBy(String code) {
            return CODES.contains(code);
        }
    }

    /// The proxy or the provider refused the prompt or the answer.
    ///
    /// @param status HTTP status
    /// @param code for example `policy_blocked` or `budget_exceeded`
    record ModelRefused(int status, String code, String message) implements RunEnd {}

    /// There was no answer.
    record ModelFailed(ChatReply.Failure failure, String message) implements RunEnd {}

    /// The thread of the run was interrupted.
    record Cancelled() implements RunEnd {}
}
