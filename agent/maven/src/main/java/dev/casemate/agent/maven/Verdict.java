package dev.casemate.agent.maven;

import dev.casemate.agent.analyzer.AgentApplication;
import dev.casemate.agent.analyzer.Analyzer;
import dev.casemate.agent.analyzer.Report;
import dev.casemate.agent.analyzer.Subject;
import dev.casemate.agent.analyzer.Witness;
import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.Capability;
import java.nio.file.Path;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// What an agent's bytecode can reach, held against what its manifest declares.
record Verdict(AgentManifest manifest, Report report) {

    /// Of one capability in one message; the report has all.
    private static final int MAX_PATHS = 5;

    /// @param application directory of the agent's jar and its libraries
    /// @throws dev.casemate.agent.analyzer.AnalyzerException if there is no answer
    /// @throws dev.casemate.manifest.ManifestException if the agent's manifest is not valid
    static Verdict on(Path application) {
        var agent = AgentApplication.read(application);
        return new Verdict(agent.manifest(), Analyzer.analyze(Subject.of(agent)));
    }

    /// Empty lets the agent through.
    Set<Capability> undeclared() {
        return report.undeclared(manifest);
    }

    /// Why the build fails: what is reached and not declared, how, and what to do.
    ///
    /// @param file where the whole report is
    String refusal(String file) {
        var undeclared = undeclared();
        var text = new StringBuilder();
        text.append(
                "agent %s can reach what its manifest does not declare: %s\n"
                        .formatted(manifest.name(), words(undeclared)));
        for (var capability : undeclared) {
            append(text, capability, report.capabilities().getOrDefault(capability, List.of()));
        }
        text.append(
                """

                If the agent is meant to be able to do this, add %s
                to @Agent(capabilities = ...): its manifest is then another, with another digest to admit.
                If it is not, leave out the jar that does it, or what leads there; `mvn dependency:tree`
                says which dependency brought that jar.
                The whole report is in %s.\
                """
                        .formatted(
                                undeclared.stream()
                                        .map(it -> "Capability." + it.name())
                                        .collect(Collectors.joining(", ")),
                                file));
        return text.toString();
    }

    private static void append(StringBuilder text, Capability capability, List<Witness> paths) {
        for (var path : paths.subList(0, Math.min(paths.size(), MAX_PATHS))) {
            text.append(
                    "\n%s, in %s: %s\n".formatted(capability.word(), path.origin(), path.reason()));
            for (var step : path.steps()) {
                text.append("    %s  [%s]\n".formatted(step.display(), step.origin()));
            }
        }
        if (paths.size() > MAX_PATHS) {
            text.append(
                    "\n%s, in %d more jars\n"
                            .formatted(capability.word(), paths.size() - MAX_PATHS));
        }
    }

    /// What was found, in one line.
    String summary() {
        return "agent %s can reach, as far as the analysis sees: %s; all of it is declared"
                .formatted(manifest.name(), words(report.capabilities().keySet()));
    }

    /// What is declared without need. It holds a gate open for whatever a dependency brings later.
    Optional<String> excess() {
        var excess = EnumSet.noneOf(Capability.class);
        excess.addAll(manifest.capabilities());
        excess.removeAll(report.capabilities().keySet());
        return excess.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "declared in @Agent(capabilities), but no path was found to: %s; what a"
                                        .formatted(words(excess))
                                + " dependency brings of that later will not fail this build");
    }

    private static String words(Collection<Capability> capabilities) {
        return capabilities.isEmpty()
                ? "none"
                : capabilities.stream().map(Capability::word).collect(Collectors.joining(", "));
    }
}
