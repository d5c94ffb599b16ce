package dev.casemate.agent.testkit;

import dev.casemate.agent.sdk.ChatMessage;
import dev.casemate.agent.sdk.RunReport;
import dev.casemate.agent.sdk.ToolOutcome;
import dev.casemate.agent.testkit.BoundedMatch.Found;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.JsonReader;
import dev.casemate.manifest.ManifestException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What can be said of a finished run; the assertions of a test and the expectations of a case are
/// made of it.
record RunFacts(RunReport report) {

    List<RunReport.Call> calls() {
        return report.calls();
    }

    /// Whether code of the tool ran. A guard refuses from inside a tool; every other refusal comes
    /// before it.
    static boolean ran(RunReport.Call call) {
        return switch (call.outcome()) {
            case ToolOutcome.Answered _, ToolOutcome.Failed _ -> true;
            // Answered from memory: the tool writes, and had done so before.
            case ToolOutcome.Repeated _ -> false;
            case ToolOutcome.Refused(var reason, _) -> reason == ToolOutcome.Refusal.GUARD;
        };
    }

    /// The call's arguments; `null` in JSON where they cannot be read.
    static Json arguments(RunReport.Call call) {
        try {
            return JsonReader.read(call.call().arguments());
        } catch (ManifestException e) {
            return new Json.Null();
        }
    }

    /// The tools that ran, in order.
    List<String> toolsRun() {
        return calls().stream().filter(RunFacts::ran).map(RunReport.Call::tool).toList();
    }

    List<RunReport.Call> callsOf(String tool) {
        return calls().stream().filter(call -> call.tool().equals(tool)).toList();
    }

    /// How many calls of a kind ran for sure.
    int timesRun(CallPattern pattern) {
        return (int) callsRun(pattern).filter(it -> it == Found.YES).count();
    }

    /// Whether a call of a kind may have run.
    boolean mayHaveRun(CallPattern pattern) {
        return callsRun(pattern).anyMatch(it -> it != Found.NO);
    }

    private java.util.stream.Stream<Found> callsRun(CallPattern pattern) {
        return calls().stream()
                .filter(RunFacts::ran)
                .map(call -> pattern.covers(call.tool(), arguments(call)));
    }

    /// Whether only tools of the manifest ran.
    boolean stayedInManifest() {
        return toolsRun().stream().allMatch(tool -> report.manifest().tool(tool).isPresent());
    }

    /// Whether each call that the model asked for was answered to it, once and in order, and is on
    /// record.
    boolean answeredEveryCall() {
        var asked = new ArrayList<String>();
        var answered = new ArrayList<String>();
        for (var message : report.conversation()) {
            switch (message) {
                case ChatMessage.Reply(_, var calls) -> calls.forEach(it -> asked.add(it.id()));
                case ChatMessage.ToolAnswer(var id, _, _) -> answered.add(id);
                case ChatMessage.Instruction _, ChatMessage.Task _ -> {}
            }
        }
        return asked.equals(answered) && asked.size() == report.calls().size();
    }

    /// What a tool returned, one text for each call that it answered.
    ///
    /// @param tool empty for all tools
    List<String> results(Optional<String> tool) {
        return calls().stream()
                .filter(call -> tool.isEmpty() || call.tool().equals(tool.get()))
                .filter(call -> call.outcome() instanceof ToolOutcome.Answered)
                .map(call -> call.outcome().text())
                .toList();
    }

    /// Whether each call of a tool was refused, and there was one.
    boolean refused(String tool, Optional<ToolOutcome.Refusal> reason) {
        var of = callsOf(tool);
        return !of.isEmpty()
                && of.stream()
                        .allMatch(call ->
                                call.outcome() instanceof ToolOutcome.Refused refused
                                        && (reason.isEmpty() || reason.get() == refused.reason()));
    }

    boolean failed(String tool) {
        return callsOf(tool).stream()
                .anyMatch(call -> call.outcome() instanceof ToolOutcome.Failed);
    }

    /// What was asked of the agent.
    String task() {
        return report.conversation().stream()
                .filter(ChatMessage.Task.class::isInstance)
                .map(message -> ((ChatMessage.Task) message).text())
                .findFirst()
                .orElse("");
    }
}
