package dev.casemate.agent.sdk;

import static dev.casemate.agent.sdk.TestRun.answered;
import static dev.casemate.agent.sdk.TestRun.call;
import static dev.casemate.agent.sdk.TestRun.calls;
import static dev.casemate.agent.sdk.TestRun.outcomes;
import static dev.casemate.agent.sdk.TestRun.says;
import static org.assertj.core.api.Assertions.assertThat;

import dev.casemate.agent.sdk.Approver.Decision;
import dev.casemate.agent.sdk.ToolOutcome.Refusal;
import dev.casemate.manifest.JsonReader;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A tool that a human must allow runs after a yes in time, and never otherwise.
@Timeout(30)
class ApprovalTest {

    private final FakeTools tools =
            new FakeTools().approvedWithin(Duration.ofSeconds(20)).writes("pay", _ -> "paid");
    private final TestRun run = new TestRun(tools);

    private RunReport pay() {
        return run.of(calls(call("a", "pay", "{\"n\":1}")), says("done"));
    }

    private static void assertNotApproved(RunReport report, Decision decision) {
        assertThat(report.calls().getLast().approval()).contains(decision);
        assertThat(outcomes(report).getLast())
                .isEqualTo(
                        new ToolOutcome.Refused(
                                Refusal.NOT_APPROVED,
                                "The tool was not run: a human has to allow it and did not. The"
                                        + " reason: "
                                        + ((Decision.Denied) decision).reason()));
    }

    @Test
    void anAllowedCallRunsAndWhoAllowedItIsOnRecord() {
        var report =
                run.allowedBy(_ -> new Decision.Allowed("alice"))
                        .of(calls(call("a", "pay", "{\"n\":1}")), says("done"));
        assertThat(outcomes(report)).containsExactly(new ToolOutcome.Answered("paid"));
        assertThat(report.calls().getFirst().approval()).contains(new Decision.Allowed("alice"));
        assertThat(run.toolCalls())
                .containsExactly(
                        "{\"event\":\"tool_call\",\"tool\":\"pay\",\"outcome\":\"answered\","
                                + "\"approval\":\"allowed\",\"by\":\"alice\"}");
    }

    @Test
    void aDeniedCallDoesNotRunAndTheModelIsToldTheReason() {
        run.allowedBy(_ -> new Decision.Denied("bob", "too much"));
        var report = pay();
        assertThat(tools.ran).isEmpty();
        assertNotApproved(report, new Decision.Denied("bob", "too much"));
        assertThat(run.toolCalls())
                .containsExactly(
                        "{\"event\":\"tool_call\",\"tool\":\"pay\",\"outcome\":\"refused\","
                                + "\"reason\":\"not_approved\",\"approval\":\"denied\","
                                + "\"by\":\"bob\"}");
        assertThat(report.end()).isEqualTo(new RunEnd.Answered("done"));
    }

    @Test
    void whereNobodyCanBeAskedNothingRuns() {
        assertNotApproved(pay(), new Decision.Denied("nobody", "there is nobody to ask"));
        assertThat(tools.ran).isEmpty();
    }

    @Test
    void theHumanSeesTheCallAndHowMuchTimeThereIs() {
        var start = Instant.parse("2026-01-01T00:00:00Z");
        var questions = new ArrayList<Approver.Question>();
        run.at(() -> start)
                .allowedBy(question -> {
                    questions.add(question);
                    return new Decision.Allowed("alice");
                });
        pay();
        assertThat(questions)
                .containsExactly(
                        new Approver.Question(
                                TestRun.CORRELATION,
                                "pay",
                                JsonReader.read("{\"n\":1}"),
                                Duration.ofSeconds(20)));
    }

    @Test
    void theTimeToDecideIsNeverLongerThanTheRun() {
        var start = Instant.parse("2026-01-01T00:00:00Z");
        var times = new ArrayList<Duration>();
        tools.limitedTo(FakeTools.limits(10, 10, Duration.ofSeconds(7)));
        run.at(() -> start)
                .allowedBy(question -> {
                    times.add(question.time());
                    return new Decision.Allowed("alice");
                });
        pay();
        assertThat(times).containsExactly(Duration.ofSeconds(7));
    }

    @Test
    void argumentsThatDoNotHoldAreShownToNobody() {
        var asked = new AtomicInteger();
        run.allowedBy(_ -> {
            asked.incrementAndGet();
            return new Decision.Allowed("alice");
        });
        var report = run.of(calls(call("a", "pay", "{\"wrong\":1}")), says("done"));
        assertThat(asked).hasValue(0);
        assertThat(outcomes(report))
                .containsExactly(
                        new ToolOutcome.Refused(Refusal.INVALID_ARGUMENTS, "Leave out wrong."));
        assertThat(report.calls().getFirst().approval()).isEmpty();
    }

    /// Ways not to say yes.
    enum NoYes {
        THROWS,
        RETURNS_NULL,
        IS_INTERRUPTED,
        HAS_NO_NAME
    }

    @SuppressWarnings("NullAway") // What code without annotations can do.
    private static Decision decide(NoYes way) throws InterruptedException {
        return switch (way) {
            case THROWS -> throw new IllegalStateException("secret");
            case RETURNS_NULL -> null;
            case IS_INTERRUPTED -> throw new InterruptedException();
            case HAS_NO_NAME -> new Decision.Allowed(" ");
        };
    }

    @ParameterizedTest(name = "an approver that {0} has not said yes")
    @EnumSource
    void whatIsNoYesIsANo(NoYes way) {
        run.allowedBy(_ -> decide(way));
        var report = pay();
        assertThat(tools.ran).isEmpty();
        assertNotApproved(report, new Decision.Denied("nobody", "nobody could be asked"));
        assertThat(report.end()).isEqualTo(new RunEnd.Answered("done"));
    }

    @Test
    void aYesThatComesTooLateIsANo() {
        var interrupted = new CountDownLatch(1);
        var late = new FakeTools().approvedWithin(Duration.ofSeconds(1)).writes("pay", _ -> "paid");
        var report =
                new TestRun(late)
                        .allowedBy(_ -> new Decision.Allowed(TestRun.hang(interrupted)))
                        .of(calls(call("a", "pay", "{}")), says("done"));
        TestRun.await(interrupted);
        assertThat(late.ran).isEmpty();
        assertNotApproved(report, new Decision.Denied("nobody", "nobody decided in time"));
        assertThat(report.end()).isEqualTo(new RunEnd.Answered("done"));
    }

    @Test
    void theDeadlineOfTheRunEndsTheWaiting() {
        tools.limitedTo(FakeTools.limits(10, 10, Duration.ofSeconds(1)));
        run.allowedBy(_ -> new Decision.Allowed(TestRun.hang(new CountDownLatch(1))));
        var report = run.of(calls(call("a", "pay", "{\"n\":1}"), call("b", "pay", "{\"n\":2}")));
        assertThat(report.end()).isEqualTo(new RunEnd.DeadlineReached());
        assertThat(answered(report)).containsExactly("a", "b");
        assertThat(tools.ran).isEmpty();
    }

    @Test
    void aCancelledRunWaitsForNobody() {
        var thread = Thread.currentThread();
        run.allowedBy(_ -> {
            thread.interrupt();
            return new Decision.Allowed(TestRun.hang(new CountDownLatch(1)));
        });
        var report = run.of(calls(call("a", "pay", "{\"n\":1}"), call("b", "pay", "{\"n\":2}")));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(report.end()).isEqualTo(new RunEnd.Cancelled());
        assertThat(report.calls().getFirst().approval())
                .contains(new Decision.Denied("nobody", "the run was cancelled"));
        assertThat(answered(report)).containsExactly("a", "b");
        assertThat(tools.ran).isEmpty();
    }

    @Test
    void oneQuestionIsAskedAtATimeAndInOrder() {
        var two = new FakeTools();
        two.approvedWithin(Duration.ofSeconds(20)).reads("open", _ -> "x");
        var asking = new AtomicInteger();
        var most = new AtomicInteger();
        var asked = new ArrayList<String>();
        new TestRun(two)
                .allowedBy(question -> {
                    most.accumulateAndGet(asking.incrementAndGet(), Math::max);
                    asked.add(question.arguments().text());
                    asking.decrementAndGet();
                    return new Decision.Allowed("alice");
                })
                .of(
                        calls(
                                call("a", "open", "{\"n\":1}"),
                                call("b", "open", "{\"n\":2}"),
                                call("c", "open", "{\"n\":3}")),
                        says("done"));
        assertThat(most).hasValue(1);
        assertThat(asked).isEqualTo(List.of("{\"n\":1}", "{\"n\":2}", "{\"n\":3}"));
    }

    @Test
    void whatWasWrittenAlreadyIsNotAskedForAgain() {
        var asked = new AtomicInteger();
        run.allowedBy(_ -> {
            asked.incrementAndGet();
            return new Decision.Allowed("alice");
        });
        run.of(
                calls(call("a", "pay", "{\"n\":1}")),
                calls(call("b", "pay", "{\"n\":1}")),
                says("done"));
        assertThat(asked).hasValue(1);
    }

    @Test
    void theSameCallRunsUnaskedWhereTheToolRequiresNoApproval() {
        // The control off.
        var free = new FakeTools().writes("pay", _ -> "paid");
        new TestRun(free).of(calls(call("a", "pay", "{\"n\":1}")), says("done"));
        assertThat(free.ran).containsExactly("pay");
    }
}
