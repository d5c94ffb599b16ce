package dev.casemate.cli;

import dev.casemate.agent.analyzer.AgentApplication;
import dev.casemate.agent.analyzer.Analyzer;
import dev.casemate.agent.analyzer.Report;
import dev.casemate.agent.analyzer.Subject;
import dev.casemate.agent.testkit.Evaluation;
import dev.casemate.agent.testkit.EvaluationSuite;
import dev.casemate.container.evidence.Gate;
import dev.casemate.container.evidence.Gate.Outcome;
import dev.casemate.manifest.Capability;
import dev.casemate.manifest.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What has to hold before an image is made, asked one after the other; the first that does not
/// ends the build.
final class Gates {

    private final Optional<AgentProject> project;
    private final Path agent;
    private final Optional<Path> suite;
    private final Consumer<String> progress;
    private final List<Gate> passed = new ArrayList<>();
    private @Nullable AgentApplication application;
    private @Nullable Report report;

    /// A gate that did not hold.
    static final class Closed extends Exception {
        private static final long serialVersionUID = 1;

        Closed(String gate, String reason) {
            super("gate %s: %s".formatted(gate, reason));
        }
    }

    /// @param agent the project's directory, or that of its jars
    /// @param suite if it is not where projects have it
    Gates(
            Optional<AgentProject> project,
            Path agent,
            Optional<Path> suite,
            Consumer<String> progress) {
        this.project = project;
        this.agent = agent;
        this.suite = suite;
        this.progress = progress;
    }

    void ask() throws IOException, InterruptedException, Closed {
        tests();
        application = AgentApplication.read(project.map(AgentProject::application).orElse(agent));
        evaluation();
        analyzer();
    }

    /// In the order in which they were asked.
    List<Gate> passed() {
        return List.copyOf(passed);
    }

    AgentApplication application() {
        return Objects.requireNonNull(application);
    }

    /// The analyzer's report as JSON.
    byte[] analysis() {
        return Objects.requireNonNull(report).toJson().text().getBytes(StandardCharsets.UTF_8);
    }

    private void tests() throws IOException, InterruptedException, Closed {
        if (project.isEmpty()) {
            notRun("tests", "jars were given, and not their project");
            return;
        }
        progress.accept("gate tests: compiling, testing, packaging");
        try {
            project.get().build(true, progress);
        } catch (AgentProject.BuildFailed e) {
            throw new Closed("tests", String.valueOf(e.getMessage()));
        }
        var counted = project.get().tests();
        if (counted.run() == counted.skipped()) {
            throw new Closed("tests", "expected tests that run, none did");
        }
        if (counted.failed() > 0) {
            throw new Closed("tests", counted.failed() + " failed");
        }
        pass(
                "tests",
                "%d passed, %d skipped"
                        .formatted(counted.run() - counted.skipped(), counted.skipped()),
                Optional.empty());
    }

    private void evaluation() throws IOException, Closed {
        var folder = suite.or(() -> project.map(AgentProject::suite));
        if (folder.isEmpty()) {
            notRun("evaluation", "jars were given, and no suite");
            return;
        }
        if (!Files.isDirectory(folder.get())) {
            throw new Closed("evaluation", "expected a suite in the folder evaluation");
        }
        progress.accept("gate evaluation: playing the cases of " + folder.get().getFileName());
        var result =
                Evaluation.of(EvaluationSuite.read(folder.get()), application().manifest())
                        .id("eval-" + UUID.randomUUID())
                        .run(line -> {});
        if (!result.passed()) {
            throw new Closed("evaluation", "a threshold is not met\n" + result.text());
        }
        var text = result.junitXml().getBytes(StandardCharsets.UTF_8);
        pass(
                "evaluation",
                "%d of %d runs, %d of %d attacks held"
                        .formatted(
                                result.all().passed(),
                                result.all().runs(),
                                result.attacks().passed(),
                                result.attacks().runs()),
                Optional.of(Digest.of(text)));
    }

    private void analyzer() throws IOException, Closed {
        progress.accept("gate analyzer: following what the bytecode can reach");
        report = Analyzer.analyze(Subject.of(application()));
        var undeclared = report.undeclared(application().manifest());
        if (!undeclared.isEmpty()) {
            throw new Closed(
                    "analyzer",
                    "reachable but not declared in the manifest: "
                            + words(undeclared)
                            + "\n"
                            + report.text());
        }
        pass(
                "analyzer",
                "reaches " + words(report.capabilities().keySet()) + ", all declared",
                Optional.of(Digest.of(analysis())));
    }

    private static String words(Set<Capability> capabilities) {
        return capabilities.isEmpty()
                ? "nothing"
                : capabilities.stream()
                        .sorted()
                        .map(Capability::word)
                        .collect(Collectors.joining(", "));
    }

    private void pass(String name, String detail, Optional<Digest> report) {
        progress.accept("gate %s: passed, %s".formatted(name, detail));
        passed.add(new Gate(name, Outcome.PASSED, detail, report));
    }

    private void notRun(String name, String reason) {
        progress.accept("gate %s: NOT RUN, %s".formatted(name, reason));
        passed.add(new Gate(name, Outcome.NOT_RUN, reason, Optional.empty()));
    }
}
