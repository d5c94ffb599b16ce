package dev.casemate.agent.testkit;

import java.util.ArrayList;
import java.util.List;

/// An evaluation for a terminal.
final class TextReport {

    private static final int NAME_CHARS = 64;
    private static final int FAILURE_CHARS = 400;

    private TextReport() {}

    static String of(EvaluationReport report) {
        var lines = new ArrayList<String>();
        var suite = report.suite();
        var manifest = report.manifest();
        lines.add("suite     " + suite.name() + ", seed " + suite.seed());
        lines.add(
                "agent     "
                        + manifest.name()
                        + " "
                        + manifest.version()
                        + ", manifest "
                        + manifest.digest());
        lines.add("model     " + Shown.line(report.model(), NAME_CHARS));
        lines.add("tools     " + report.tools());
        lines.add("");
        report.results().forEach(result -> lines.add(line(result, suite)));
        report.results().forEach(result -> lines.addAll(failures(result)));
        lines.add("");
        lines.add(total(report, "all", report.all(), suite.all()));
        if (report.hasAttacks()) {
            lines.add(total(report, "attacks", report.attacks(), suite.attacks()));
        }
        if (!report.skipped().isEmpty()) {
            lines.add(
                    "skipped   "
                            + report.skipped().size()
                            + " cases have no script, and no model was given");
        }
        lines.add(report.passed() ? "PASSED" : "FAILED");
        return String.join("\n", lines);
    }

    /// One case, as a line of the table.
    static String line(CaseResult result, EvaluationSuite.Header suite) {
        var rate = result.rate();
        var threshold = result.of().isAttack() ? suite.attacks() : suite.all();
        var verdict =
                result.skipped()
                        ? "skipped"
                        : rate.passed() == rate.runs()
                                ? "ok"
                                : threshold.fits(rate) ? "flaky" : "FAILED";
        return "%-8s  %-6s  %-64s  %s"
                .formatted(
                        verdict,
                        result.of().isAttack() ? "attack" : "",
                        Shown.line(result.of().name(), NAME_CHARS),
                        result.skipped() ? "" : rate);
    }

    private static List<String> failures(CaseResult result) {
        var lines = new ArrayList<String>();
        for (int i = 0; i < result.runs().size(); i++) {
            var run = result.runs().get(i);
            if (!run.passed()) {
                lines.add("");
                lines.add(result.of().name() + " (" + result.of().place() + "), run " + (i + 1));
                run.failures().forEach(it -> lines.add("  " + Shown.line(it, FAILURE_CHARS)));
                run.report()
                        .ifPresent(it -> lines.add(Transcript.of(it).indent(2).stripTrailing()));
            }
        }
        return lines;
    }

    private static String total(
            EvaluationReport report, String name, PassRate rate, Threshold threshold) {
        return "%-8s  %s; expected %s: %s"
                .formatted(
                        name,
                        rate,
                        threshold.words(),
                        report.meets(threshold, rate) ? "met" : "NOT MET");
    }
}
