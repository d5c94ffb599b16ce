package dev.casemate.agent.sdk;

import dev.casemate.manifest.Json;
import dev.casemate.manifest.ToolSpec;
import java.util.Locale;
import java.util.Optional;

/// One tool call that was admitted, run within the tool's own time and the run's.
final class ToolExecution {

    private static final String EFFECT_UNKNOWN = " Whether it had an effect is not known.";

    /// What became of it.
    ///
    /// @param cut why the run is over as well; empty if it goes on
    record Ended(ToolOutcome outcome, Optional<RunEnd> cut) {}

    private final ToolSet tools;
    private final TimedWork timed;

    ToolExecution(ToolSet tools, TimedWork timed) {
        this.tools = tools;
        this.timed = timed;
    }

    /// If the calling thread is interrupted meanwhile, it stays interrupted.
    Ended of(ToolSpec tool, Json arguments, IdempotencyKey key) {
        var time = tool.handling().timeout();
        var ending =
                timed.within(
                        time, "tool " + tool.name(), () -> tools.call(tool.name(), arguments, key));
        return switch (ending) {
            case TimedWork.Ending.Returned<ToolOutcome>(var outcome) ->
                    new Ended(outcome, Optional.empty());
            case TimedWork.Ending.Threw<ToolOutcome>(var thrown) ->
                    new Ended(
                            new ToolOutcome.Failed(
                                    thrown.getClass().getName(),
                                    "The tool failed. Do not call it again." + EFFECT_UNKNOWN),
                            Optional.empty());
            case TimedWork.Ending.LeftBehind<ToolOutcome>(var cause) ->
                    new Ended(leftBehind(cause), cause.end());
        };
    }

    private static ToolOutcome leftBehind(TimedWork.Cause cause) {
        var text =
                switch (cause) {
                    case TIMEOUT -> "The tool did not end within the time that it has.";
                    case DEADLINE -> "The tool did not end before the run's deadline.";
                    case CANCELLED -> "The run was cancelled while the tool ran.";
                };
        return new ToolOutcome.Failed(cause.name().toLowerCase(Locale.ROOT), text + EFFECT_UNKNOWN);
    }
}
