package dev.casemate.agent.analyzer;

import dev.casemate.manifest.Capability;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Collectors;

/// A report for people who never saw one: what was read, each capability with its shortest path and
/// the other jars that have it, what was not found, and what all of it rests on.
final class ReportText {

    private static final int WIDTH_CHARS = 100;

    private final Report report;
    private final StringBuilder out = new StringBuilder();

    private ReportText(Report report) {
        this.report = report;
    }

    static String of(Report report) {
        var text = new ReportText(report);
        text.subject();
        report.capabilities().forEach(text::capability);
        text.absent();
        text.foundation();
        return text.out.toString();
    }

    private void subject() {
        out.append("Capability report\n\nRead, ");
        out.append(plural(report.origins().size(), "jar")).append(":\n");
        int widest = report.origins().stream().mapToInt(it -> it.name().length()).max().orElse(0);
        for (var origin : report.origins()) {
            var padding = " ".repeat(widest - origin.name().length() + 2);
            out.append("  ").append(origin.name()).append(padding).append(origin.digest());
            out.append(", ").append(plural(origin.classes(), "class")).append('\n');
        }
        out.append("Run time: ").append(report.runtime()).append("\nStarts at:\n");
        report.roots().forEach(root -> out.append("  ").append(root).append('\n'));
        out.append(
                "From there %s of %s can be reached.\n"
                        .formatted(
                                plural(report.reachableMethods(), "method"),
                                plural(report.shippedClasses(), "class")));
        out.append(
                "\nFound: %d of %d capabilities.\n"
                        .formatted(report.capabilities().size(), Capability.values().length));
    }

    private void capability(Capability capability, List<Witness> paths) {
        var shortest = paths.getFirst();
        out.append('\n').append(capability.word());
        out.append(": ").append(Meaning.of(capability).does()).append('\n');
        out.append("  shortest path, in ").append(shortest.origin()).append(":\n");
        path(out, shortest, "    ");
        out.append("  the last step counts: ").append(shortest.reason()).append('\n');
        reachedFrom(shortest.roots());
        if (paths.size() > 1) {
            list("  also in ", paths.stream().skip(1).map(Witness::origin).toList());
        }
    }

    private void reachedFrom(List<String> roots) {
        if (roots.size() > 1 && roots.equals(report.roots())) {
            out.append("  reached from every start\n");
        } else if (roots.size() == 1) {
            out.append("  reached from ").append(roots.getFirst()).append('\n');
        } else {
            out.append("  reached from:\n");
            roots.forEach(root -> out.append("    ").append(root).append('\n'));
        }
    }

    /// The steps of a path, a line each; where it goes on in another jar or module, its name.
    static void path(StringBuilder out, Witness witness, String indent) {
        var before = witness.steps().getFirst().origin();
        for (var step : witness.steps()) {
            out.append(indent).append(step.display());
            if (!step.origin().equals(before)) {
                out.append("  [").append(step.origin()).append(']');
            }
            out.append('\n');
            before = step.origin();
        }
    }

    private void absent() {
        var absent = EnumSet.allOf(Capability.class);
        absent.removeAll(report.capabilities().keySet());
        out.append("\nNo path found to: ");
        out.append(
                absent.isEmpty()
                        ? "none of the others, for there are none"
                        : absent.stream().map(Capability::word).collect(Collectors.joining(", ")));
        out.append('\n');
        var open =
                report.capabilities().keySet().stream()
                        .filter(capability -> Meaning.of(capability).open())
                        .map(Capability::word)
                        .toList();
        if (!open.isEmpty()) {
            list("What runs behind these is not seen, so read the rest as \"at least\": ", open);
        }
    }

    private void foundation() {
        out.append("\nUnder these assumptions:\n");
        report.assumptions().forEach(assumption -> wrapped("- ", assumption));
        out.append("\nJudged by:\n");
        report.tables()
                .forEach((name, digest) ->
                        out.append("  ").append(name).append(' ').append(digest).append('\n'));
    }

    private void list(String start, List<String> items) {
        wrapped(start, String.join(", ", items));
    }

    private void wrapped(String start, String text) {
        int column = start.length();
        out.append(start);
        var separator = "";
        for (var word : text.split(" ", -1)) {
            if (!separator.isEmpty() && column + word.length() >= WIDTH_CHARS) {
                var indent = " ".repeat(start.length() - start.stripLeading().length() + 2);
                out.append('\n').append(indent);
                column = indent.length();
                separator = "";
            }
            out.append(separator).append(word);
            column += separator.length() + word.length();
            separator = " ";
        }
        out.append('\n');
    }

    private static String plural(int count, String noun) {
        var ending = count == 1 ? "" : noun.endsWith("s") ? "es" : "s";
        return count + " " + noun + ending;
    }
}
