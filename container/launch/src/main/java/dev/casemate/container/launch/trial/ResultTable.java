package dev.casemate.container.launch.trial;

import dev.casemate.container.launch.trial.Finding.Outcome;
import dev.casemate.manifest.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What one trial found, beside what was expected of it.
///
/// @param without the controls that were off
/// @param findings one for each attempt that was made
record ResultTable(Set<TrialControl> without, List<Finding> findings, Expectations expectations) {

    ResultTable {
        without = Set.copyOf(without);
        var all = new ArrayList<>(findings);
        var made = new HashSet<String>();
        findings.forEach(finding -> made.add(finding.key()));
        for (var key : expectations.holders().keySet()) {
            if (!made.contains(key)) {
                var parts = key.split(" \\| ", 3);
                all.add(
                        new Finding(
                                parts[0], parts[1], parts[2], Outcome.NOT_TRIED, "no word of it"));
            }
        }
        findings = List.copyOf(all);
    }

    boolean asExpected() {
        return surprises().isEmpty();
    }

    /// What was not as expected, a line each.
    List<String> surprises() {
        return findings.stream()
                .filter(finding -> !expectations.met(finding, without))
                .map(finding ->
                        "not as expected without %s: %s: %s, %s"
                                .formatted(
                                        without,
                                        finding.key(),
                                        finding.outcome().text(),
                                        finding.seen()))
                .toList();
    }

    /// What this machine held although no control was left that does, a line each.
    List<String> heldByMachine() {
        return findings.stream()
                .filter(finding -> expectations.heldByMachine(finding, without))
                .map(finding ->
                        "held by this machine itself without %s: %s, %s"
                                .formatted(without, finding.key(), finding.seen()))
                .toList();
    }

    /// Whether an attempt came about that this setting leaves open: without one, it proves nothing.
    boolean letsThrough() {
        return attempts().stream()
                .anyMatch(finding ->
                        finding.outcome() == Outcome.CAME_ABOUT
                                && expectations.met(finding, without));
    }

    /// Whether some attempts were not made, or nothing that is allowed was reached, and nothing
    /// else is amiss: the launch says too little, not something bad.
    boolean cutShort() {
        var amiss =
                findings.stream().filter(finding -> !expectations.met(finding, without)).toList();
        return !amiss.isEmpty()
                && amiss.stream()
                        .allMatch(finding ->
                                finding.outcome() == Outcome.NOT_TRIED
                                        || finding.area().equals(Expectations.ALLOWED));
    }

    String text() {
        var text = new StringBuilder();
        text.append(
                "%-7s %-12s %-46s %-11s %s%n"
                        .formatted("how", "area", "attempt", "expected", "seen"));
        for (var finding : findings) {
            text.append(
                    "%s%-6s %-12s %-46s %-11s %s: %s%s%n"
                            .formatted(
                                    expectations.met(finding, without) ? " " : "!",
                                    finding.how(),
                                    finding.area(),
                                    finding.attempt(),
                                    expectations.expected(finding, without).text(),
                                    finding.outcome().text(),
                                    finding.seen(),
                                    still(finding)));
        }
        return text.append(summary()).append('\n').toString();
    }

    /// With a control off: what holds the attempt all the same.
    private String still(Finding finding) {
        if (expectations.heldByMachine(finding, without)) {
            return " (held by this machine itself)";
        }
        var holding = expectations.holding(finding, without);
        return without.isEmpty() || holding.isEmpty() || finding.outcome() != Outcome.HELD
                ? ""
                : " (held by " + holding + ")";
    }

    private String summary() {
        return "%d attempts: %d came about, %d held, %d not in this kernel; allowed: %d of %d; %s"
                .formatted(
                        attempts().size(),
                        count(Outcome.CAME_ABOUT),
                        count(Outcome.HELD),
                        count(Outcome.ABSENT),
                        allowed(true),
                        allowed(false),
                        asExpected()
                                ? "all as expected"
                                : surprises().size() + " not as expected, marked with !");
    }

    private List<Finding> attempts() {
        return findings.stream()
                .filter(finding -> !finding.area().equals(Expectations.ALLOWED))
                .toList();
    }

    private long count(Outcome outcome) {
        return attempts().stream().filter(finding -> finding.outcome() == outcome).count();
    }

    private long allowed(boolean reached) {
        return findings.stream()
                .filter(finding -> finding.area().equals(Expectations.ALLOWED))
                .filter(finding -> !reached || finding.outcome() == Outcome.CAME_ABOUT)
                .count();
    }

    String json() {
        return Json.object()
                        .put(
                                "without",
                                Json.strings(
                                        without.stream()
                                                .sorted()
                                                .map(TrialControl::option)
                                                .toList()))
                        .put("asExpected", asExpected())
                        .put(
                                "attempts",
                                Json.array(
                                        findings.stream()
                                                .map(finding ->
                                                        finding.toJson(
                                                                expectations
                                                                        .expected(finding, without)
                                                                        .text(),
                                                                expectations.met(finding, without)))
                                                .toList()))
                        .build()
                        .text()
                + "\n";
    }
}
