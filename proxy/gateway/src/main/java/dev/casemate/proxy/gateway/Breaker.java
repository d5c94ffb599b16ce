package dev.casemate.proxy.gateway;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/// Whether an upstream is worth asking. After some failures in a row it is left alone for a while;
/// then one exchange at a time tries it again, until one is answered.
///
/// What an agent can bring about (a refused request, an answer that is too long) is no failure
/// here: it would close an upstream to all others.
final class Breaker {

    static final int FAILURES = 5;
    static final Duration REST = Duration.ofSeconds(10);

    private final LongSupplier nanos;
    private int failures;
    private long restsUntil;
    private Optional<ErrorCode> reason = Optional.empty();

    /// @param nanos a clock as `System.nanoTime`
    Breaker(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /// Whether to ask now. Each yes after a rest keeps all others out for another: whoever got it
    /// and never reports back blocks nobody for longer.
    synchronized boolean admits() {
        if (failures < FAILURES) {
            return true;
        } else if (nanos.getAsLong() - restsUntil < 0) {
            return false;
        }
        rest();
        return true;
    }

    synchronized void answered() {
        failures = 0;
        reason = Optional.empty();
    }

    synchronized void failed(ErrorCode code) {
        failures = Math.min(FAILURES, failures + 1);
        reason = Optional.of(code);
        rest();
    }

    private void rest() {
        restsUntil = nanos.getAsLong() + REST.toNanos();
    }

    /// Why it is left alone; empty if it is not.
    synchronized Optional<ErrorCode> restsFor() {
        return failures < FAILURES ? Optional.empty() : reason;
    }
}
