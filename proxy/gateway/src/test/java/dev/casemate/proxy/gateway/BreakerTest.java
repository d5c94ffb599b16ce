package dev.casemate.proxy.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class BreakerTest {

    private long now = Long.MAX_VALUE - 1; // wraps, as System.nanoTime may
    private final Breaker breaker = new Breaker(() -> now);

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            breaker.failed(ErrorCode.UPSTREAM_FAILED);
        }
    }

    @Test
    void onlyFailuresInARowOpenIt() {
        fail(Breaker.FAILURES - 1);
        breaker.answered();
        fail(Breaker.FAILURES - 1);
        assertThat(breaker.admits()).isTrue();
        assertThat(breaker.restsFor()).isEmpty();
        fail(1);
        assertThat(breaker.admits()).isFalse();
        assertThat(breaker.restsFor()).contains(ErrorCode.UPSTREAM_FAILED);
    }

    @Test
    void afterARestOneTriesIt() {
        fail(Breaker.FAILURES);
        now += Breaker.REST.toNanos() - 1;
        assertThat(breaker.admits()).isFalse();
        now += 1;
        assertThat(breaker.admits()).isTrue();
        assertThat(breaker.admits()).isFalse();
        breaker.answered();
        assertThat(breaker.admits()).isTrue();
        assertThat(breaker.admits()).isTrue();
    }

    @Test
    void aTrialThatFailsMeansAnotherRest() {
        fail(Breaker.FAILURES);
        now += Breaker.REST.toNanos();
        assertThat(breaker.admits()).isTrue();
        now += Breaker.REST.toNanos() / 2;
        breaker.failed(ErrorCode.UPSTREAM_UNREACHABLE);
        now += Breaker.REST.toNanos() - 1;
        assertThat(breaker.admits()).isFalse();
        assertThat(breaker.restsFor()).contains(ErrorCode.UPSTREAM_UNREACHABLE);
    }

    @Test
    void whoeverTriesItAndNeverReportsBlocksNobodyForLong() {
        fail(Breaker.FAILURES);
        now += Breaker.REST.toNanos();
        assertThat(breaker.admits()).isTrue();
        now += Breaker.REST.toNanos();
        assertThat(breaker.admits()).isTrue();
    }
}
