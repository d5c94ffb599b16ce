package dev.casemate.agent.sdk;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// When a run must have ended.
record RunDeadline(InstantSource clock, Instant at) {

    static RunDeadline in(Duration time, InstantSource clock) {
        return new RunDeadline(clock, clock.instant().plus(time));
    }

    boolean isReached() {
        return !clock.instant().isBefore(at);
    }

    /// @return negative once it is past
    Duration left() {
        return Duration.between(clock.instant(), at);
    }
}
