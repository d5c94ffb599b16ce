package dev.casemate.agent.sdk;

import static dev.casemate.agent.sdk.TestRun.answered;
import static dev.casemate.agent.sdk.TestRun.call;
import static dev.casemate.agent.sdk.TestRun.calls;
import static dev.casemate.agent.sdk.TestRun.outcomes;
import static dev.casemate.agent.sdk.TestRun.says;
import static org.assertj.core.api.Assertions.assertThat;

import dev.casemate.agent.sdk.ToolOutcome.Refusal;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Wherever a run is cut, it ends at once, and each call is answered and on record.
@Timeout(30)
class CancelledRunTest {

    private final Thread thread = Thread.currentThread();

    @AfterEach
    void clear() {
        boolean _ = Thread.interrupted();
    }

    private static ToolCall[] lookUps(int count) {
        var made = new ToolCall[count];
        for (int i = 0; i < count; i++) {
            made[i] = call("c" + i, "look_up", "{\"n\":" + i + "}");
        }
        return made;
    }

    @Test
    void callsThatRunAtTheSameTimeAreAllInterruptedAndTheRestDoesNotBegin() {
        var running = new CountDownLatch(AtOnce.MAX_AT_ONCE);
        var interrupted = new CountDownLatch(AtOnce.MAX_AT_ONCE);
        var cancelled = new AtomicBoolean();
        var tools =
                new FakeTools()
                        .reads(
                                "look_up",
                                _ -> {
                                    running.countDown();
                                    TestRun.await(running);
                                    if (cancelled.compareAndSet(false, true)) {
                                        thread.interrupt();
                                    }
                                    return TestRun.hang(interrupted);
                                });
        var report = new TestRun(tools).of(calls(lookUps(20)));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(report.end()).isEqualTo(new RunEnd.Cancelled());
        assertThat(answered(report)).hasSize(20);
        assertThat(outcomes(report).subList(0, AtOnce.MAX_AT_ONCE))
                .allSatisfy(it ->
                        assertThat(((ToolOutcome.Failed) it).exception()).isEqualTo("cancelled"));
        assertThat(outcomes(report).subList(AtOnce.MAX_AT_ONCE, 20))
                .allSatisfy(it ->
                        assertThat(((ToolOutcome.Refused) it).reason())
                                .isEqualTo(Refusal.LIMIT_REACHED));
        assertThat(tools.ran).hasSize(AtOnce.MAX_AT_ONCE);
        TestRun.await(interrupted);
    }

    @Test
    void aCallAfterTheOneThatWasCutDoesNotBegin() {
        var tools =
                new FakeTools()
                        .writes(
                                "file",
                                _ -> {
                                    thread.interrupt();
                                    return TestRun.hang(new CountDownLatch(1));
                                });
        var run = new TestRun(tools);
        var report = run.of(calls(call("a", "file", "{\"n\":1}"), call("b", "file", "{\"n\":2}")));
        assertThat(report.end()).isEqualTo(new RunEnd.Cancelled());
        assertThat(tools.ran).hasSize(1);
        assertThat(answered(report)).containsExactly("a", "b");
        assertThat(run.events.getLast()).isEqualTo(new RunEvent.Ended(report));
    }

    @Test
    void anInterruptBetweenTheAnswerAndItsCallsRunsNoneOfThem() {
        var tools = new FakeTools().reads("look_up", _ -> "x");
        var report =
                new TestRun(tools)
                        .of((_, _) -> {
                            thread.interrupt();
                            return calls(lookUps(2));
                        });
        assertThat(report.end()).isEqualTo(new RunEnd.Cancelled());
        assertThat(tools.ran).isEmpty();
        assertThat(answered(report)).containsExactly("c0", "c1");
    }

    @Test
    void anAnswerThatIsHereIsTheEndEvenIfTheRunIsInterrupted() {
        var report =
                new TestRun(new FakeTools())
                        .of((_, _) -> {
                            thread.interrupt();
                            return says("42");
                        });
        assertThat(report.end()).isEqualTo(new RunEnd.Answered("42"));
    }

    @Test
    void aRunThatIsCancelledBeforeItBeginsAsksNothing() {
        thread.interrupt();
        var run = new TestRun(new FakeTools());
        assertThat(run.of(says("42")).end()).isEqualTo(new RunEnd.Cancelled());
        assertThat(run.requests).isEmpty();
    }

    @Test
    void whatTheDeadlineCutsIsAnsweredAndTheRestDoesNotBegin() {
        var tools =
                new FakeTools()
                        .limitedTo(FakeTools.limits(100, 10, Duration.ofSeconds(1)))
                        .reads("look_up", _ -> TestRun.hang(new CountDownLatch(1)));
        var report = new TestRun(tools).of(calls(lookUps(10)));
        assertThat(report.end()).isEqualTo(new RunEnd.DeadlineReached());
        assertThat(tools.ran).hasSize(AtOnce.MAX_AT_ONCE);
        assertThat(answered(report)).hasSize(10);
        assertThat(((ToolOutcome.Failed) outcomes(report).getFirst()).exception())
                .isEqualTo("deadline");
        assertThat(((ToolOutcome.Refused) outcomes(report).getLast()).reason())
                .isEqualTo(Refusal.LIMIT_REACHED);
    }
}
