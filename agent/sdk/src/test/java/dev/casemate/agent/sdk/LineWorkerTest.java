package dev.casemate.agent.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.Deployment;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.JsonReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A worker that reads lines, as the process runs it.
@Timeout(60)
class LineWorkerTest {

    @TempDir private static Path directory;
    private static Certificates certificates;
    private static AgentManifest manifest;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final List<Deployment> made = new CopyOnWriteArrayList<>();
    private EndSignal signal = new EndSignal(Thread.currentThread(), Duration.ofSeconds(30));
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
    }

    @AfterEach
    void stop() {
        proxy.close();
    }

    private int work(InputStream in, String run, Function<Deployment, ToolSet> agent)
            throws IOException {
        var process =
                new AgentProcess(
                        in,
                        new PrintStream(out, true, StandardCharsets.US_ASCII),
                        new PrintStream(err, true, StandardCharsets.US_ASCII),
                        Approver.NOBODY,
                        signal,
                        _ -> {});
        try {
            var file = proxy.deploymentFile(manifest, run);
            return process.run(new String[] {"--worker", "stdin"}, file, agent);
        } finally {
            // What ended the worker is not to end the test.
            boolean _ = Thread.interrupted();
        }
    }

    private int work(InputStream in) throws IOException {
        return work(in, "batch-7", this::tools);
    }

    private int work(String lines) throws IOException {
        return work(new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8)));
    }

    private ToolSet tools(Deployment deployment) {
        made.add(deployment);
        return new TestTools(manifest, _ -> new ToolOutcome.Answered("one"));
    }

    private static List<Json.Obj> lines(ByteArrayOutputStream stream) {
        return stream.toString(StandardCharsets.UTF_8)
                .lines()
                .map(line -> (Json.Obj) JsonReader.read(line))
                .toList();
    }

    private List<String> events() {
        return lines(out).stream().map(line -> line.text("event").orElse("")).toList();
    }

    private List<Json.Obj> events(String event) {
        return lines(out).stream()
                .filter(line -> line.text("event").equals(java.util.Optional.of(event)))
                .toList();
    }

    private static String task(String id) {
        return "{\"id\":\"" + id + "\",\"task\":\"What is it?\"}\n";
    }

    @Test
    void eachTaskIsARunWithEventsAndOneResultLine() throws IOException {
        assertThat(work(task("a") + task("b"))).isEqualTo(AgentProcess.ANSWERED);
        assertThat(events())
                .containsExactly(
                        "worker_started",
                        "run_started",
                        "run_ended",
                        "task_result",
                        "run_started",
                        "run_ended",
                        "task_result");
        var result = events("task_result").getLast();
        assertThat(result.text("id")).contains("b");
        assertThat(result.text("run")).contains("batch-7:b");
        assertThat(result.text("end")).contains("answered");
        assertThat(result.text("answer")).contains("nine");
        assertThat(err.size()).isZero();
    }

    @Test
    void aRunIsNamedAfterTheWorkerAndTheTaskSoThatARepeatedOneHasTheSameKeys() throws IOException {
        work("{\"id\":\"t.1\",\"task\":\"x\",\"workflow\":\"wf\",\"transaction\":\"tx\"}\n");
        work("{\"id\":\"t.1\",\"task\":\"x\",\"workflow\":\"other\"}\n");
        var runs = made.stream().map(Deployment::correlation).toList();
        // One to see that it can start, one for the run; twice.
        assertThat(runs.stream().map(run -> run.run()))
                .containsExactly("batch-7", "batch-7:t.1", "batch-7", "batch-7:t.1");
        assertThat(runs.get(1).workflow()).isEqualTo("wf");
        assertThat(runs.get(1).transaction()).isEqualTo("tx");
        assertThat(runs.get(3).transaction()).isEqualTo("transaction-1");
        var arguments = Json.object().put("n", 1).build();
        assertThat(IdempotencyKey.of(runs.get(1), "write", arguments))
                .isEqualTo(IdempotencyKey.of(runs.get(3), "write", arguments));
        assertThat(proxy.https.asked.stream().map(LoopbackHttps.Asked::baggage))
                .allSatisfy(it -> assertThat(it).contains("casemate.run.id=batch-7:t.1"));
    }

    @Test
    void aLineThatWillNotDoIsRefusedByAnEventAndTheNextOneIsDone() throws IOException {
        var bad =
                List.of(
                        "{\"id\":\"u\",\"task\":\"x\",\"extra\":1}\n",
                        "\n",
                        " \t\r\n",
                        "{\"id\":\"u\"\n",
                        "[]\n",
                        "{\"id\":\"u\"}\n",
                        "{\"task\":\"x\"}\n",
                        "{\"id\":\"u/..\",\"task\":\"x\"}\n",
                        "{\"id\":\"u\",\"task\":\" \"}\n",
                        "{\"id\":\"u\",\"task\":\"x\",\"workflow\":\"a b\"}\n",
                        "{\"id\":\"u\",\"task\":\"" + "x".repeat(65_537) + "\"}\n",
                        "{\"id\":\"u\",\"id\":\"u\",\"task\":\"x\"}\n",
                        "{\"id\":\"u\",\"task\":\"" + "x".repeat(600_000) + "\"}\n");
        int code = work(String.join("", bad) + task("good"));
        assertThat(code).isEqualTo(AgentProcess.NOT_ANSWERED);
        assertThat(events("line_refused").stream().map(line -> line.text("code").orElse("")))
                .containsExactly(
                        "UNKNOWN_MEMBER",
                        "INVALID_VALUE",
                        "INVALID_VALUE",
                        "MALFORMED_JSON",
                        "INVALID_VALUE",
                        "MISSING_MEMBER",
                        "MISSING_MEMBER",
                        "INVALID_VALUE",
                        "INVALID_VALUE",
                        "INVALID_VALUE",
                        "INVALID_VALUE",
                        "MALFORMED_JSON",
                        "INVALID_VALUE");
        assertThat(events("line_refused").getLast().get("line")).contains(Json.of(13));
        assertThat(events("task_result").getFirst().text("id")).contains("good");
        assertThat(proxy.prompts()).isEqualTo(1);
    }

    @Test
    void bytesThatAreNotUtf8AreRefused() throws IOException {
        var bytes = (task("a") + "?\n" + task("b")).getBytes(StandardCharsets.UTF_8);
        bytes[task("a").length()] = (byte) 0xff;
        assertThat(work(new ByteArrayInputStream(bytes))).isEqualTo(AgentProcess.NOT_ANSWERED);
        assertThat(events("line_refused").getFirst().text("message").orElse("")).contains("UTF-8");
        assertThat(events("task_result")).hasSize(2);
    }

    @Test
    void anIdThatCameBeforeIsRefusedAndItsTaskIsNotDoneAgain() throws IOException {
        assertThat(work(task("a") + task("a"))).isEqualTo(AgentProcess.NOT_ANSWERED);
        assertThat(events("task_result")).hasSize(1);
        assertThat(events("line_refused").getFirst().text("code")).contains("BROKEN_REFERENCE");
        assertThat(proxy.prompts()).isEqualTo(1);
    }

    @Test
    void aTaskWithoutAnAnswerIsToldAndTheNextOneIsDone() throws IOException {
        proxy.model =
                exchange -> {
                    LoopbackHttps.json(
                            exchange,
                            403,
                            "{\"error\":{\"message\":\"no\",\"code\":\"policy_blocked\"}}");
                    proxy.model = ProxyDouble.saying("nine");
                };
        assertThat(work(task("a") + task("b"))).isEqualTo(AgentProcess.NOT_ANSWERED);
        assertThat(events("task_result").stream().map(line -> line.text("end").orElse("")))
                .containsExactly("model_refused", "answered");
        assertThat(events("task_result").getFirst().text("code")).contains("policy_blocked");
    }

    @Test
    void noMoreThanOneTaskIsReadAhead() throws IOException {
        var pipe = new PipedInputStream(64 << 10);
        var ahead = new CopyOnWriteArrayList<Integer>();
        try (var writer = new PipedOutputStream(pipe)) {
            for (int i = 0; i < 3; i++) {
                // Fills whatever reads in pieces of this size.
                writer.write(
                        (" ".repeat(16_383 - task("t" + i).length()) + task("t" + i) + "")
                                .getBytes(StandardCharsets.UTF_8));
            }
        }
        proxy.model =
                exchange -> {
                    ahead.add(pipe.available());
                    ProxyDouble.saying("nine").answer(exchange);
                };
        assertThat(work(pipe)).isEqualTo(AgentProcess.ANSWERED);
        assertThat(ahead).hasSize(3);
        assertThat(ahead.getFirst()).isGreaterThanOrEqualTo(16_000);
    }

    @Test
    void toldToEndTheTaskInHandIsFinishedAndNoOtherIsTakenUp() throws Exception {
        var asked = new CountDownLatch(1);
        var answer = new CountDownLatch(1);
        proxy.model =
                exchange -> {
                    asked.countDown();
                    await(answer);
                    ProxyDouble.saying("nine").answer(exchange);
                };
        var teller = tellAfter(asked, answer::countDown);
        assertThat(work(task("a") + task("b") + task("c"))).isEqualTo(AgentProcess.CUT_SHORT);
        teller.join();
        assertThat(events("task_result").stream().map(line -> line.text("id").orElse("")))
                .containsExactly("a");
        // The next line may have been read already; then it is said whose it is.
        assertThat(events("task_returned").stream().map(line -> line.text("id").orElse("")))
                .isSubsetOf("b");
        assertThat(proxy.prompts()).isEqualTo(1);
    }

    @Test
    void aTaskThatDoesNotEndWithinTheGraceTimeIsCancelledAndReturned() throws Exception {
        signal = new EndSignal(Thread.currentThread(), Duration.ofMillis(50));
        var asked = new CountDownLatch(1);
        proxy.model =
                _ -> {
                    asked.countDown();
                    proxy.https.hang();
                };
        var teller = tellAfter(asked, () -> {});
        assertThat(work(task("a"))).isEqualTo(AgentProcess.CUT_SHORT);
        teller.join();
        assertThat(events())
                .containsExactly("worker_started", "run_started", "run_ended", "task_returned");
        assertThat(events("run_ended").getFirst().text("end")).contains("cancelled");
        assertThat(events("task_returned").getFirst().text("id")).contains("a");
    }

    @Test
    void toldToEndWhileItWaitsForALineItEndsAtOnce() throws Exception {
        var pipe = new PipedInputStream();
        try (var writer = new PipedOutputStream(pipe)) {
            writer.write(task("a").getBytes(StandardCharsets.UTF_8));
            writer.flush();
            var teller =
                    Thread.ofVirtual()
                            .start(() -> {
                                while (events("task_result").isEmpty()) {
                                    Thread.onSpinWait();
                                }
                                tell();
                            });
            assertThat(work(pipe)).isEqualTo(AgentProcess.CUT_SHORT);
            teller.join();
        }
        assertThat(events("task_result")).hasSize(1);
    }

    @Test
    void aBrokenInputIsAnEndThatSaysSo() throws IOException {
        var broken =
                new InputStream() {
                    private final InputStream first =
                            new ByteArrayInputStream(task("a").getBytes(StandardCharsets.UTF_8));

                    @Override
                    public int read() {
                        throw new UnsupportedOperationException();
                    }

                    @Override
                    public int read(byte[] into, int from, int length) throws IOException {
                        int some = first.read(into, from, length);
                        if (some < 0) {
                            throw new IOException("torn");
                        }
                        return some;
                    }
                };
        assertThat(work(broken)).isEqualTo(AgentProcess.NOT_ANSWERED);
        assertThat(events("task_result")).hasSize(1);
        assertThat(lines(err).getFirst().text("event")).contains("input_failed");
    }

    @Test
    void aWorkerWhoseRunsCannotBeNamedDoesNotStart() throws IOException {
        var name = "r".repeat(Assignment.MAX_WORKER_RUN_CHARS + 1);
        var none = new ByteArrayInputStream(new byte[0]);
        assertThat(work(none, name, this::tools)).isEqualTo(AgentProcess.MISCONFIGURED);
        assertThat(lines(err).getFirst().text("event")).contains("not_started");
        assertThat(out.size()).isZero();
    }

    @Test
    void anAgentThatCanNoLongerBeMadeReturnsItsTaskAndEndsTheWorker() throws IOException {
        Function<Deployment, ToolSet> once =
                deployment -> {
                    if (!made.isEmpty()) {
                        throw new GuardException(
                                GuardException.Code.MISCONFIGURED, "expected a secret file");
                    }
                    return tools(deployment);
                };
        var in = new ByteArrayInputStream(task("a").getBytes(StandardCharsets.UTF_8));
        assertThat(work(in, "batch-7", once)).isEqualTo(AgentProcess.MISCONFIGURED);
        assertThat(events("task_returned").getFirst().text("reason")).contains("not_started");
        assertThat(lines(err).getFirst().text("event")).contains("run_not_started");
    }

    private Thread tellAfter(CountDownLatch latch, Runnable then) {
        return Thread.ofVirtual()
                .start(() -> {
                    await(latch);
                    var telling = Thread.ofVirtual().start(this::tell);
                    while (!signal.told()) {
                        Thread.onSpinWait();
                    }
                    then.run();
                    try {
                        telling.join();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
    }

    private void tell() {
        try {
            signal.tell();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
