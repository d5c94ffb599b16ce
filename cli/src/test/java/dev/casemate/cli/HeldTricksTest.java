package dev.casemate.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import dev.casemate.container.image.AgentImage;
import dev.casemate.container.image.ImageRequest;
import dev.casemate.manifest.AgentManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The tricks that the analyzer does not find, all in one program: what holds each of them in a
/// sealed image, and that nothing does on an ordinary Java.
final class HeldTricksTest {

    private static final Path AGENT =
            Path.of("../examples/market-analyst/target/app/market-analyst.jar");

    // Kept between runs: linking a runtime takes longer than everything else here.
    private static final Path WORK = Path.of("target", "held-tricks").toAbsolutePath();

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String NO_PROCESSES = "ClassNotFoundException: java.lang.ProcessBuilder";

    /// The failure that each trick ends in.
    private static final Map<String, String> HELD =
            Map.ofEntries(
                    entry("annotation-value", NO_PROCESSES),
                    entry("bean-expression", "ClassNotFoundException: java.beans.Expression"),
                    entry("class-of-an-object", "NoClassDefFoundError: java/lang/Process"),
                    entry("container-engine", "SocketException: No such file or directory"),
                    entry("decoded-class-name", NO_PROCESSES),
                    entry(
                            "decoded-define-class",
                            "SecurityException: removed from this runtime: defineClass"),
                    entry("decoded-linker", "ClassNotFoundException: java.lang.foreign.Linker"),
                    entry("decoded-load", "SecurityException: removed from this runtime: load"),
                    entry("decoded-method-handle", NO_PROCESSES),
                    entry("decoded-name-of-a-shipped-class", NO_PROCESSES),
                    entry(
                            "decoded-object-stream",
                            "InvalidClassException: filter status: REJECTED"),
                    entry("decoded-server-socket", "ClassNotFoundException: java.net.ServerSocket"),
                    entry("decoded-unsafe", "ClassNotFoundException: sun.misc.Unsafe"),
                    entry("logging-configuration", NO_PROCESSES),
                    entry("name-in-a-resource", NO_PROCESSES),
                    entry(
                            "own-memory",
                            "FileNotFoundException: /proc/self/mem (Permission denied)"),
                    entry(
                            "program-for-another",
                            "FileSystemException: /app/trick.sh: Read-only file system"));

    private static final String SUCCEEDED = "succeeded";

    /// Tries each trick of a list and says on one line what became of it.
    private static final String PROGRAM =
            """
            package tries;
            public class Main {
                public static void main(String[] args) {
                    for (var name : java.util.List.of(NAMES)) {
                        System.out.println(name + " " + outcome(name));
                    }
                }
                private static String outcome(String name) {
                    try {
                        Class.forName(name)
                                .getMethod("main", String[].class)
                                .invoke(null, (Object) new String[0]);
                        return "succeeded";
                    } catch (Throwable e) {
                        var cause = e;
                        while (cause.getCause() != null) {
                            cause = cause.getCause();
                        }
                        return cause.getClass().getSimpleName() + ": " + cause.getMessage();
                    }
                }
            }
            """;

    @TempDir private Path directory;

    @Test
    void eachTrickThatTheAnalyzerDoesNotFindIsHeldInTheSealedImage() throws Exception {
        ContainerMachine.require();
        Files.createDirectories(WORK);
        var jars = jars();
        var reference = "localhost/casemate-tricks-" + ProcessHandle.current().pid() + ":1";
        var manifest =
                AgentManifest.read(
                        Objects.requireNonNull(Jars.entries(AGENT).get(AgentManifest.RESOURCE)));
        var image =
                AgentImage.buildProbe(
                        new ImageRequest(reference, jars, "tries.Main", manifest, "tricks"),
                        directory.resolve("tricks.tar"),
                        WORK,
                        line -> {});
        podman("load", "--quiet", "--input", image.archive().toString());
        try {
            assertThat(outcomes(podman(contained(reference)))).isEqualTo(HELD);
        } finally {
            podman("rmi", reference);
        }
    }

    @Test
    void withoutTheSealedImageTheSameTricksSucceed() throws Exception {
        var classPath = jars().stream().map(Path::toString).collect(Collectors.joining(":"));
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var outcomes = outcomes(run(List.of(java, "-cp", classPath, "tries.Main")));
        assertThat(outcomes).hasSameSizeAs(Trick.held().toList());
        // There may be no engine on this machine, and nothing is asked of one that there is.
        outcomes.remove("container-engine");
        assertThat(outcomes.values()).containsOnly(SUCCEEDED);
    }

    private List<Path> jars() throws IOException {
        var jars = new ArrayList<Path>();
        for (var trick : Trick.held().toList()) {
            jars.add(trick.jar(directory));
        }
        var names =
                Trick.held()
                        .map(trick -> '"' + trick.mainClass() + '"')
                        .collect(Collectors.joining(", "));
        var program =
                Trick.compile(
                        directory, List.of(PROGRAM.replace("NAMES", names)), List.of(), List.of());
        jars.add(Jars.write(directory.resolve("tries.jar"), program));
        return jars;
    }

    private static String[] contained(String reference) {
        var command = new ArrayList<String>();
        command.addAll(List.of("run", "--rm", "--network", "none", "--read-only"));
        command.addAll(List.of("--read-only-tmpfs=false", "--cap-drop", "all"));
        command.addAll(List.of("--security-opt", "no-new-privileges", "--ipc", "none"));
        command.addAll(List.of("--tmpfs", "/tmp:rw,size=16m,mode=1777,noexec,nosuid,nodev"));
        command.addAll(List.of("--memory", "256m", "--pids-limit", "128"));
        command.addAll(List.of("--ulimit", "nofile=1024:1024", "--ulimit", "nproc=100:100"));
        command.add(reference);
        return command.toArray(String[]::new);
    }

    /// What became of each trick, by the name of its folder.
    private static Map<String, String> outcomes(List<String> lines) {
        var outcomes = new TreeMap<String, String>();
        for (var trick : Trick.held().toList()) {
            lines.stream()
                    .filter(line -> line.startsWith(trick.mainClass() + " "))
                    .map(line -> line.substring(trick.mainClass().length() + 1))
                    .forEach(outcome -> outcomes.put(trick.name(), outcome));
        }
        return outcomes;
    }

    private List<String> podman(String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("podman", "--runtime", "runc"));
        command.addAll(List.of(arguments));
        return run(command);
    }

    private List<String> run(List<String> command) throws IOException, InterruptedException {
        var output = Files.createTempFile(directory, "run", ".txt");
        var process =
                new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        if (!process.waitFor(LIMIT)) {
            process.destroyForcibly();
            throw new IOException("expected an end within " + LIMIT + ": " + command);
        }
        assertThat(process.exitValue()).as(Files.readString(output, UTF_8)).isZero();
        return Files.readAllLines(output, UTF_8);
    }
}
