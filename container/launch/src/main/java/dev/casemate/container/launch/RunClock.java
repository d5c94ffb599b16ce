package dev.casemate.container.launch;

import java.time.Duration;
import java.util.function.LongSupplier;

/// How long the run in hand has been going on, as far as the agent's lines say.
///
/// The launcher's own bound for a worker, whose process has no deadline. An agent that says nothing
/// of a run is taken to wait for one, which costs no more than waiting does: processor, memory and
/// network are bounded all the same.
final class RunClock {

    private static final String STARTED = "{\"event\":\"run_started\"";
    private static final String ENDED = "{\"event\":\"run_ended\"";

    private final long limitNanos;
    private final LongSupplier nanoTime;
    private boolean runs;
    private long begun;

    /// @param limit of one run, the time to report its end included
    RunClock(Duration limit, LongSupplier nanoTime) {
        limitNanos = limit.toNanos();
        this.nanoTime = nanoTime;
    }

    /// A run has begun that no line has to tell.
    synchronized RunClock begin() {
        runs = true;
        begun = nanoTime.getAsLong();
        return this;
    }

    static boolean tellsStart(String line) {
        return line.startsWith(STARTED);
    }

    static boolean tellsEnd(String line) {
        return line.startsWith(ENDED);
    }

    synchronized void heard(String line) {
        if (tellsStart(line)) {
            begin();
        } else if (tellsEnd(line)) {
            runs = false;
        }
    }

    /// How long the run in hand has lasted; zero between two.
    synchronized Duration lasted() {
        return runs ? Duration.ofNanos(nanoTime.getAsLong() - begun) : Duration.ZERO;
    }

    synchronized boolean overdue() {
        return runs && nanoTime.getAsLong() - begun > limitNanos;
    }
}
