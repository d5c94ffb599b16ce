package dev.casemate.container.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.casemate.container.launch.Exit.Reason;
import dev.casemate.container.launch.probe.Runaway;
import dev.casemate.container.launch.trial.ProbeJar;
import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Contained programs that want more of the disk than they are granted. What they read has to come
/// from there, so the machine is first made to forget it, those files alone.
final class DiskBandwidthTest {

    private static final long BYTES_PER_SECOND = 1L << 20;

    private static final AgentManifest SLOW = Examples.agent(limits(BYTES_PER_SECOND));
    private static final AgentManifest FAST = Examples.agent(limits(1L << 30));

    /// More than the slow one may read until its deadline, with the longest time that it takes to
    /// be killed.
    private static final long FILE_BYTES = 64L << 20;

    private static final Path WORK = Path.of("target", "disk-bandwidth").toAbsolutePath();

    private static Path slow;
    private static Path fast;
    private static Listener target;

    private static Limits limits(long bytesPerSecond) {
        return new Limits(
                10,
                20,
                10_000,
                Duration.ofSeconds(6),
                3,
                1500,
                384L << 20,
                16L << 20,
                96,
                bytesPerSecond);
    }

    @BeforeAll
    static void build() throws IOException {
        Machine.assumeItCanLaunch();
        assumeItBoundsDisks();
        slow = TestImages.runaway(SLOW);
        fast = TestImages.runaway(FAST);
        target = new Listener("127.0.0.1", 0);
        Files.createDirectories(WORK);
        Files.write(WORK.resolve("probe.jar"), ProbeJar.bytes());
        write(WORK.resolve("file"));
    }

    /// Where podman's store and this build lie on one disk that takes a limit.
    private static void assumeItBoundsDisks() throws IOException {
        var store =
                new ProcessCommands()
                        .require(
                                LaunchException.Code.UNSUPPORTED_MACHINE,
                                List.of("podman", "info", "--format", "{{.Store.GraphRoot}}"),
                                "",
                                HostMachine.QUICK);
        boolean bounded = new HostMachine(new ProcessCommands()).facts().disk().isPresent();
        Files.createDirectories(WORK);
        var device = Files.getAttribute(WORK, "unix:dev");
        if (!bounded || !device.equals(Files.getAttribute(Path.of(store), "unix:dev"))) {
            var reason =
                    "bandwidth of disks cannot be tried on this machine: expected podman's store and this build on one disk that takes a limit";
            System.err.println("SKIPPED, " + reason);
            Assumptions.abort(reason);
        }
    }

    private static void write(Path file) throws IOException {
        var chunk = new byte[1 << 20];
        try (var out = Files.newOutputStream(file)) {
            for (long bytes = 0; bytes < FILE_BYTES; bytes += chunk.length) {
                out.write(chunk);
            }
        }
    }

    @AfterAll
    static void remove() throws IOException {
        if (target != null) {
            target.close();
            TestImages.remove(slow, fast);
            Files.deleteIfExists(WORK.resolve("file"));
        }
    }

    /// The agent's own start: what it needs of its image is not read when its time is up.
    @Test
    void oneThatIsNotReadInTimeIsPutDownToTheDisk() throws IOException {
        load(slow, SLOW);
        eachFileOf(slow, DiskBandwidthTest::forget);
        var lines = new CopyOnWriteArrayList<String>();
        var exit = run(slow, SLOW, new Work.Once(List.of("nothing")), lines::add);
        assertThat(lines).isEmpty();
        requireDisk(exit);
    }

    @Test
    void oneThatReadsGetsNoMoreThanGrantedAndIsPutDownToTheDisk() throws IOException {
        // Its Java starts from memory: only the file is left to the disk.
        load(slow, SLOW);
        eachFileOf(slow, DiskBandwidthTest::recall);
        var lines = new CopyOnWriteArrayList<String>();
        forget(WORK.resolve("file"));
        var exit = run(slow, SLOW, reader(), lines::add);
        requireDisk(exit);
        double seconds = exit.duration().toNanos() / 1e9;
        assertThat(read(lines))
                .isPositive()
                .isLessThanOrEqualTo((long) (BYTES_PER_SECOND * seconds));
    }

    @Test
    void oneThatIsGrantedEnoughReadsItAllAndIsNot() {
        var lines = new CopyOnWriteArrayList<String>();
        forget(WORK.resolve("file"));
        var exit = run(fast, FAST, reader(), lines::add);
        assertThat(read(lines)).isEqualTo(FILE_BYTES);
        assertThat(exit.reason()).as("%s", exit).isEqualTo(Reason.DEADLINE);
    }

    private static void requireDisk(Exit exit) {
        assertThat(exit.reason()).as("%s", exit).isEqualTo(Reason.DISK);
        assertThat(exit.reason().limit()).contains("ioBytesPerSecond");
        assertThat(exit.seen())
                .anyMatch(line -> line.startsWith("its bandwidth of the disk was used up for"));
        assertThat(LaunchedChild.traces()).isEmpty();
    }

    private static long read(List<String> lines) {
        return lines.stream()
                .filter(line -> line.startsWith("read "))
                .mapToLong(line -> Long.parseLong(line.substring("read ".length())))
                .max()
                .orElse(0);
    }

    private static Work reader() {
        return new Work.Program(
                WORK,
                List.of(
                        "/opt/java/bin/java",
                        "@/app/java.args",
                        "-cp",
                        Work.Program.DIRECTORY + "/probe.jar",
                        Runaway.class.getName()),
                List.of("file", Work.Program.DIRECTORY + "/file"));
    }

    private static Exit run(
            Path image, AgentManifest manifest, Work work, Consumer<String> output) {
        return Launcher.run(
                LaunchedChild.request(image, manifest, target.port(), work),
                Supervision.NONE,
                output,
                line -> {});
    }

    /// Puts an image into podman's store, as every launch does.
    private static void load(Path image, AgentManifest manifest) {
        run(image, manifest, new Work.Once(List.of("unknown")), line -> {});
    }

    private static void eachFileOf(Path archive, Consumer<Path> action) throws IOException {
        var name = Launcher.imageId(archive).value();
        var mounted = command("podman", "image", "mount", name);
        try (var files = Files.walk(Path.of(mounted))) {
            files.filter(Files::isRegularFile).forEach(action);
        } finally {
            command("podman", "image", "unmount", name);
        }
    }

    private static void recall(Path file) {
        command("dd", "if=" + file, "of=/dev/null", "bs=1M", "status=none");
    }

    /// What is not yet written cannot be forgotten.
    private static void forget(Path file) {
        command("sync", file.toString());
        command("dd", "if=" + file, "iflag=nocache", "count=0", "status=none");
    }

    private static String command(String... command) {
        return new ProcessCommands()
                .require(
                        LaunchException.Code.COMMAND_FAILED,
                        List.of(command),
                        "",
                        Duration.ofMinutes(1))
                .strip();
    }
}
