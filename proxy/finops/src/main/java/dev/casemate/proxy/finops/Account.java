package dev.casemate.proxy.finops;

import java.time.Instant;
import java.util.Optional;

/// One budget for one agent, team, workflow or model, in one period; guarded by the lock of
/// [Budgets].
final class Account {

    private final Budget budget;
    private final String value;
    private Instant periodStart;
    private long used;
    private long reserved;
    private boolean alerted;

    Account(Budget budget, String value, Instant now) {
        this.budget = budget;
        this.value = value;
        this.periodStart = budget.period().start(now);
    }

    /// Begins a new period if the last one is over; a clock that goes back does not reopen one.
    void turn(Instant now) {
        if (isOver(now)) {
            periodStart = budget.period().start(now);
            used = 0;
            reserved = 0;
            alerted = false;
        }
    }

    boolean isOver(Instant now) {
        return !now.isBefore(resetsAt());
    }

    /// Whether a period is the one that this account counts, and still lasts.
    boolean isCurrent(Instant start, Instant now) {
        return start.equals(periodStart) && !isOver(now);
    }

    Instant periodStart() {
        return periodStart;
    }

    Instant resetsAt() {
        return budget.period().end(periodStart);
    }

    boolean hasRoomFor(Cost worstCase) {
        long limit = budget.limit().nanoUsd();
        // Subtractions of what fits: none can overflow.
        return used <= limit
                && reserved <= limit - used
                && worstCase.nanoUsd() <= limit - used - reserved;
    }

    void reserve(Cost worstCase) {
        reserved = Math.addExact(reserved, worstCase.nanoUsd());
    }

    void free(Cost worstCase, Instant start) {
        if (start.equals(periodStart)) {
            reserved = Math.subtractExact(reserved, worstCase.nanoUsd());
        }
    }

    /// Counts a cost in its period; an alert if it reached the threshold.
    Optional<Alert> use(Cost cost, Instant start) {
        if (!start.equals(periodStart)) {
            return Optional.empty();
        }
        used = sum(used, cost.nanoUsd());
        if (alerted || !atThreshold()) {
            return Optional.empty();
        }
        alerted = true;
        return Optional.of(new Alert(budget, value, new Cost(used), resetsAt()));
    }

    private boolean atThreshold() {
        long limit = budget.limit().nanoUsd();
        // Rounded up, so that an alert is never early; exact, as the remainder is kept apart.
        long percent = budget.alertPercent();
        long threshold = limit / 100 * percent + (limit % 100 * percent + 99) / 100;
        return used >= threshold;
    }

    Cost committed() {
        return new Cost(sum(used, reserved));
    }

    Status status() {
        return new Status(budget, value, new Cost(used), new Cost(reserved), resetsAt());
    }

    /// A cost that was incurred must not get lost: beyond nine billion dollars the account is full.
    private static long sum(long a, long b) {
        long sum = a + b;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }
}
