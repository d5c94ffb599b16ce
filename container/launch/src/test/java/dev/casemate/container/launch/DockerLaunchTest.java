package dev.casemate.container.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.casemate.container.launch.trial.SimulatedWorld;
import dev.casemate.container.launch.trial.Trial;
import dev.casemate.manifest.CanonicalJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Launches by an engine of Docker, on a path without podman: held as under podman, and gone as
/// under podman.
final class DockerLaunchTest {

    private static final int SECONDS = 120;

    @TempDir private static Path directory;

    private static DockerEngine engine;
    private static Path sleeper;
    private static Path reader;
    private static Path runaway;

    private Listener target;

    @BeforeAll
    static void build() throws Exception {
        engine = new DockerEngine(Files.createDirectory(directory.resolve("docker")));
        sleeper = TestImages.sleeper(Examples.agent());
        reader = TestImages.lineReader();
        runaway = TestImages.runaway(Examples.agent());
    }

    @AfterAll
    static void end() {
        if (engine != null) {
            engine.close();
        }
    }

    @BeforeEach
    void listen() throws IOException {
        target = new Listener("127.0.0.1", 0);
    }

    @AfterEach
    void stop() throws IOException {
        target.close();
    }

    /// The bound names are reached, each attempt is held, and what runs was made by this engine.
    @Test
    void theProbeIsHeldAsUnderPodman() throws Exception {
        var manifest = directory.resolve("manifest.json");
        Files.write(manifest, CanonicalJson.bytes(Examples.agent().toJson()));
        var files = Files.createDirectories(directory.resolve("program"));
        // Every control is on: the image on a whole JDK is not needed.
        var arguments =
                List.of(
                        reader.toString(),
                        reader.toString(),
                        manifest.toString(),
                        files.toString(),
                        "text");
        try (var world = SimulatedWorld.open()) {
            var trial =
                    engine.tell(new ProcessBuilder(world.java(Trial.class.getName(), arguments)))
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start();
            var said = new String(trial.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(trial.waitFor()).as("%s", said).isZero();
            assertThat(said).contains("allowed");
        }
        assertThat(engine.ask("image", "ls", "--quiet", "--no-trunc"))
                .contains(Launcher.imageId(reader).value());
        assertThat(engine.traces()).isEmpty();
    }

    @Test
    void theAgentFindsNeitherAnEnvironmentNorNamesNorAnythingToWriteTo() throws Exception {
        var launcher = LaunchedChild.started(command(sleeper));
        var agent = Path.of("/proc", process("^casemate-[0-9a-f-]+$"));
        assertThat(Files.readString(agent.resolve("environ")).split("\0"))
                .containsExactly("HOME=/nonexistent");
        for (var file : List.of("hosts", "resolv.conf", "hostname")) {
            assertThat(agent.resolve("root/etc").resolve(file)).isEmptyFile();
        }
        var mounts = Files.readString(agent.resolve("mounts")).lines().toList();
        assertThat(mounts)
                .filteredOn(mount -> mount.contains(" /run/casemate "))
                .singleElement()
                .asString()
                .contains(" ro,nosuid,nodev,noexec");
        assertThat(mounts).filteredOn(mount -> mount.contains(" mqueue ")).isEmpty();
        assertThat(mounts)
                .filteredOn(mount -> mount.contains(" / "))
                .singleElement()
                .asString()
                .contains(" ro,");
        var holder = Path.of("/proc", process("-network$"), "status");
        assertThat(Files.readString(holder))
                .contains(
                        "Threads:\t1",
                        "NoNewPrivs:\t1",
                        "Seccomp:\t2",
                        "CapBnd:\t0000000000000000");
        launcher.destroy();
        assertThat(launcher.waitFor(SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(engine.traces()).isEmpty();
    }

    @Test
    void theOneThatHoardsEndsForWantOfMemory() throws Exception {
        var launcher = command(runaway, "memory").start();
        var lines = launcher.inputReader(StandardCharsets.UTF_8).lines().toList();
        assertThat(launcher.waitFor(SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(lines).contains("started", "ended OUT_OF_MEMORY");
        assertThat(lines.getLast())
                .contains("MEMORY_PEAK_BYTES", "PROCESSOR_MICROS", "TEMPORARY_BYTES");
        assertThat(engine.traces()).isEmpty();
    }

    @Test
    void theLinesOfAWorkerReachItAndTheirEndIsItsEnd() throws Exception {
        var launcher = LaunchedChild.started(command(reader));
        try (var input = launcher.outputWriter(StandardCharsets.UTF_8)) {
            input.write("one\nlast");
        }
        assertThat(launcher.inputReader(StandardCharsets.UTF_8).lines())
                .containsExactly("read 3 one", "read 4 las", "no more");
        assertThat(launcher.waitFor(SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(launcher.exitValue()).isZero();
        assertThat(engine.traces()).isEmpty();
    }

    /// By whoever launches next, whatever his engine is.
    @Test
    void whatAKilledLauncherLeftIsTakenAwayByTheNextOne() throws Exception {
        var launcher = LaunchedChild.started(command(sleeper));
        launcher.destroyForcibly().waitFor();
        assertThat(engine.traces()).contains("casemate-", "-network");
        var remains = new Remains(new ProcessCommands());
        var id = new Places(LaunchFiles.BASE, remains).take(line -> {});
        assertThat(remains.remove(new LaunchFiles(LaunchFiles.BASE, id))).isEmpty();
        assertThat(engine.traces()).isEmpty();
    }

    @Test
    void aTargetThatDoesNotAnswerIsNamedAndTheHolderGoes() throws Exception {
        target.close();
        var launcher = command(sleeper).redirectError(ProcessBuilder.Redirect.PIPE).start();
        assertThat(launcher.errorReader(StandardCharsets.UTF_8).lines())
                .anyMatch(line -> line.contains("TARGET_UNREACHABLE"));
        assertThat(launcher.waitFor(SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(engine.traces()).isEmpty();
    }

    private ProcessBuilder command(Path archive, String... task) {
        return engine.tell(LaunchedChild.command(archive, target.port(), task));
    }

    private static String process(String name) {
        var id = engine.ask("ps", "--quiet", "--filter", "name=" + name);
        return engine.ask("inspect", "--format", "{{.State.Pid}}", id);
    }
}
