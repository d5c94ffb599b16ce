package dev.casemate.container.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.casemate.manifest.Correlation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ContainerLogTest {

    private static final Correlation RUN = new Correlation("run-1", "w", "t");

    private final AtomicLong now = new AtomicLong();
    private final ContainerLog log = new ContainerLog(now::get);

    @TempDir private Path directory;

    @Test
    void linesOfOneRunAreTakenTogetherAndOfAnotherApart() throws InterruptedException {
        log.add(RUN, "stderr", "one");
        log.add(RUN, "stdout", "two");
        log.add(new Correlation("run-2", "w", "t"), "stderr", "three");
        log.close();
        assertThat(log.take()).extracting(ContainerLog.Line::text).containsExactly("one", "two");
        assertThat(log.take()).extracting(ContainerLog.Line::text).containsExactly("three");
        assertThat(log.take()).isEmpty();
        assertThat(log.takeDropped()).isZero();
    }

    @Test
    void whatWaitsIsBoundedAndTheRestIsCounted() {
        for (int i = 0; i < ContainerLog.MAX_WAITING + 7; i++) {
            log.add(RUN, "stderr", "x");
        }
        assertThat(log.takeDropped()).isEqualTo(7);
        assertThat(log.takeDropped()).isZero();
    }

    @Test
    void afterABurstOnlyTheRateIsTaken() throws InterruptedException {
        var line = "x".repeat(ContainerLog.MAX_LINE_CHARS);
        long whole = ContainerLog.BURST_CHARS / ContainerLog.MAX_LINE_CHARS;
        for (int i = 0; i < whole; i++) {
            log.add(RUN, "stderr", line);
            assertThat(log.take()).hasSize(1);
        }
        log.add(RUN, "stderr", line);
        assertThat(log.takeDropped()).isEqualTo(1);
        now.addAndGet(1_000_000_000);
        log.add(RUN, "stderr", line);
        assertThat(log.takeDropped()).isZero();
        log.add(RUN, "stderr", line);
        assertThat(log.takeDropped()).isEqualTo(1);
    }

    @Test
    void aLongLineIsCutButNotWithinACharacter() throws InterruptedException {
        log.add(RUN, "stderr", "x".repeat(ContainerLog.MAX_LINE_CHARS - 1) + "\uD83D\uDE00");
        assertThat(log.take())
                .extracting(ContainerLog.Line::text)
                .containsExactly("x".repeat(ContainerLog.MAX_LINE_CHARS - 1));
    }

    @Test
    void theSecretsOfTheLaunchAreTakenOutOfItsLines() throws Exception {
        var first = Files.writeString(directory.resolve("a"), "sesame\n");
        var second = Files.writeString(directory.resolve("b"), "open-sesame-now\nno\n");
        var redaction = Redaction.of(List.of(first, second));
        assertThat(redaction.of("open-sesame-now, or sesame; no"))
                .isEqualTo(Redaction.INSTEAD + ", or " + Redaction.INSTEAD + "; no");
    }

    @Test
    void aWorkersLinesAreThoseOfTheRunInHand() {
        var hearing = new Hearing(new Correlation("worker", "w", "t"));
        assertThat(hearing.current().run()).isEqualTo("worker");
        hearing.heard(
                "{\"event\":\"run_started\",\"run\":\"worker:one\",\"workflow\":\"own\",\"transaction\":\"no id\"}");
        assertThat(hearing.current()).isEqualTo(new Correlation("worker:one", "own", "t"));
        hearing.heard("{\"event\":\"run_ended\",\"end\":\"step_limit\"}");
        assertThat(hearing.runInHand()).isEmpty();
        assertThat(hearing.toldEnd()).contains("step_limit");
    }

    @Test
    void aRunOfSomebodyElseIsNotHeard() {
        var hearing = new Hearing(new Correlation("worker", "w", "t"));
        hearing.heard("{\"event\":\"run_started\",\"run\":\"somebody:one\"}");
        hearing.heard("{\"event\":\"run_started\",\"run\":\"worker\"}");
        hearing.heard("{\"event\":\"run_started\",");
        assertThat(hearing.runInHand()).isEmpty();
        hearing.heard("{\"event\":\"run_ended\",\"end\":\"Not a word!\"}");
        assertThat(hearing.toldEnd()).isEmpty();
    }

    @Test
    void onlyTheAgentsOwnEventsAreNoLog() {
        assertThat(Hearing.isEvent("{\"event\":\"tool_call\",\"tool\":\"x\"}")).isTrue();
        assertThat(Hearing.isEvent("{\"event\":\"tool_calls\"}")).isFalse();
        assertThat(Hearing.isEvent("a line")).isFalse();
    }
}
