package dev.casemate.agent.sdk;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// How long to wait before asking again: twice as long each time up to a limit, less a random part
/// of up to a half, so that a herd of workers spreads out.
///
/// Not thread-safe.
final class Backoff {

    private final Duration first;
    private final Duration longest;
    private final RandomGenerator random;
    private Duration next;

    Backoff(Duration first, Duration longest, RandomGenerator random) {
        this.first = first;
        this.longest = longest;
        this.random = random;
        next = first;
    }

    /// @param asked what the other side asked for; taken as it is, up to the limit
    Duration next(Optional<Duration> asked) {
        var wait = next.minus(next.dividedBy(2).multipliedBy(random.nextInt(1000)).dividedBy(1000));
        var doubled = next.multipliedBy(2);
        next = doubled.compareTo(longest) < 0 ? doubled : longest;
        return asked.map(this::bounded).orElse(wait);
    }

    /// All is well: the next wait is the first again.
    void reset() {
        next = first;
    }

    private Duration bounded(Duration asked) {
        return asked.compareTo(longest) < 0 ? asked : longest;
    }
}
