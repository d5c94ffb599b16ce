package dev.casemate.container.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.casemate.container.launch.Exit.Reason;
import dev.casemate.container.launch.LaunchException.Code;
import dev.casemate.manifest.Limits;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// How launches end, and what is left of them: nothing.
final class LauncherTest {

    private static final Duration END = Duration.ofSeconds(60);

    private static Path sleeper;
    private static Path lineReader;

    private Listener target;

    @BeforeAll
    static void build() {
        Machine.assumeItCanLaunch();
        sleeper = TestImages.sleeper(Examples.agent());
        lineReader = TestImages.lineReader();
    }

    @AfterAll
    static void remove() {
        if (sleeper != null) {
            TestImages.remove(sleeper, lineReader);
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

    @Test
    void anAgentThatDoesNotEndIsKilledAfterItsDeadline() {
        var limits = Examples.LIMITS;
        var hasty =
                Examples.agent(
                        new Limits(
                                limits.steps(),
                                limits.toolCalls(),
                                limits.tokens(),
                                Duration.ofSeconds(1),
                                limits.identicalCalls(),
                                limits.cpuMillis(),
                                limits.memoryBytes(),
                                limits.tmpBytes(),
                                limits.pids(),
                                limits.ioBytesPerSecond()));
        var archive = TestImages.sleeper(hasty);
        var request = LaunchedChild.request(archive, hasty, target.port());
        var lines = new ArrayList<String>();
        var exit = Launcher.run(request, lines::add, line -> {});
        assertThat(lines).containsExactly("started");
        assertThat(exit.reason()).isEqualTo(Reason.DEADLINE);
        assertThat(exit.duration()).isGreaterThan(Container.GRACE);
        TestImages.remove(archive);
        assertThat(LaunchedChild.traces()).isEmpty();
    }

    @Test
    void aSignalToTheLauncherEndsTheAgentAndLeavesNothing() throws Exception {
        var launcher = LaunchedChild.start(sleeper, target.port());
        assertThat(LaunchedChild.traces()).isNotEmpty();
        launcher.destroy();
        assertThat(launcher.waitFor(END.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(LaunchedChild.traces()).isEmpty();
    }

    @Test
    void theLinesOfAWorkerReachItAndTheirEndIsItsEnd() {
        var text = "x".repeat(300_000);
        var input = ("one\n" + text + "\nlast").getBytes(StandardCharsets.UTF_8);
        var lines = new ArrayList<String>();
        var exit =
                Launcher.run(
                        LaunchedChild.request(
                                lineReader,
                                Examples.agent(),
                                target.port(),
                                new Work.Lines(new ByteArrayInputStream(input))),
                        lines::add,
                        line -> {});
        assertThat(lines)
                .containsExactly(
                        "started", "read 3 one", "read 300000 xxx", "read 4 las", "no more");
        assertThat(exit.reason()).isEqualTo(Reason.COMPLETED);
        assertThat(LaunchedChild.traces()).isEmpty();
    }

    @Test
    void theFirstSignalTellsTheAgentAndTheSecondEndsIt() throws Exception {
        var launcher = LaunchedChild.start(lineReader, target.port());
        var output = launcher.inputReader(StandardCharsets.UTF_8);
        assertThat(launcher.toHandle().destroy()).isTrue();
        assertThat(output.readLine()).isEqualTo("told to end");
        long told = System.nanoTime();
        assertThat(launcher.toHandle().destroy()).isTrue();
        assertThat(launcher.waitFor(END.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - told)).isLessThan(Launcher.TIME_TO_END);
        assertThat(LaunchedChild.traces()).isEmpty();
    }

    @Test
    void whatAKilledLauncherLeftIsTakenAwayByTheNextOne() throws Exception {
        var launcher = LaunchedChild.start(sleeper, target.port());
        launcher.destroyForcibly().waitFor();
        assertThat(LaunchedChild.traces()).contains("casemate-");
        var remains = new Remains(new ProcessCommands());
        var id = new Places(LaunchFiles.BASE, remains).take(line -> {});
        assertThat(remains.remove(new LaunchFiles(LaunchFiles.BASE, id))).isEmpty();
        assertThat(LaunchedChild.traces()).isEmpty();
    }

    @Test
    void aTargetThatDoesNotAnswerIsNamedAndNothingIsStarted() throws IOException {
        target.close();
        refused(Code.TARGET_UNREACHABLE, request());
        assertThat(LaunchedChild.traces()).isEmpty();
    }

    @Test
    void anImageOfAnotherManifestIsRefused() {
        var other = Examples.agent(Examples.LIMITS);
        var limits = other.limits();
        var larger =
                Examples.agent(
                        new Limits(
                                limits.steps() + 1,
                                limits.toolCalls(),
                                limits.tokens(),
                                limits.deadline(),
                                limits.identicalCalls(),
                                limits.cpuMillis(),
                                limits.memoryBytes(),
                                limits.tmpBytes(),
                                limits.pids(),
                                limits.ioBytesPerSecond()));
        refused(Code.IMAGE_MISMATCH, LaunchedChild.request(sleeper, larger, target.port()));
    }

    @Test
    void rulesThatWereNotLoadedAreNoticedBeforeAnAgentIsStarted() {
        var real = new ProcessCommands();
        var remains = new Remains(real);
        var id = new Places(LaunchFiles.BASE, remains).take(line -> {});
        var files = new LaunchFiles(LaunchFiles.BASE, id);
        try {
            for (var ignored : List.of("the agent's end", "the host's end")) {
                remains.remove(files);
                // Says that it loaded the rules, as a file whose rules match nothing does.
                Commands lying =
                        (arguments, input, limit) ->
                                arguments.contains("nft")
                                                && arguments.contains("netns")
                                                        == ignored.equals("the agent's end")
                                        ? new Commands.Outcome(0, "")
                                        : real.run(arguments, input, limit);
                var facts = new HostMachine(real).facts();
                var plan = NetworkPlan.of(request(), id, facts);
                assertThatThrownBy(() -> new Namespace(lying, plan, line -> {}).open())
                        .isInstanceOfSatisfying(
                                LaunchException.class,
                                e -> assertThat(e.code()).isEqualTo(Code.NETWORK_OPEN))
                        .hasMessageContaining(ignored);
            }
        } finally {
            assertThat(remains.remove(files)).isEmpty();
        }
        assertThat(LaunchedChild.traces()).isEmpty();
    }

    private LaunchRequest request() {
        return LaunchedChild.request(sleeper, Examples.agent(), target.port());
    }

    private static void refused(Code code, LaunchRequest request) {
        assertThatThrownBy(() -> Launcher.run(request, line -> {}, line -> {}))
                .isInstanceOfSatisfying(
                        LaunchException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
