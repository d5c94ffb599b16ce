package dev.casemate.proxy.policy;

import dev.casemate.manifest.Json;
import java.util.ArrayList;
import java.util.List;

/// What the policy says of some passages: the most severe action, and every finding behind it.
public record Verdict(List<Finding> findings) {

    /// A hostile text gains nothing by matching more often than this.
    public static final int MAX_FINDINGS = 64;

    private static final Verdict PASS = new Verdict(List.of());

    /// Keeps the most severe [#MAX_FINDINGS], in their order.
    public Verdict {
        findings = findings.size() <= MAX_FINDINGS ? List.copyOf(findings) : worst(findings);
    }

    private static List<Finding> worst(List<Finding> findings) {
        var kept = new ArrayList<Finding>(MAX_FINDINGS);
        int room = MAX_FINDINGS;
        var floor = Action.PASS;
        for (var action : List.of(Action.BLOCK, Action.WARN, Action.LOG)) {
            long count = findings.stream().filter(f -> f.action() == action).count();
            floor = action;
            if (count >= room) {
                break;
            }
            room -= (int) count;
        }
        for (var finding : findings) {
            if (finding.action().compareTo(floor) > 0) {
                kept.add(finding);
            } else if (finding.action() == floor && room > 0) {
                kept.add(finding);
                room--;
            }
        }
        return List.copyOf(kept);
    }

    public static Verdict pass() {
        return PASS;
    }

    /// The most severe action among the findings; [Action#PASS] without any.
    public Action action() {
        var worst = Action.PASS;
        for (var finding : findings) {
            if (finding.action().compareTo(worst) > 0) {
                worst = finding.action();
            }
        }
        return worst;
    }

    /// This verdict's findings and then the other's.
    public Verdict plus(Verdict other) {
        if (findings.isEmpty()) {
            return other;
        } else if (other.findings.isEmpty()) {
            return this;
        }
        var all = new ArrayList<>(findings);
        all.addAll(other.findings);
        return new Verdict(all);
    }

    /// `{"action","findings":[..]}`.
    public Json.Obj toJson() {
        return Json.object()
                .put("action", action().word())
                .put("findings", Json.array(findings.stream().map(Finding::toJson).toList()))
                .build();
    }
}
