package dev.casemate.agent.testkit;

import dev.casemate.agent.sdk.RunEnd;
import dev.casemate.agent.sdk.RunReport;
import dev.casemate.agent.sdk.ToolOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A run as a reader wants it: the task, each call with what became of it, and the end.
final class Transcript {

    private static final int TEXT_CHARS = 300;
    private static final int NAME_CHARS = 40;
    private static final int ARGUMENT_CHARS = 160;

    /// Of a run with more calls the first and the last are shown.
    private static final int MAX_CALLS = 40;

    private Transcript() {}

    static String of(RunReport report) {
        var facts = new RunFacts(report);
        var lines = new ArrayList<String>();
        lines.add(
                "Run "
                        + report.correlation().run()
                        + " of "
                        + report.manifest().name()
                        + " "
                        + report.manifest().version());
        lines.add("  task   " + Shown.line(facts.task(), TEXT_CHARS));
        lines.addAll(calls(report.calls()));
        lines.add("  end    " + end(report.end()));
        lines.add(
                "  took   %d answers of the model, %d + %d tokens"
                        .formatted(
                                report.steps(), report.tokens().input(), report.tokens().output()));
        return String.join("\n", lines);
    }

    private static List<String> calls(List<RunReport.Call> calls) {
        var lines = new ArrayList<String>();
        for (int i = 0; i < calls.size(); i++) {
            if (i == MAX_CALLS / 2 && calls.size() > MAX_CALLS) {
                int left = calls.size() - MAX_CALLS;
                lines.add("  ...    " + left + " more calls");
                i += left - 1;
            } else {
                lines.add("  call %-2d %s".formatted(i + 1, call(calls.get(i))));
            }
        }
        return lines.isEmpty() ? List.of("  calls  none") : lines;
    }

    static String call(RunReport.Call call) {
        return Shown.line(call.tool(), NAME_CHARS)
                + " "
                + Shown.line(call.call().arguments(), ARGUMENT_CHARS)
                + " -> "
                + outcome(call.outcome());
    }

    private static String outcome(ToolOutcome outcome) {
        return switch (outcome) {
            case ToolOutcome.Answered(var text) -> "answered: " + Shown.line(text, ARGUMENT_CHARS);
            case ToolOutcome.Repeated(var text) ->
                    "repeated, not run again: " + Shown.line(text, ARGUMENT_CHARS);
            case ToolOutcome.Refused(var reason, var text) ->
                    "refused, " + word(reason) + ": " + Shown.line(text, ARGUMENT_CHARS);
            case ToolOutcome.Failed(var exception, _) ->
                    "failed: " + Shown.line(exception, ARGUMENT_CHARS);
        };
    }

    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    static String end(RunEnd end) {
        return switch (end) {
            case RunEnd.Answered(var text) -> "answered: " + Shown.line(text, TEXT_CHARS);
            case RunEnd.ModelRefused refused ->
                    "model_refused: %d %s, %s"
                            .formatted(
                                    refused.status(),
                                    Shown.line(refused.code(), NAME_CHARS),
                                    Shown.line(refused.message(), TEXT_CHARS));
            case RunEnd.ModelFailed failed ->
                    "model_failed: "
                            + failed.failure().word()
                            + ", "
                            + Shown.line(failed.message(), TEXT_CHARS);
            case RunEnd.ContextOverflow overflow ->
                    "context_overflow: " + Shown.line(overflow.message(), TEXT_CHARS);
            case RunEnd.StepLimit _,
                    RunEnd.ToolCallLimit _,
                    RunEnd.TokenLimit _,
                    RunEnd.DeadlineReached _,
                    RunEnd.RepeatedCall _,
                    RunEnd.Cancelled _ ->
                    end.word();
        };
    }
}
