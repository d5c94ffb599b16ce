package dev.casemate.cli;

import dev.casemate.agent.analyzer.Analyzer;
import dev.casemate.agent.analyzer.Comparison;
import dev.casemate.agent.analyzer.DotGraph;
import dev.casemate.agent.analyzer.Report;
import dev.casemate.agent.analyzer.Root;
import dev.casemate.agent.analyzer.Sarif;
import dev.casemate.agent.analyzer.Subject;
import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.Capability;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

@Command(
        name = "analyze",
        description = {
            "Says which capabilities compiled Java code can reach, and by which path of calls.",
            "Exit codes: 0 nothing to look at; 1 a capability that the manifest does not declare, or"
                    + " with --compare one that came; 2 wrong usage; 70 an error."
        },
        mixinStandardHelpOptions = true)
final class AnalyzeCommand implements Callable<Integer> {

    /// What is written.
    enum Format {
        TEXT,
        JSON,
        SARIF,
        DOT;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "APPLICATION",
            description =
                    "A jar, a directory with all jars of an application, or an OCI image in a tar.")
    private @Nullable Path application;

    @Option(
            names = "--format",
            defaultValue = "text",
            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Format format;

    @Option(names = "--json", description = "The same as --format json.")
    private boolean json;

    @Option(names = "--output", description = "Writes to this file instead of printing.")
    private @Nullable Path output;

    @Option(
            names = "--compare",
            paramLabel = "OLD",
            description = "Says what came since an earlier JSON report, jar or directory.")
    private @Nullable Path old;

    @Option(
            names = "--root",
            paramLabel = "CLASS[#METHOD]",
            description = "Starts here, and not where the application does; repeatable.")
    private List<String> roots = List.of();

    @Option(
            names = "--public-api",
            description = "Starts at whatever a user of the jar may call, also if it has a main.")
    private boolean publicApi;

    @Option(
            names = "--manifest",
            description = "An agent's manifest to hold the report against, where no jar has one.")
    private @Nullable Path manifest;

    @Option(
            names = "--no-cache",
            description = "Reads every jar itself, and keeps nothing of it for the next time.")
    private boolean noCache;

    @Option(names = "--schema", description = "Prints the JSON Schema of a report, and ends.")
    private boolean schema;

    @Override
    public Integer call() throws IOException {
        if (schema) {
            write(Report.jsonSchema());
            return 0;
        }
        if (application == null) {
            throw usage("expected a jar, a directory or an image");
        }
        var chosen = json ? Format.JSON : format;
        if (old != null && chosen != Format.TEXT && chosen != Format.JSON) {
            throw usage("expected --format text or json with --compare");
        }
        try (var opened = open(application)) {
            return analyze(opened.subject(), chosen);
        }
    }

    private int analyze(Subject subject, Format chosen) throws IOException {
        var declared = declared(subject);
        var report = report(subject);
        boolean came = false;
        if (old == null) {
            write(formatted(report, declared, chosen));
        } else {
            var comparison = Comparison.between(before(old), report);
            write(chosen == Format.JSON ? comparison.toJson().text() : comparison.text());
            came = comparison.found();
        }
        return isUndeclared(report, declared) || came ? Main.FINDING : 0;
    }

    private static String formatted(
            Report report, Optional<AgentManifest> declared, Format format) {
        return switch (format) {
            case TEXT -> report.text();
            case JSON -> report.toJson().text();
            case SARIF -> Sarif.of(report, declared).text();
            case DOT -> DotGraph.of(report);
        };
    }

    private static boolean isUndeclared(Report report, Optional<AgentManifest> declared) {
        var undeclared = declared.map(report::undeclared).orElseGet(Set::of);
        if (!undeclared.isEmpty()) {
            System.err.println(
                    "reachable but not declared in the manifest: "
                            + undeclared.stream()
                                    .map(Capability::word)
                                    .collect(Collectors.joining(", ")));
        }
        return !undeclared.isEmpty();
    }

    // UTF-8 whatever the terminal's encoding is: JSON and DOT have no other.
    private void write(String document) throws IOException {
        var text = document.endsWith("\n") ? document : document + "\n";
        if (output == null) {
            System.out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
            System.out.flush();
        } else {
            Files.writeString(output, text);
        }
    }

    private Report report(Subject subject) {
        return noCache
                ? Analyzer.analyze(subject)
                : Analyzer.analyze(subject, Home.analysisCache());
    }

    private Report before(Path path) throws IOException {
        if (Files.isRegularFile(path) && startsAsJson(path)) {
            return Report.read(bytes(path, Report.MAX_JSON_BYTES));
        }
        try (var opened = open(path)) {
            return report(opened.subject());
        }
    }

    private static boolean startsAsJson(Path path) throws IOException {
        try (var in = Files.newInputStream(path)) {
            return new String(in.readNBytes(64), StandardCharsets.UTF_8).strip().startsWith("{");
        }
    }

    private Optional<AgentManifest> declared(Subject subject) throws IOException {
        if (manifest == null) {
            return subject.manifest();
        }
        if (subject.manifest().isPresent()) {
            throw usage("expected no --manifest: the application has its own");
        }
        return Optional.of(AgentManifest.read(bytes(manifest, AgentManifest.MAX_BYTES)));
    }

    // One more than may be read, so that the reader sees that there is more.
    private static byte[] bytes(Path file, int most) throws IOException {
        try (var in = Files.newInputStream(file)) {
            return in.readNBytes(most + 1);
        }
    }

    private OpenSubject open(Path path) throws IOException {
        if (!Files.exists(path)) {
            throw usage("expected a jar, a directory or an image: " + path);
        }
        var from = new ArrayList<Root>();
        roots.forEach(root -> from.add(root(root)));
        if (publicApi) {
            if (!path.toString().endsWith(".jar")) {
                throw usage("expected a jar with --public-api: " + path);
            }
            from.add(Root.publicApi(path.getFileName().toString()));
        }
        return OpenSubject.open(path, from);
    }

    private Root root(String text) {
        var parts = List.of(text.split("#", -1));
        if (parts.size() > 2
                || text.indexOf('/') >= 0
                || parts.stream().anyMatch(String::isBlank)) {
            throw usage("expected --root CLASS or CLASS#METHOD, a class as com.example.Main");
        }
        return parts.size() == 1
                ? Root.every(parts.getFirst())
                : Root.method(parts.getFirst(), parts.getLast());
    }

    private ParameterException usage(String expected) {
        return new ParameterException(new CommandLine(this), expected);
    }
}
