package dev.casemate.agent.sdk;

import dev.casemate.agent.sdk.Approver.Decision;
import dev.casemate.manifest.Correlation;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.ToolSpec;
import java.time.Duration;
import java.util.Optional;

/// Asks whether a call may run. Whatever is not a yes in time is a no.
final class Approvals {

    private static final String NOBODY = "nobody";

    /// What was decided.
    ///
    /// @param cut why the run is over as well; empty if it goes on
    record Answer(Decision decision, Optional<RunEnd> cut) {}

    private final Approver approver;
    private final Correlation correlation;
    private final RunDeadline deadline;
    private final TimedWork timed;

    Approvals(AgentLoop loop, RunDeadline deadline, TimedWork timed) {
        approver = loop.approver();
        correlation = loop.correlation();
        this.deadline = deadline;
        this.timed = timed;
    }

    /// If the calling thread is interrupted meanwhile, it stays interrupted.
    ///
    /// @param time how long the tool's approval may take
    Answer ask(ToolSpec tool, Json arguments, Duration time) {
        var left = deadline.left();
        var question =
                new Approver.Question(
                        correlation,
                        tool.name(),
                        arguments,
                        left.compareTo(time) < 0 ? left : time);
        var ending =
                timed.within(time, "approval of " + tool.name(), () -> approver.decide(question));
        return switch (ending) {
            case TimedWork.Ending.Returned<Decision>(var decision) ->
                    new Answer(decision, Optional.empty());
            case TimedWork.Ending.Threw<Decision> _ ->
                    new Answer(denied("nobody could be asked"), Optional.empty());
            case TimedWork.Ending.LeftBehind<Decision>(var cause) ->
                    new Answer(denied(reason(cause)), cause.end());
        };
    }

    private static String reason(TimedWork.Cause cause) {
        return switch (cause) {
            case TIMEOUT, DEADLINE -> "nobody decided in time";
            case CANCELLED -> "the run was cancelled";
        };
    }

    private static Decision denied(String reason) {
        return new Decision.Denied(NOBODY, reason);
    }
}
