package dev.casemate.agent.sdk;

import static dev.casemate.agent.sdk.TestRun.answered;
import static dev.casemate.agent.sdk.TestRun.call;
import static dev.casemate.agent.sdk.TestRun.calls;
import static dev.casemate.agent.sdk.TestRun.outcomes;
import static dev.casemate.agent.sdk.TestRun.says;
import static org.assertj.core.api.Assertions.assertThat;

import dev.casemate.manifest.Effect;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A write that the model asks for twice is written once.
@Timeout(30)
class RepeatedWriteTest {

    private final FakeTools tools = new FakeTools();

    @Test
    void aWriteThatWasAnsweredIsAnsweredAgainWithoutRunning() {
        tools.writes("file", _ -> "number 7");
        var run = new TestRun(tools);
        var report =
                run.of(
                        calls(call("a", "file", "{\"n\":1,\"to\":\"x\"}")),
                        calls(call("b", "file", "{ \"to\": \"x\", \"n\": 1.0 }")),
                        says("done"));
        assertThat(tools.ran).containsExactly("file");
        assertThat(outcomes(report))
                .containsExactly(
                        new ToolOutcome.Answered("number 7"), new ToolOutcome.Repeated("number 7"));
        assertThat(run.toolCalls().getLast())
                .isEqualTo("{\"event\":\"tool_call\",\"tool\":\"file\",\"outcome\":\"repeated\"}");
        var last = (ChatMessage.ToolAnswer) run.requests.getLast().messages().getLast();
        assertThat(last.callId()).isEqualTo("b");
        assertThat(last.text()).startsWith("[data ").contains("from file]\nnumber 7\n");
    }

    @Test
    void theSameWriteTwiceInOneAnswerRunsOnce() {
        tools.writes("file", _ -> "number 7");
        var report =
                new TestRun(tools)
                        .of(calls(call("a", "file", "{}"), call("b", "file", "{}")), says("done"));
        assertThat(tools.ran).hasSize(1);
        assertThat(outcomes(report).getLast()).isInstanceOf(ToolOutcome.Repeated.class);
    }

    @Test
    void aWriteThatFailedRunsAgainUnderTheSameKey() {
        var attempts = new AtomicInteger();
        tools.tool(
                "file",
                Effect.WRITE,
                (_, _) -> {
                    if (attempts.incrementAndGet() == 1) {
                        throw new IllegalStateException("connection lost");
                    }
                    return new ToolOutcome.Answered("number 7");
                });
        var report =
                new TestRun(tools)
                        .of(
                                calls(call("a", "file", "{}")),
                                calls(call("b", "file", "{}")),
                                says("done"));
        assertThat(outcomes(report).getLast()).isEqualTo(new ToolOutcome.Answered("number 7"));
        assertThat(tools.keys).hasSize(2);
        assertThat(tools.keys.getFirst()).isEqualTo(tools.keys.getLast());
    }

    @Test
    void aWriteThatTookTooLongRunsAgainUnderTheSameKey() {
        var attempts = new AtomicInteger();
        var interrupted = new CountDownLatch(1);
        tools.within(Duration.ofSeconds(1))
                .writes(
                        "file",
                        _ ->
                                attempts.incrementAndGet() == 1
                                        ? TestRun.hang(interrupted)
                                        : "number 7");
        var report =
                new TestRun(tools)
                        .of(calls(call("a", "file", "{}"), call("b", "file", "{}")), says("done"));
        assertThat(outcomes(report).getFirst()).isInstanceOf(ToolOutcome.Failed.class);
        assertThat(outcomes(report).getLast()).isEqualTo(new ToolOutcome.Answered("number 7"));
        assertThat(tools.keys.getFirst()).isEqualTo(tools.keys.getLast());
    }

    @Test
    void anotherWriteRuns() {
        tools.writes("file", _ -> "x");
        new TestRun(tools)
                .of(
                        calls(call("a", "file", "{\"n\":1}"), call("b", "file", "{\"n\":2}")),
                        says("done"));
        assertThat(tools.ran).hasSize(2);
    }

    @Test
    void aReadRunsEachTime() {
        tools.reads("look_up", _ -> "x");
        new TestRun(tools)
                .of(
                        calls(call("a", "look_up", "{}")),
                        calls(call("b", "look_up", "{}")),
                        says("done"));
        assertThat(tools.ran).hasSize(2);
    }

    @Test
    void repeatedWritesCountAsIdenticalCalls() {
        tools.limitedTo(FakeTools.limits(100, 2)).writes("file", _ -> "x");
        var report =
                new TestRun(tools)
                        .of(
                                calls(call("a", "file", "{}")),
                                calls(call("b", "file", "{}")),
                                calls(call("c", "file", "{}")));
        assertThat(report.end()).isEqualTo(new RunEnd.RepeatedCall());
        assertThat(answered(report)).containsExactly("a", "b", "c");
    }
}
