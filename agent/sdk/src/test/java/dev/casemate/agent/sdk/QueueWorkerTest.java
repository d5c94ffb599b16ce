package dev.casemate.agent.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.Deployment;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.JsonReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A worker that asks the proxy for its tasks, against a queue that fails in every way.
@Timeout(60)
class QueueWorkerTest {

    private static final String RESULT_A = "/v1/casemate/tasks/a/result";
    private static final String RETURN_A = "/v1/casemate/tasks/a/return";

    @TempDir private static Path directory;
    private static Certificates certificates;
    private static AgentManifest manifest;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final List<Duration> pauses = new ArrayList<>();
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
        // When the script is at its end, so is the worker.
        proxy.atTheEnd =
                exchange -> {
                    tell();
                    ProxyDouble.NO_TASK.answer(exchange);
                };
    }

    @AfterEach
    void stop() {
        proxy.close();
    }

    private void tell() {
        try {
            signal.tell();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private int work() throws IOException {
        var lines =
                new EventLines(
                        new PrintStream(out, true, StandardCharsets.US_ASCII),
                        new PrintStream(err, true, StandardCharsets.US_ASCII));
        var runs =
                new AgentRuns(
                        proxy.deployment(manifest, "analyst"),
                        QueueWorkerTest::tools,
                        OpenAiChatClient.Answers.WHOLE,
                        Approver.NOBODY,
                        lines,
                        _ -> {});
        try {
            return new QueueWorker(
                            runs, lines, signal, InstantSource.system(), new Random(5), pauses::add)
                    .work();
        } finally {
            // What ended the worker is not to end the test.
            boolean _ = Thread.interrupted();
        }
    }

    private static ToolSet tools(Deployment deployment) {
        return new TestTools(manifest, _ -> new ToolOutcome.Answered("one"));
    }

    private static List<Json.Obj> events(ByteArrayOutputStream stream, String event) {
        return stream.toString(StandardCharsets.UTF_8)
                .lines()
                .map(line -> (Json.Obj) JsonReader.read(line))
                .filter(line -> line.text("event").equals(Optional.of(event)))
                .toList();
    }

    private List<String> asks() {
        return proxy.posted(TaskQueue.NEXT).stream()
                .map(body -> body.text("ask").orElse(""))
                .toList();
    }

    @Test
    void aTaskIsDoneAndItsResultTold() throws IOException {
        proxy.next.add(ProxyDouble.task("a", "d-1", 60));
        assertThat(work()).isEqualTo(AgentProcess.ANSWERED);
        assertThat(proxy.posted(RESULT_A))
                .containsExactly(
                        (Json.Obj)
                                JsonReader.read(
                                        "{\"run\":\"analyst:a\",\"end\":\"answered\","
                                                + "\"answer\":\"nine\",\"steps\":1,\"calls\":0,"
                                                + "\"tokens\":18,\"delivery\":\"d-1\"}"));
        assertThat(events(out, "task_result").getFirst().text("run")).contains("analyst:a");
        assertThat(proxy.https.asked)
                .allSatisfy(it -> assertThat(it.authorization()).isEqualTo("Bearer agent-key"));
    }

    @Test
    void whereThereIsNoTaskItWaitsAsLongAsItIsToldOrItsDefault() throws IOException {
        proxy.next.add(ProxyDouble.NO_TASK);
        proxy.next.add(ProxyDouble.status(204, "17"));
        proxy.next.add(ProxyDouble.status(204, "999999"));
        proxy.next.add(ProxyDouble.status(204, "Wed, 21 Oct 2026 07:28:00 GMT"));
        proxy.next.add(ProxyDouble.status(204, "0"));
        work();
        assertThat(pauses)
                .startsWith(
                        QueueWorker.IDLE,
                        Duration.ofSeconds(17),
                        QueueWorker.LONGEST_WAIT,
                        QueueWorker.SHORTEST_WAIT,
                        QueueWorker.SHORTEST_WAIT);
        assertThat(asks()).doesNotHaveDuplicates();
    }

    @Test
    void anAnswerThatIsLostIsAskedForAgainUnderTheSameName() throws IOException {
        proxy.next.add(ProxyDouble.lost());
        proxy.next.add(ProxyDouble.status(503));
        proxy.next.add(ProxyDouble.status(429, "3"));
        proxy.next.add(ProxyDouble.task("a", "d-1", 60));
        work();
        assertThat(asks().subList(0, 4)).containsOnly(asks().getFirst());
        assertThat(asks().get(4)).isNotEqualTo(asks().getFirst());
        assertThat(pauses.get(2)).isEqualTo(Duration.ofSeconds(3));
        assertThat(events(err, "queue_unwell")).hasSize(3);
        assertThat(proxy.posted(RESULT_A)).hasSize(1);
    }

    @Test
    void aProxyThatStaysUnwellIsAskedMoreAndMoreSeldom() throws IOException {
        for (int i = 0; i < 12; i++) {
            proxy.next.add(ProxyDouble.status(500));
        }
        work();
        assertThat(pauses.getFirst()).isBetween(Duration.ofMillis(500), QueueWorker.FIRST_RETRY);
        assertThat(pauses.get(11))
                .isBetween(QueueWorker.LONGEST_RETRY.dividedBy(2), QueueWorker.LONGEST_RETRY);
        assertThat(pauses)
                .allSatisfy(it -> assertThat(it).isLessThanOrEqualTo(QueueWorker.LONGEST_RETRY));
    }

    @Test
    void aProxyThatRefusesForGoodEndsTheWorker() throws IOException {
        proxy.next.add(exchange ->
                LoopbackHttps.json(
                        exchange,
                        403,
                        "{\"error\":{\"message\":\"no\",\"code\":\"manifest_not_admitted\"}}"));
        assertThat(work()).isEqualTo(AgentProcess.REFUSED);
        assertThat(events(err, "queue_refused").getFirst().text("failure"))
                .contains("status 403 manifest_not_admitted");
    }

    @Test
    void aTaskThatWillNotDoIsNotRunAndIsHandedBackIfItSaysWhoseItIs() throws IOException {
        var good = ProxyDouble.taskText("a", "d-1", 60);
        for (var bad :
                List.of(
                        "",
                        "null",
                        "[]",
                        good.substring(1),
                        good.replace("\"task\"", "\"text\""),
                        good.replace("{", "{\"run\":\"other\","),
                        good.replace(":60", ":0"),
                        good.replace(":60", ":86401"),
                        good.replace("d-1", "d 1"),
                        good.replace("\"a\"", "\"../a\""))) {
            proxy.next.add(exchange -> LoopbackHttps.json(exchange, 200, bad));
        }
        proxy.next.add(ProxyDouble.task("b", "d-2", 60));
        assertThat(work()).isEqualTo(AgentProcess.ANSWERED);
        assertThat(events(out, "task_refused")).hasSize(10);
        assertThat(events(out, "task_result")).hasSize(1);
        assertThat(proxy.posted(RETURN_A)).hasSize(4);
        assertThat(proxy.posted(RETURN_A))
                .allSatisfy(it -> {
                    assertThat(it.text("reason")).contains("malformed");
                    assertThat(it.text("delivery")).contains("d-1");
                });
        assertThat(proxy.prompts()).isEqualTo(1);
        assertThat(asks()).doesNotHaveDuplicates();
    }

    @Test
    void aResultWhoseAnswerIsLostIsToldAgain() throws IOException {
        proxy.next.add(ProxyDouble.task("a", "d-1", 60));
        proxy.told.add(ProxyDouble.lost());
        proxy.told.add(ProxyDouble.status(502));
        proxy.told.add(ProxyDouble.status(503, "2"));
        work();
        assertThat(proxy.posted(RESULT_A)).hasSize(4);
        assertThat(proxy.posted(RESULT_A)).containsOnly(proxy.posted(RESULT_A).getFirst());
        assertThat(pauses.get(2)).isEqualTo(Duration.ofSeconds(2));
        assertThat(events(out, "result_not_taken")).isEmpty();
    }

    @Test
    void aResultThatNobodyTakesIsGivenUpAndSaid() throws IOException {
        proxy.next.add(ProxyDouble.task("a", "d-1", 3600));
        for (int i = 0; i < QueueWorker.TELLINGS; i++) {
            proxy.told.add(ProxyDouble.status(500));
        }
        proxy.next.add(ProxyDouble.task("b", "d-2", 60));
        proxy.told.add(ProxyDouble.status(409));
        assertThat(work()).isEqualTo(AgentProcess.ANSWERED);
        assertThat(proxy.posted(RESULT_A)).hasSize(QueueWorker.TELLINGS);
        assertThat(
                        events(out, "result_not_taken").stream()
                                .map(line -> line.text("failure").orElse("")))
                .containsExactly("status 500", "status 409");
    }

    @Test
    void aResultIsNotToldAfterTheLease() throws IOException {
        proxy.next.add(ProxyDouble.task("a", "d-1", 2));
        proxy.told.add(ProxyDouble.status(503, "30"));
        work();
        assertThat(proxy.posted(RESULT_A)).hasSize(1);
        assertThat(pauses).doesNotContain(Duration.ofSeconds(30));
        assertThat(events(out, "result_not_taken")).hasSize(1);
    }

    @Test
    void aTaskThatComesAgainIsNotRunAgain() throws IOException {
        proxy.next.add(ProxyDouble.task("a", "d-1", 60));
        proxy.next.add(ProxyDouble.task("b", "d-2", 60));
        proxy.next.add(ProxyDouble.task("a", "d-3", 60));
        work();
        assertThat(proxy.prompts()).isEqualTo(2);
        assertThat(proxy.posted(RESULT_A).stream().map(it -> it.text("delivery").orElse("")))
                .containsExactly("d-1", "d-3");
        assertThat(proxy.posted(RESULT_A).getLast().text("answer")).contains("nine");
    }

    @Test
    void anotherTaskUnderANameThatWasUsedIsHandedBack() throws IOException {
        proxy.next.add(ProxyDouble.task("a", "d-1", 60));
        proxy.next.add(exchange ->
                LoopbackHttps.json(
                        exchange,
                        200,
                        ProxyDouble.taskText("a", "d-2", 60).replace("What", "Who")));
        work();
        assertThat(proxy.prompts()).isEqualTo(1);
        assertThat(proxy.posted(RESULT_A)).hasSize(1);
        assertThat(proxy.posted(RETURN_A).getFirst().text("reason")).contains("id_used_before");
    }

    @Test
    void aRunIsCancelledBeforeItsLeaseEndsAndNothingIsToldOfIt() throws IOException {
        proxy.model = _ -> proxy.https.hang();
        proxy.next.add(ProxyDouble.task("a", "d-1", 1));
        long begun = System.nanoTime();
        assertThat(work()).isEqualTo(AgentProcess.ANSWERED);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(20));
        assertThat(events(out, "run_ended").getFirst().text("end")).contains("cancelled");
        assertThat(events(out, "task_returned").getFirst().text("reason")).contains("lease_ended");
        assertThat(proxy.posted(RESULT_A)).isEmpty();
        assertThat(proxy.posted(RETURN_A)).isEmpty();
    }

    @Test
    void toldToEndTheTaskInHandIsFinishedAndNoOtherIsAskedFor() throws Exception {
        var answer = new CountDownLatch(1);
        proxy.model =
                exchange -> {
                    Thread.ofVirtual()
                            .start(() -> {
                                while (!signal.told()) {
                                    Thread.onSpinWait();
                                }
                                answer.countDown();
                            });
                    Thread.ofVirtual().start(this::tell);
                    await(answer);
                    ProxyDouble.saying("nine").answer(exchange);
                };
        proxy.next.add(ProxyDouble.task("a", "d-1", 60));
        proxy.next.add(ProxyDouble.task("b", "d-2", 60));
        assertThat(work()).isEqualTo(AgentProcess.ANSWERED);
        assertThat(proxy.posted(RESULT_A)).hasSize(1);
        assertThat(proxy.next).hasSize(1);
    }

    @Test
    void aTaskThatDoesNotEndWithinTheGraceTimeIsHandedBack() throws Exception {
        signal = new EndSignal(Thread.currentThread(), Duration.ofMillis(50));
        proxy.model =
                _ -> {
                    Thread.ofVirtual().start(this::tell);
                    proxy.https.hang();
                };
        proxy.next.add(ProxyDouble.task("a", "d-1", 60));
        assertThat(work()).isEqualTo(AgentProcess.CUT_SHORT);
        assertThat(proxy.posted(RETURN_A).getFirst().text("reason")).contains("ending");
        assertThat(proxy.posted(RESULT_A)).isEmpty();
        assertThat(events(out, "task_returned").getFirst().text("id")).contains("a");
    }

    @Test
    void aTaskThatComesWhenItWasToldToEndIsHandedBackUnbegun() throws Exception {
        var lent = new CountDownLatch(1);
        // The worker is interrupted in its waiting and may not hear of the task at all; here it
        // does, because the signal comes only when the answer is under way.
        signal = new EndSignal(new Thread(() -> {}), Duration.ofSeconds(30));
        proxy.next.add(exchange -> {
            tell();
            lent.countDown();
            ProxyDouble.task("a", "d-1", 60).answer(exchange);
        });
        assertThat(work()).isEqualTo(AgentProcess.CUT_SHORT);
        await(lent);
        assertThat(proxy.prompts()).isZero();
        assertThat(proxy.posted(RETURN_A).getFirst().text("reason")).contains("ending");
    }

    @Test
    void aReturnThatIsLostIsSaidAndDoesNotHoldUpTheEnd() throws Exception {
        signal = new EndSignal(Thread.currentThread(), Duration.ZERO);
        proxy.model =
                _ -> {
                    Thread.ofVirtual().start(this::tell);
                    proxy.https.hang();
                };
        proxy.next.add(ProxyDouble.task("a", "d-1", 60));
        proxy.told.add(ProxyDouble.lost());
        assertThat(work()).isEqualTo(AgentProcess.CUT_SHORT);
        assertThat(events(err, "return_not_taken")).hasSize(1);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
