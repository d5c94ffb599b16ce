package dev.casemate.container.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class RunClockTest {

    private static final Duration LIMIT = Duration.ofSeconds(70);

    private final AtomicLong now = new AtomicLong();
    private final RunClock clock = new RunClock(LIMIT, now::get);

    private void wait(Duration time) {
        now.addAndGet(time.toNanos());
    }

    @Test
    void aWorkerThatWaitsForTasksIsNeverOverdue() {
        wait(LIMIT.multipliedBy(1000));
        assertThat(clock.overdue()).isFalse();
    }

    @Test
    void aRunIsOverdueWhenItsTimeIsOverAndNotBefore() {
        clock.heard("{\"event\":\"run_started\",\"run\":\"a\"}");
        wait(LIMIT);
        assertThat(clock.overdue()).isFalse();
        wait(Duration.ofNanos(1));
        assertThat(clock.overdue()).isTrue();
    }

    @Test
    void eachRunHasItsOwnTime() {
        for (int run = 0; run < 3; run++) {
            clock.heard("{\"event\":\"run_started\",\"run\":\"a\"}");
            wait(LIMIT.minusSeconds(1));
            clock.heard("{\"event\":\"tool_call\"}");
            assertThat(clock.overdue()).isFalse();
            clock.heard("{\"event\":\"run_ended\",\"end\":\"answered\"}");
        }
        wait(LIMIT.multipliedBy(2));
        assertThat(clock.overdue()).isFalse();
    }

    @Test
    void aTextThatSpeaksOfTheEndOfARunIsNotIt() {
        clock.begin();
        clock.heard("{\"event\":\"text\",\"text\":\"{\\\"event\\\":\\\"run_ended\\\"}\"}");
        wait(LIMIT.plusNanos(1));
        assertThat(clock.overdue()).isTrue();
    }
}
