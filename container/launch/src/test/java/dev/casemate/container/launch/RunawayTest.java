package dev.casemate.container.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.casemate.container.launch.Exit.Reason;
import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Programs that take one thing without end, in real containers: each ends at its own limit, and
/// its end says which.
final class RunawayTest {

    private static final Limits SHORT =
            new Limits(
                    10,
                    20,
                    10_000,
                    Duration.ofSeconds(2),
                    3,
                    500,
                    384L << 20,
                    16L << 20,
                    96,
                    50L << 20);
    private static final AgentManifest MANIFEST = Examples.agent(SHORT);

    private static Path image;
    private static Listener target;

    @BeforeAll
    static void build() throws IOException {
        Machine.assumeItCanLaunch();
        image = TestImages.runaway(MANIFEST);
        target = new Listener("127.0.0.1", 0);
    }

    @AfterAll
    static void remove() throws IOException {
        if (target != null) {
            target.close();
            TestImages.remove(image);
        }
    }

    @Test
    void theOneThatSpinsIsHeldBackAndEndedAtItsDeadline() {
        var exit = run("processor", Supervision.NONE);
        assertThat(exit.reason()).as("%s", exit).isEqualTo(Reason.PROCESSOR);
        assertThat(exit.reason().limit()).contains("cpuMillis");
        assertThat(exit.seen())
                .anyMatch(line -> line.startsWith("the processor was taken from it in"))
                .contains("its run was overdue, and the launcher killed it");
        assertThat(exit.meters().seen(Meter.PROCESSOR_MICROS)).isPositive();
    }

    @Test
    void theOneThatHoardsEndsForWantOfMemory() throws IOException {
        // What podman's monitor leaves in the directory that it was started in.
        var left = Path.of("oom");
        Files.deleteIfExists(left);
        var exit = run("memory", Supervision.NONE);
        assertThat(left).doesNotExist();
        assertThat(exit.reason()).as("%s", exit).isEqualTo(Reason.OUT_OF_MEMORY);
        assertThat(exit.reason().limit()).contains("memoryBytes");
        assertThat(exit.meters().seen(Meter.MEMORY_PEAK_BYTES))
                .isBetween(SHORT.memoryBytes() / 2, SHORT.memoryBytes());
    }

    @Test
    void theOneThatStartsThreadsIsRefusedThem() {
        var exit = run("threads", Supervision.NONE);
        assertThat(exit.reason()).as("%s", exit).isEqualTo(Reason.PROCESSES);
        assertThat(exit.reason().limit()).contains("pids");
        assertThat(exit.meters().seen(Meter.PROCESSES_REFUSED)).isPositive();
    }

    @Test
    void theOneThatFillsItsTemporaryFilesFindsThemFull() {
        var exit = run("disk", Supervision.NONE);
        assertThat(exit.reason()).as("%s", exit).isEqualTo(Reason.TEMPORARY_FILES);
        assertThat(exit.reason().limit()).contains("tmpBytes");
        assertThat(exit.meters().seen(Meter.TEMPORARY_BYTES)).isEqualTo(SHORT.tmpBytes());
    }

    @Test
    void oneThatComesBackIsStartedAgainAsOftenAsAllowedAndThenStaysStopped() {
        var lines = new ArrayList<String>();
        var warnings = new ArrayList<String>();
        var exit =
                Launcher.run(
                        request("disk"),
                        new Supervision(Optional.empty(), 1),
                        lines::add,
                        line -> {
                            synchronized (warnings) {
                                warnings.add(line);
                            }
                        });
        assertThat(lines).containsExactly("started", "started");
        assertThat(exit.attempt()).isEqualTo(2);
        assertThat(exit.reason()).isEqualTo(Reason.TEMPORARY_FILES);
        assertThat(warnings)
                .contains(
                        "casemate: attempt 1 of 2 ended: TEMPORARY_FILES; the next one starts in"
                                + " 1 s");
        assertThat(LaunchedChild.traces()).isEmpty();
    }

    private static Exit run(String runaway, Supervision supervision) {
        var exit = Launcher.run(request(runaway), supervision, line -> {}, line -> {});
        assertThat(LaunchedChild.traces()).isEmpty();
        return exit;
    }

    private static LaunchRequest request(String runaway) {
        var request =
                LaunchedChild.request(
                        image, MANIFEST, target.port(), new Work.Once(List.of(runaway)));
        assertThat(request.without()).isEqualTo(Set.of());
        return request;
    }
}
