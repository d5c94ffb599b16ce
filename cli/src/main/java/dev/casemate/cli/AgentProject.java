package dev.casemate.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;

/// The Maven project that an agent is built from: by itself, or a module of a larger one.
///
/// @param directory of the agent's own pom
/// @param root of the outermost project that this one is a module of
record AgentProject(Path directory, Path root) {

    private static final String POM = "pom.xml";
    private static final long LIMIT_MINUTES = 30;
    private static final int TOLD_LINES = 30;

    /// What a run of all tests counted.
    record Tests(int run, int failed, int skipped) {}

    /// A build that Maven did not finish.
    static final class BuildFailed extends Exception {
        private static final long serialVersionUID = 1;

        BuildFailed(String message) {
            super(message);
        }
    }

    /// Empty if the directory has no pom.
    static Optional<AgentProject> in(Path directory) throws IOException {
        var own = directory.toRealPath();
        if (!Files.isRegularFile(own.resolve(POM))) {
            return Optional.empty();
        }
        var root = own;
        // A folder between two projects need not be one: modules are named by paths.
        for (var parent = own.getParent(); parent != null; parent = parent.getParent()) {
            var pom = parent.resolve(POM);
            if (Files.isRegularFile(pom)
                    && Files.readString(pom)
                            .contains("<module>" + parent.relativize(root) + "</module>")) {
                root = parent;
            }
        }
        return Optional.of(new AgentProject(own, root));
    }

    /// The agent's jars, as the build leaves them.
    Path application() {
        return directory.resolve("target/app");
    }

    /// The evaluation suite, where a project has one.
    Path suite() {
        return directory.resolve("evaluation");
    }

    /// The log of the last build.
    Path log() {
        return directory.resolve("target/casemate-build.log");
    }

    /// Compiles, tests and packages.
    ///
    /// @param tests whether they are run
    /// @throws BuildFailed with the last lines of Maven's own words
    void build(boolean tests, Consumer<String> progress)
            throws IOException, InterruptedException, BuildFailed {
        deleteReports();
        Files.createDirectories(log().getParent());
        var command = new ArrayList<>(List.of("mvn", "-B", "-ntp", "-Dstyle.color=never"));
        command.add("-Dcasemate.gate=" + (tests ? "tests" : "package"));
        if (!tests) {
            command.add("-Dmaven.test.skip=true");
        }
        command.addAll(List.of("-f", root.resolve(POM).toString()));
        if (!root.equals(directory)) {
            command.addAll(List.of("-pl", root.relativize(directory).toString(), "-am"));
        }
        command.add("package");
        progress.accept("maven: " + String.join(" ", command.subList(4, command.size())));
        var builder =
                new ProcessBuilder(command)
                        .directory(root.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log().toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        var process = start(builder);
        try {
            process.getOutputStream().close();
            if (!process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)) {
                throw new BuildFailed(
                        "Maven did not end within %d minutes".formatted(LIMIT_MINUTES));
            }
        } finally {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
        }
        if (process.exitValue() != 0) {
            throw new BuildFailed(lastErrors());
        }
    }

    private static Process start(ProcessBuilder builder) throws BuildFailed {
        try {
            return builder.start();
        } catch (IOException e) {
            throw new BuildFailed("mvn is not on the path: install Maven");
        }
    }

    private String lastErrors() throws IOException {
        var errors =
                Files.readAllLines(log()).stream()
                        .filter(line -> line.startsWith("[ERROR]"))
                        .limit(TOLD_LINES)
                        .toList();
        return "Maven failed; the whole log is in %s%n%s"
                .formatted(log(), String.join(System.lineSeparator(), errors));
    }

    private Path reports() {
        return directory.resolve("target/surefire-reports");
    }

    // What an earlier build counted says nothing of this one.
    private void deleteReports() throws IOException {
        for (var report : reportFiles()) {
            Files.delete(report);
        }
    }

    private List<Path> reportFiles() throws IOException {
        if (!Files.isDirectory(reports())) {
            return List.of();
        }
        try (var files = Files.newDirectoryStream(reports(), "TEST-*.xml")) {
            var found = new ArrayList<Path>();
            files.forEach(found::add);
            return found;
        }
    }

    /// What the last build counted.
    Tests tests() throws IOException {
        int run = 0;
        int failed = 0;
        int skipped = 0;
        var factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        for (var report : reportFiles()) {
            try (var in = Files.newInputStream(report)) {
                var xml = factory.createXMLStreamReader(in);
                while (xml.hasNext()) {
                    if (xml.next() == XMLStreamConstants.START_ELEMENT
                            && xml.getLocalName().equals("testsuite")) {
                        run += Integer.parseInt(xml.getAttributeValue(null, "tests"));
                        failed += Integer.parseInt(xml.getAttributeValue(null, "failures"));
                        failed += Integer.parseInt(xml.getAttributeValue(null, "errors"));
                        skipped += Integer.parseInt(xml.getAttributeValue(null, "skipped"));
                    }
                }
            } catch (XMLStreamException | NumberFormatException e) {
                throw new IOException("expected a test report in " + report.getFileName(), e);
            }
        }
        return new Tests(run, failed, skipped);
    }
}
