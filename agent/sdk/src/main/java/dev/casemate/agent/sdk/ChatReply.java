package dev.casemate.agent.sdk;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What came back for one prompt.
public sealed interface ChatReply {

    /// The model answered.
    ///
    /// @param text empty where it only called tools
    /// @param calls in the order in which they must be answered
    /// @param usage empty if the other side did not say
    record Answer(Optional<String> text, List<ToolCall> calls, Optional<TokenCount> usage)
            implements ChatReply {
        public Answer {
            calls = List.copyOf(calls);
            if (text.isEmpty() && calls.isEmpty()) {
                throw new IllegalArgumentException("expected a text or a tool call");
            }
        }
    }

    /// The proxy or the model's provider said no.
    ///
    /// @param status HTTP status, 400 to 499; 500 to 599 where the code says that the proxy refuses
    ///   for good (`ledger_unavailable`); 200 for the provider's content filter. Where a stream
    ///   ended with the error, the status that its type stands for
    /// @param code the error's code, for example `policy_blocked`; `unknown` if none was given
    /// @param message at most [#MAX_MESSAGE_CHARS] characters
    /// @param retryAfter when to ask again, where the other side said so
    record Refused(int status, String code, String message, Optional<Duration> retryAfter)
            implements ChatReply {}

    /// There is no answer.
    record Failed(Failure failure, String message) implements ChatReply {}

    /// How much of a foreign error message is kept.
    int MAX_MESSAGE_CHARS = 500;

    /// Why there is no answer.
    enum Failure {
        /// No connection.
        UNREACHABLE,
        /// The other side's certificate is not from the authority of the deployment.
        UNTRUSTED,
        /// No whole answer in time, or no byte of it for too long.
        TIMED_OUT,
        /// An answer over the limit.
        TOO_LARGE,
        /// The connection broke, or a stream stopped before its end mark.
        BROKEN,
        /// A redirect; none is followed.
        REDIRECTED,
        /// Not JSON, or not what chat completions answer.
        MALFORMED,
        /// The model stopped at its own output limit before it had finished.
        CUT_OFF,
        /// HTTP status 500 to 599, or an error of that kind at the end of a stream.
        SERVER_ERROR,
        /// The client failed by itself; a defect.
        INTERNAL;

        /// The word for it in events.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
