package dev.casemate.bench;

import dev.casemate.agent.analyzer.Report;
import dev.casemate.agent.analyzer.Use;
import dev.casemate.agent.analyzer.Witness;
import dev.casemate.manifest.Capability;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What a library can do to the world, on a page that a reader takes in: of each capability the
/// shortest path, the jars that have it, and the calls into the JDK that most often do.
final class CapabilityPage {

    private static final int CALLS = 5;

    private final Library library;
    private final Report report;

    CapabilityPage(Library library, Report report) {
        this.library = library;
        this.report = report;
    }

    String text() {
        var text = new StringBuilder();
        text.append(library.versions()).append("\n\n");
        text.append(
                "%d classes, %d methods reachable from the public API of %s\n"
                        .formatted(
                                report.shippedClasses(),
                                report.reachableMethods(),
                                library.api().stream()
                                        .map(jar -> jar.getFileName().toString())
                                        .collect(Collectors.joining(", "))));
        report.capabilities().forEach((capability, paths) -> append(text, capability, paths));
        text.append("\nNo path found to: ").append(absent()).append('\n');
        return text.toString();
    }

    private void append(StringBuilder text, Capability capability, List<Witness> paths) {
        var uses = uses(report, capability);
        text.append("\n%s: %d uses\n".formatted(capability.word(), uses.size()));
        text.append("  in ").append(counts(uses, Use::origin, paths.size())).append('\n');
        text.append("  by ").append(counts(uses, CapabilityPage::called, CALLS)).append('\n');
        var shortest = paths.getFirst();
        text.append("  judged: ").append(shortest.reason()).append('\n');
        for (var step : shortest.steps()) {
            var link = step.link().name().toLowerCase(Locale.ROOT);
            var because = step.because().isEmpty() ? "" : " " + step.because();
            text.append("    %s %s%s\n".formatted(link, step.method(), because));
        }
    }

    private String absent() {
        var words =
                List.of(Capability.values()).stream()
                        .filter(capability -> !report.capabilities().containsKey(capability))
                        .map(Capability::word)
                        .collect(Collectors.joining(", "));
        return words.isEmpty() ? "none" : words;
    }

    static List<Use> uses(Report report, Capability capability) {
        return report.uses().stream().filter(use -> use.capability() == capability).toList();
    }

    /// Without the parameters.
    private static String called(Use use) {
        return use.call().substring(0, use.call().indexOf('('));
    }

    /// The most frequent first, and how many more there are.
    private static String counts(List<Use> uses, Function<Use, String> by, int limit) {
        Map<String, Long> counts =
                uses.stream()
                        .collect(Collectors.groupingBy(by, TreeMap::new, Collectors.counting()));
        var most =
                counts.entrySet().stream()
                        .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                        .limit(limit)
                        .map(count -> count.getKey() + " " + count.getValue())
                        .collect(Collectors.joining(", "));
        return counts.size() > limit ? most + ", and " + (counts.size() - limit) + " more" : most;
    }
}
