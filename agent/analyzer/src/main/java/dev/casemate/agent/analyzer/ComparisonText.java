package dev.casemate.agent.analyzer;

import dev.casemate.agent.analyzer.Comparison.Jar;
import dev.casemate.manifest.Capability;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/// A comparison for people: which jars are others, what came, what went.
final class ComparisonText {

    /// Of one capability in one jar.
    private static final int MAX_USES = 5;

    private final Comparison comparison;
    private final StringBuilder out = new StringBuilder();

    private ComparisonText(Comparison comparison) {
        this.comparison = comparison;
    }

    static String of(Comparison comparison) {
        var text = new ComparisonText(comparison);
        text.jars();
        text.basis();
        text.came();
        text.went();
        text.uses("New uses of capabilities that the jar had before", ComparisonText::moreUses);
        text.uses("Uses that went", Jar::usesWent);
        text.out.append(
                comparison.found()
                        ? "\nSomething came: review the paths above.\n"
                        : "\nNothing came: no jar has a capability that it did not have.\n");
        return text.out.toString();
    }

    private void jars() {
        out.append("Comparison of capability reports\n\nJars:\n");
        int same = 0;
        for (var jar : comparison.jars()) {
            if (jar.change().equals("same")) {
                same++;
                continue;
            }
            var before = jar.before().map(Origin::name).orElse("");
            var name = jar.name();
            out.append("  ").append(jar.change()).append(": ");
            out.append(before.isEmpty() || before.equals(name) ? name : before + " -> " + name);
            out.append('\n');
        }
        out.append("  the same on both sides: ").append(same).append('\n');
    }

    private void basis() {
        if (comparison.basis().isEmpty()
                && comparison.rootsCame().isEmpty()
                && comparison.rootsWent().isEmpty()) {
            return;
        }
        out.append("\nNot judged alike, so that some of the differences may come from this:\n");
        for (var basis : comparison.basis()) {
            out.append("  ").append(basis.name()).append(": ");
            out.append(basis.before().isEmpty() ? "nothing" : basis.before()).append(" -> ");
            out.append(basis.after().isEmpty() ? "nothing" : basis.after()).append('\n');
        }
        comparison.rootsCame().forEach(root -> line("starts now at: " + root));
        comparison.rootsWent().forEach(root -> line("no longer starts at: " + root));
    }

    private void line(String text) {
        out.append("  ").append(text).append('\n');
    }

    private void came() {
        for (var capability : Capability.values()) {
            for (var jar : comparison.jars()) {
                var witness = jar.came().get(capability);
                if (witness != null) {
                    out.append("\nCame: ").append(capability.word()).append(" in ");
                    out.append(jar.name()).append(", ").append(newness(capability, jar));
                    out.append("\n  it ").append(Meaning.of(capability).does()).append('\n');
                    ReportText.path(out, witness, "    ");
                }
            }
        }
    }

    private String newness(Capability capability, Jar jar) {
        if (comparison.came().contains(capability)) {
            return "which no jar had";
        }
        return jar.before().isEmpty() ? "a new jar" : "which this jar did not have";
    }

    private void went() {
        var gone =
                comparison.jars().stream()
                        .filter(jar -> !jar.went().isEmpty())
                        .map(jar ->
                                "  %s: %s\n"
                                        .formatted(
                                                jar.name(),
                                                jar.went().stream()
                                                        .map(Capability::word)
                                                        .collect(Collectors.joining(", "))))
                        .toList();
        if (!gone.isEmpty()) {
            out.append("\nWent, of each jar:\n");
            gone.forEach(out::append);
        }
    }

    private static List<Use> moreUses(Jar jar) {
        return jar.usesCame().stream()
                .filter(use -> !jar.came().containsKey(use.capability()))
                .toList();
    }

    private void uses(String title, Function<Jar, List<Use>> selected) {
        int count = comparison.jars().stream().mapToInt(jar -> selected.apply(jar).size()).sum();
        if (count == 0) {
            return;
        }
        out.append("\n%s: %d\n".formatted(title, count));
        for (var jar : comparison.jars()) {
            var uses = selected.apply(jar);
            if (!uses.isEmpty()) {
                line(jar.name());
            }
            for (var capability : Capability.values()) {
                uses(uses.stream().filter(use -> use.capability() == capability).toList());
            }
        }
    }

    private void uses(List<Use> ofOneCapability) {
        ofOneCapability.stream()
                .limit(MAX_USES)
                .forEach(use ->
                        out.append(
                                "    %s: %s calls %s\n"
                                        .formatted(
                                                use.capability().word(),
                                                use.method(),
                                                use.call())));
        int more = ofOneCapability.size() - MAX_USES;
        if (more > 0) {
            var word = ofOneCapability.getFirst().capability().word();
            line("  %s: %d more, all in the JSON form".formatted(word, more));
        }
    }
}
