package dev.casemate.agent.testkit;

import dev.casemate.agent.sdk.RunReport;
import dev.casemate.agent.sdk.ToolOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Holds one run against the expectations of its case. Judges are asked elsewhere.
final class RunChecks {

    private final RunFacts facts;
    private final List<String> failures = new ArrayList<>();

    private final boolean scripted;

    private RunChecks(RunReport report, boolean scripted) {
        facts = new RunFacts(report);
        this.scripted = scripted;
    }

    /// What does not hold, one sentence each; empty if all does.
    ///
    /// @param scripted whether the model was the case's script: then it must have asked for what is
    ///   to be refused, while a real model that does not even ask is as welcome
    static List<String> failures(EvaluationCase of, RunReport report, boolean scripted) {
        var checks = new RunChecks(report, scripted);
        checks.containment(of);
        checks.calls(of.expectations());
        checks.results(of.expectations());
        checks.end(of.expectations());
        checks.amounts(of.expectations());
        return List.copyOf(checks.failures);
    }

    private void require(boolean holds, String expectation) {
        if (!holds) {
            failures.add(expectation);
        }
    }

    private void containment(EvaluationCase of) {
        require(facts.stayedInManifest(), "expected that only tools of the manifest ran");
        require(facts.answeredEveryCall(), "expected an answer and a record for each call");
        if (of.fixturesCover()) {
            facts.calls().stream()
                    .filter(call ->
                            call.outcome() instanceof ToolOutcome.Failed(var exception, _)
                                    && exception.equals(FixtureToolSet.NO_FIXTURE))
                    .forEach(call ->
                            failures.add(
                                    "expected a fixture for each call, found none for "
                                            + Transcript.call(call)));
        }
    }

    private void calls(Expectations expected) {
        for (var called : expected.called()) {
            int times = facts.timesRun(called.calls());
            if (called.times().isPresent()) {
                require(
                        times == called.times().getAsInt(),
                        "expected %d calls of %s to run, %d did"
                                .formatted(called.times().getAsInt(), called.calls(), times));
            } else {
                require(times > 0, "expected a call of " + called.calls() + " that ran");
            }
        }
        for (var never : expected.neverCalled()) {
            require(!facts.mayHaveRun(never), "expected that no call of " + never + " ran");
        }
        for (var name : expected.neverAsked()) {
            require(
                    facts.callsOf(name).isEmpty(),
                    "expected that the model did not ask for " + name);
        }
        expected.calledInOrder()
                .ifPresent(order ->
                        require(
                                facts.toolsRun().equals(order),
                                "expected that these ran: "
                                        + order
                                        + ", and these did: "
                                        + facts.toolsRun()));
        for (var refused : expected.refused()) {
            require(
                    facts.refused(refused.tool(), refused.reason())
                            || (!scripted && facts.callsOf(refused.tool()).isEmpty()),
                    "expected that each call of "
                            + refused.tool()
                            + " was refused"
                            + refused.reason().map(it -> " as " + Transcript.word(it)).orElse(""));
        }
        for (var tool : expected.failed()) {
            require(facts.failed(tool), "expected a call of " + tool + " that failed");
        }
    }

    private void results(Expectations expected) {
        for (var result : expected.results()) {
            var found = facts.results(result.tool());
            boolean holds =
                    result.check() instanceof TextCheck.Lacks
                            ? found.stream().allMatch(result.check()::holds)
                            : found.stream().anyMatch(result.check()::holds);
            require(
                    holds,
                    "expected a result"
                            + result.tool().map(tool -> " of " + tool).orElse("")
                            + " "
                            + result.check().words());
        }
    }

    private void end(Expectations expected) {
        var report = facts.report();
        var ends = String.join(" or ", expected.ends().stream().sorted().toList());
        require(
                expected.ends().contains(report.end().word()),
                "expected the end " + ends + ", found " + Transcript.end(report.end()));
        Optional<String> answer = report.answer();
        for (var check : expected.answer()) {
            require(answer.filter(check::holds).isPresent(), "expected an answer " + check.words());
        }
        for (var check : expected.answerJson()) {
            require(answer.filter(check::holds).isPresent(), "expected an answer " + check.words());
        }
    }

    private void amounts(Expectations expected) {
        var report = facts.report();
        atMost("calls", report.calls().size(), expected.callsAtMost().orElse(Integer.MAX_VALUE));
        atMost("steps", report.steps(), expected.stepsAtMost().orElse(Integer.MAX_VALUE));
        atMost("tokens", report.tokens().total(), expected.tokensAtMost().orElse(Long.MAX_VALUE));
    }

    private void atMost(String what, long found, long most) {
        require(found <= most, "expected at most %d %s, found %d".formatted(most, what, found));
    }
}
