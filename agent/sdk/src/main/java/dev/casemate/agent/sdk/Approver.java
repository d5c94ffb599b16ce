package dev.casemate.agent.sdk;

import dev.casemate.manifest.Correlation;
import dev.casemate.manifest.Json;
import java.time.Duration;

/// Asks a human whether a call of a tool with [RequiresApproval] may run.
///
/// No answer in time, an exception, or an interrupted run each mean no.
@FunctionalInterface
public interface Approver {

    /// Where nobody can be asked: every call is denied.
    Approver NOBODY = _ -> new Decision.Denied("nobody", "there is nobody to ask");

    /// Waits for the decision; interrupted when the time is over, and what it still answers then is
    /// not used. Of one run, one question is asked at a time, each on a thread of its own.
    ///
    /// @throws InterruptedException when it was
    Decision decide(Question question) throws InterruptedException;

    /// A call that waits for its decision. Its arguments hold the tool's schema.
    ///
    /// @param time how long there is to decide
    record Question(Correlation correlation, String tool, Json arguments, Duration time) {}

    /// What was decided, and by whom.
    sealed interface Decision {

        /// How much of a reason the model is told.
        int MAX_REASON_CHARS = 500;

        /// Who decided, as the caller of the loop names people; not blank.
        String by();

        record Allowed(String by) implements Decision {
            public Allowed {
                requireNamed(by);
            }
        }

        /// @param reason told to the model
        record Denied(String by, String reason) implements Decision {
            public Denied {
                requireNamed(by);
                reason = TextLimit.cut(reason, MAX_REASON_CHARS);
            }
        }

        private static void requireNamed(String by) {
            if (by.isBlank()) {
                throw new IllegalArgumentException("expected a decision to say who made it");
            }
        }
    }
}
