package dev.casemate.agent.sdk;

import static dev.casemate.agent.sdk.TestRun.call;
import static dev.casemate.agent.sdk.TestRun.calls;
import static dev.casemate.agent.sdk.TestRun.outcomes;
import static dev.casemate.agent.sdk.TestRun.says;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Whoever listens cannot break a run.
@Timeout(30)
class RunListenerTest {

    private final FakeTools tools = new FakeTools().writes("file", _ -> "x");

    @Test
    void aListenerThatAlwaysFailsLosesItsEventsAndTheRunGoesOn() {
        var report =
                new TestRun(tools)
                        .heardBy(_ -> {
                            throw new IllegalStateException("the disk is full");
                        })
                        .of(calls(call("a", "file", "{}")), says("42"));
        assertThat(report.end()).isEqualTo(new RunEnd.Answered("42"));
        assertThat(outcomes(report)).containsExactly(new ToolOutcome.Answered("x"));
        // Started, two answers, a call and its span, the run's span, ended.
        assertThat(report.eventsLost()).isEqualTo(7);
    }

    @Test
    void aListenerThatFailsOnceIsToldTheRest() {
        var heard = new ArrayList<RunEvent>();
        var report =
                new TestRun(tools)
                        .heardBy(event -> {
                            if (event instanceof RunEvent.Started) {
                                throw new IllegalStateException();
                            }
                            heard.add(event);
                        })
                        .of(says("42"));
        assertThat(report.eventsLost()).isEqualTo(1);
        assertThat(heard.getLast()).isEqualTo(new RunEvent.Ended(report));
    }

    @Test
    void aModelDoesNotNoticeThatNobodyTakesItsWords() {
        var report =
                new TestRun(tools)
                        .heardBy(event -> {
                            if (event instanceof RunEvent.Said) {
                                throw new IllegalStateException();
                            }
                        })
                        .of((_, words) -> {
                            words.accept("4");
                            words.accept("2");
                            return says("42");
                        });
        assertThat(report.end()).isEqualTo(new RunEnd.Answered("42"));
        assertThat(report.eventsLost()).isEqualTo(2);
    }
}
