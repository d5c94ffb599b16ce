package dev.casemate.agent.sdk;

import static dev.casemate.agent.sdk.TestRun.answered;
import static dev.casemate.agent.sdk.TestRun.call;
import static dev.casemate.agent.sdk.TestRun.calls;
import static dev.casemate.agent.sdk.TestRun.outcomes;
import static dev.casemate.agent.sdk.TestRun.says;
import static org.assertj.core.api.Assertions.assertThat;

import dev.casemate.agent.sdk.ToolOutcome.Refusal;
import dev.casemate.manifest.Effect;
import dev.casemate.manifest.Json;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Calls of one answer: side by side where they only read, and in time.
@Timeout(30)
class CallsTest {

    private static int n(Json arguments) {
        return ((Json.Obj) arguments).get("n").orElseThrow() instanceof Json.Num(BigDecimal n)
                ? n.intValueExact()
                : 0;
    }

    private static ToolCall[] lookUps(int count) {
        var calls = new ToolCall[count];
        for (int i = 0; i < count; i++) {
            calls[i] = call("c" + i, "look_up", "{\"n\":" + i + "}");
        }
        return calls;
    }

    @Test
    void callsThatOnlyReadRunAtTheSameTimeAndAreAnsweredInTheOrderAsked() {
        // Each can end only after the one asked for after it has ended.
        var ended = List.of(new CountDownLatch(1), new CountDownLatch(1), new CountDownLatch(1));
        var tools =
                new FakeTools()
                        .reads(
                                "look_up",
                                json -> {
                                    int n = n(json);
                                    if (n < 2) {
                                        TestRun.await(ended.get(n + 1));
                                    }
                                    ended.get(n).countDown();
                                    return "result " + n;
                                });
        var run = new TestRun(tools);
        var report = run.of(calls(lookUps(3)), says("done"));
        assertThat(answered(report)).containsExactly("c0", "c1", "c2");
        assertThat(outcomes(report).stream().map(ToolOutcome::text))
                .containsExactly("result 0", "result 1", "result 2");
        assertThat(
                        run.requests.getLast().messages().stream()
                                .filter(ChatMessage.ToolAnswer.class::isInstance)
                                .map(message -> ((ChatMessage.ToolAnswer) message).text()))
                .satisfiesExactly(
                        it -> assertThat(it).contains("result 0"),
                        it -> assertThat(it).contains("result 1"),
                        it -> assertThat(it).contains("result 2"));
    }

    @Test
    void noMoreRunAtOnceThanTheBound() {
        var running = new AtomicInteger();
        var most = new AtomicInteger();
        var full = new CountDownLatch(AtOnce.MAX_AT_ONCE);
        var tools =
                new FakeTools()
                        .reads(
                                "look_up",
                                _ -> {
                                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                                    full.countDown();
                                    TestRun.await(full);
                                    running.decrementAndGet();
                                    return "x";
                                });
        var report = new TestRun(tools).of(calls(lookUps(30)), says("done"));
        assertThat(most).hasValue(AtOnce.MAX_AT_ONCE);
        assertThat(report.calls()).hasSize(30);
        assertThat(report.end()).isEqualTo(new RunEnd.Answered("done"));
    }

    @Test
    void aCallThatWritesRunsAfterAllBeforeItAndBeforeAllAfterIt() {
        var log = Collections.synchronizedList(new ArrayList<String>());
        var together = new CountDownLatch(2);
        var tools =
                new FakeTools()
                        .reads(
                                "look_up",
                                json -> {
                                    if (n(json) < 2) {
                                        together.countDown();
                                        TestRun.await(together);
                                    }
                                    log.add("begin " + n(json));
                                    log.add("end " + n(json));
                                    return "x";
                                })
                        .writes(
                                "file",
                                _ -> {
                                    log.add("begin to write");
                                    log.add("end to write");
                                    return "x";
                                });
        var report =
                new TestRun(tools)
                        .of(
                                calls(
                                        call("a", "look_up", "{\"n\":0}"),
                                        call("b", "look_up", "{\"n\":1}"),
                                        call("c", "file", "{\"n\":2}"),
                                        call("d", "file", "{\"n\":3}"),
                                        call("e", "look_up", "{\"n\":4}")),
                                says("done"));
        assertThat(log.subList(0, 4))
                .containsExactlyInAnyOrder("begin 0", "end 0", "begin 1", "end 1");
        assertThat(log.subList(4, log.size()))
                .containsExactly(
                        "begin to write",
                        "end to write",
                        "begin to write",
                        "end to write",
                        "begin 4",
                        "end 4");
        assertThat(answered(report)).containsExactly("a", "b", "c", "d", "e");
    }

    @Test
    void aLimitIsReachedByTheCallThatWasAskedForLastAndTheOnesBeforeItRun() {
        var tools = new FakeTools().limitedTo(FakeTools.limits(100, 1)).reads("look_up", _ -> "x");
        var report =
                new TestRun(tools)
                        .of(
                                calls(
                                        call("a", "look_up", "{\"n\":1}"),
                                        call("b", "bash", "{}"),
                                        call("c", "look_up", "{\"n\":2}"),
                                        call("d", "look_up", "{\"n\": 2}"),
                                        call("e", "look_up", "{\"n\":3}")));
        assertThat(report.end()).isEqualTo(new RunEnd.RepeatedCall());
        assertThat(tools.ran).containsExactly("look_up", "look_up");
        assertThat(answered(report)).containsExactly("a", "b", "c", "d", "e");
        assertThat(outcomes(report).subList(3, 5))
                .allSatisfy(it ->
                        assertThat(((ToolOutcome.Refused) it).reason())
                                .isEqualTo(Refusal.LIMIT_REACHED));
    }

    @Test
    void aToolThatTakesTooLongIsLeftBehindAndTheRunGoesOn() {
        var interrupted = new CountDownLatch(1);
        var tools =
                new FakeTools()
                        .within(Duration.ofSeconds(1))
                        .reads("hang", _ -> TestRun.hang(interrupted))
                        .reads("look_up", _ -> "x");
        var report =
                new TestRun(tools)
                        .of(
                                calls(call("a", "hang", "{}"), call("b", "look_up", "{}")),
                                says("done"));
        assertThat(report.end()).isEqualTo(new RunEnd.Answered("done"));
        assertThat(outcomes(report))
                .containsExactly(
                        new ToolOutcome.Failed(
                                "timeout",
                                "The tool did not end within the time that it has. Whether it had"
                                        + " an effect is not known."),
                        new ToolOutcome.Answered("x"));
        TestRun.await(interrupted);
    }

    @Test
    void aNumberThatNoDoubleHoldsIsAnArgumentLikeAnyOther() {
        var tools = new FakeTools().reads("look_up", _ -> "x").writes("file", _ -> "x");
        var report =
                new TestRun(tools)
                        .of(
                                calls(
                                        call("a", "look_up", "{\"n\":12345678901234567890}"),
                                        call("b", "file", "{\"n\":9e308}")),
                                says("done"));
        assertThat(report.end()).isEqualTo(new RunEnd.Answered("done"));
        assertThat(tools.ran).containsExactly("look_up", "file");
    }

    @Test
    void whateverAToolThrowsIsAnOutcome() {
        var tools =
                new FakeTools()
                        .reads(
                                "break",
                                _ -> {
                                    throw new NoClassDefFoundError("secret");
                                })
                        .tool("forget", Effect.READ, (_, _) -> null);
        var report =
                new TestRun(tools)
                        .of(
                                calls(call("a", "break", "{}"), call("b", "forget", "{}")),
                                says("done"));
        assertThat(report.end()).isEqualTo(new RunEnd.Answered("done"));
        assertThat(outcomes(report))
                .allSatisfy(it ->
                        assertThat(it)
                                .isInstanceOf(ToolOutcome.Failed.class)
                                .asString()
                                .doesNotContain("secret"));
    }
}
