package dev.casemate.agent.testkit;

import dev.casemate.agent.sdk.ChatMessage;
import dev.casemate.agent.sdk.RunEnd;
import dev.casemate.agent.sdk.RunReport;
import dev.casemate.agent.sdk.ToolOutcome;
import java.util.ArrayList;
import java.util.List;

/// What a test expects of a run. Every failure is an [AssertionError] that lists the run's calls.
public final class RunAssert {

    private final RunReport report;

    private RunAssert(RunReport report) {
        this.report = report;
    }

    public static RunAssert assertThatRun(RunReport report) {
        return new RunAssert(report);
    }

    /// The tool ran at least once and answered.
    public RunAssert called(String tool) {
        return require(
                report.calls().stream().anyMatch(call -> call.tool().equals(tool) && ran(call)),
                "expected a call of " + tool + " that ran");
    }

    /// The tool did not run, whether or not the model asked for it.
    public RunAssert neverCalled(String tool) {
        return require(
                report.calls().stream().noneMatch(call -> call.tool().equals(tool) && ran(call)),
                "expected that " + tool + " never ran");
    }

    /// The tools that ran, in order.
    public RunAssert calledInOrder(String... tools) {
        var actual =
                report.calls().stream().filter(RunAssert::ran).map(RunReport.Call::tool).toList();
        return require(actual.equals(List.of(tools)), "expected the calls " + List.of(tools));
    }

    /// The model asked for the tool, and it was refused each time.
    public RunAssert refused(String tool) {
        var calls = report.calls().stream().filter(call -> call.tool().equals(tool)).toList();
        return require(
                !calls.isEmpty()
                        && calls.stream()
                                .allMatch(call -> call.outcome() instanceof ToolOutcome.Refused),
                "expected that each call of " + tool + " was refused");
    }

    /// Nothing ran that the manifest does not list.
    public RunAssert noCallOutsideManifest() {
        return require(
                report.calls().stream()
                        .filter(RunAssert::ran)
                        .allMatch(call -> report.manifest().tool(call.tool()).isPresent()),
                "expected that only tools of the manifest ran");
    }

    /// Nothing ran at all.
    public RunAssert nothingRan() {
        return require(
                report.calls().stream().noneMatch(RunAssert::ran), "expected no call to run");
    }

    /// Each call that the model asked for was answered to it, once and in order.
    public RunAssert everyCallAnswered() {
        var asked = new ArrayList<String>();
        var answered = new ArrayList<String>();
        for (var message : report.conversation()) {
            switch (message) {
                case ChatMessage.Reply(_, var calls) -> calls.forEach(it -> asked.add(it.id()));
                case ChatMessage.ToolAnswer(var id, _, _) -> answered.add(id);
                case ChatMessage.Instruction _, ChatMessage.Task _ -> {}
            }
        }
        return require(
                asked.equals(answered) && asked.size() == report.calls().size(),
                "expected an answer and a record for each call");
    }

    public RunAssert endedWith(Class<? extends RunEnd> end) {
        return require(end.isInstance(report.end()), "expected the end " + end.getSimpleName());
    }

    /// The run ended with an answer that has this text in it.
    public RunAssert answeredWith(String part) {
        return require(
                report.answer().filter(answer -> answer.contains(part)).isPresent(),
                "expected an answer with: " + part);
    }

    private static boolean ran(RunReport.Call call) {
        return switch (call.outcome()) {
            case ToolOutcome.Answered _, ToolOutcome.Failed _ -> true;
            // Answered from memory.
            case ToolOutcome.Repeated _ -> false;
            // A guard refuses from inside a tool.
            case ToolOutcome.Refused(var reason, _) -> reason == ToolOutcome.Refusal.GUARD;
        };
    }

    private RunAssert require(boolean holds, String expectation) {
        if (!holds) {
            var calls = new StringBuilder();
            for (var call : report.calls()) {
                calls.append("\n  ").append(call.tool()).append(" -> ").append(call.outcome());
            }
            throw new AssertionError(
                    expectation + "; the run ended with " + report.end() + " after" + calls);
        }
        return this;
    }
}
