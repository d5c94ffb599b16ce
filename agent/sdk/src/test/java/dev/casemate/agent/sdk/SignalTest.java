package dev.casemate.agent.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.casemate.manifest.AgentManifest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Real processes, ended by real signals.
@Timeout(60)
class SignalTest {

    private static final long END_SECONDS =
            AgentProcess.GRACE.plus(AgentProcess.FAREWELL).plusSeconds(10).toSeconds();

    @TempDir private static Path directory;
    private static Certificates certificates;
    private static AgentManifest manifest;

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch answer = new CountDownLatch(1);
    private ProxyDouble proxy;

    @BeforeAll
    static void prepare() throws IOException {
        certificates = Certificates.named("dns:localhost", directory);
        Files.writeString(directory.resolve("credential"), "agent-key");
        try (var in = ClassLoader.getSystemResourceAsStream(AgentManifest.RESOURCE)) {
            manifest = AgentManifest.read(in.readAllBytes());
        }
    }

    @BeforeEach
    void start() {
        proxy = new ProxyDouble(certificates, directory);
        proxy.model =
                exchange -> {
                    asked.countDown();
                    await(answer);
                    ProxyDouble.saying("nine").answer(exchange);
                };
    }

    @AfterEach
    void stop() {
        answer.countDown();
        proxy.close();
    }

    private Process agent(String... arguments) throws IOException {
        var command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                "-D"
                                        + AgentProcess.DEPLOYMENT_PROPERTY
                                        + "="
                                        + proxy.deploymentFile(manifest, "run-1"),
                                EndedAgent.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    /// What the process had printed when it was gone.
    private static String ended(Process agent, int code) throws Exception {
        try {
            assertThat(agent.waitFor(END_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(agent.exitValue()).isEqualTo(code);
            return new String(agent.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } finally {
            agent.destroyForcibly();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(40, TimeUnit.SECONDS)) {
                throw new AssertionError("expected to go on");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aTaskThatEndsWithinTheGraceTimeIsAnsweredAndTheExitCodeSaysSo() throws Exception {
        var agent = agent("What is it?");
        await(asked);
        assertThat(agent.toHandle().destroy()).isTrue();
        // Long enough for the signal to arrive; if it has not, the same is expected.
        assertThat(agent.waitFor(500, TimeUnit.MILLISECONDS)).isFalse();
        answer.countDown();
        assertThat(ended(agent, AgentProcess.ANSWERED)).contains("\"answer\":\"nine\"");
    }

    @Test
    void aTaskThatDoesNotIsCancelledAfterItAndTheRunTellsItsEnd() throws Exception {
        var agent = agent("What is it?");
        await(asked);
        assertThat(agent.toHandle().destroy()).isTrue();
        long told = System.nanoTime();
        assertThat(ended(agent, AgentProcess.CUT_SHORT)).contains("\"end\":\"cancelled\"");
        assertThat(Duration.ofNanos(System.nanoTime() - told)).isGreaterThan(AgentProcess.GRACE);
        assertThat(proxy.posted("/v1/casemate/events").getLast().text("end")).contains("cancelled");
    }

    @Test
    void aWorkerThatWaitsForALineEndsAtOnce() throws Exception {
        var agent = agent("--worker", "stdin");
        try (var _ = agent.getOutputStream()) {
            assertThat(agent.inputReader(StandardCharsets.UTF_8).readLine())
                    .contains("worker_started");
            assertThat(agent.toHandle().destroy()).isTrue();
            long told = System.nanoTime();
            assertThat(ended(agent, AgentProcess.CUT_SHORT)).isEmpty();
            assertThat(Duration.ofNanos(System.nanoTime() - told)).isLessThan(AgentProcess.GRACE);
        }
    }

    @Test
    void aWorkerOfTheQueueThatWaitsForATaskEndsAtOnceWithNothingUndone() throws Exception {
        var waits = new CountDownLatch(1);
        proxy.next.add(_ -> {
            waits.countDown();
            proxy.https.hang();
        });
        var agent = agent("--worker", "proxy");
        await(waits);
        assertThat(agent.toHandle().destroy()).isTrue();
        long told = System.nanoTime();
        assertThat(ended(agent, AgentProcess.ANSWERED)).contains("worker_started");
        assertThat(Duration.ofNanos(System.nanoTime() - told)).isLessThan(AgentProcess.GRACE);
    }
}
