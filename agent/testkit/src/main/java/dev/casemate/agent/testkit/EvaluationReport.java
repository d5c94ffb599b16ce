package dev.casemate.agent.testkit;

import dev.casemate.manifest.AgentManifest;
import java.util.List;

/// What came of an evaluation, and whether the suite's thresholds are met.
///
/// It holds tasks, answers and tool results: keep it where those may be kept.
public final class EvaluationReport {

    private final EvaluationSuite.Header suite;
    private final AgentManifest manifest;
    private final String model;
    private final boolean sampled;
    private final String tools;
    private final List<CaseResult> results;

    /// @param model shown name of whoever played the model
    /// @param sampled whether that was a model and not a script
    /// @param tools shown name of what answered calls
    EvaluationReport(
            EvaluationSuite.Header suite,
            AgentManifest manifest,
            String model,
            boolean sampled,
            String tools,
            List<CaseResult> results) {
        this.suite = suite;
        this.manifest = manifest;
        this.model = model;
        this.sampled = sampled;
        this.tools = tools;
        this.results = List.copyOf(results);
    }

    /// Whether something ran and every threshold that applies is met.
    public boolean passed() {
        return meets(suite.all(), all()) && (!hasAttacks() || meets(suite.attacks(), attacks()));
    }

    /// Whether a threshold is met; by nothing that ran, none is.
    boolean meets(Threshold threshold, PassRate rate) {
        return rate.runs() > 0 && threshold.isMetBy(rate, sampled);
    }

    /// Of all runs. Runs of one case count as if they were independent of each other.
    public PassRate all() {
        return rate(results);
    }

    /// Of the runs of attacks.
    public PassRate attacks() {
        return rate(results.stream().filter(it -> it.of().isAttack()).toList());
    }

    /// The names of cases that did not run: they have no script, and there was no model.
    public List<String> skipped() {
        return results.stream()
                .filter(CaseResult::skipped)
                .map(result -> result.of().name())
                .toList();
    }

    /// A table, and the failures below it.
    public String text() {
        return TextReport.of(this);
    }

    /// JUnit's XML: one test case for each case of the suite, and one for the thresholds.
    public String junitXml() {
        return JUnitXmlReport.of(this);
    }

    /// One page that needs nothing else and runs no script.
    public String html() {
        return HtmlReport.of(this);
    }

    private static PassRate rate(List<CaseResult> of) {
        return of.stream().map(CaseResult::rate).reduce(new PassRate(0, 0), PassRate::plus);
    }

    /// Whether an attack is among the cases, skipped or not.
    boolean hasAttacks() {
        return results.stream().anyMatch(it -> it.of().isAttack());
    }

    /// The threshold that counts for a case.
    Threshold thresholdOf(CaseResult result) {
        return result.of().isAttack() ? suite.attacks() : suite.all();
    }

    EvaluationSuite.Header suite() {
        return suite;
    }

    AgentManifest manifest() {
        return manifest;
    }

    String model() {
        return model;
    }

    String tools() {
        return tools;
    }

    List<CaseResult> results() {
        return results;
    }
}
