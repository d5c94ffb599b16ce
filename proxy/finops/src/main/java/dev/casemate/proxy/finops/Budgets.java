package dev.casemate.proxy.finops;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;

/// The accounts of all budgets.
public final class Budgets {

    /// The answer to a request for money.
    public sealed interface Decision {

        /// The worst case is held until it is settled, released or expired.
        record Granted(String exchange, Cost reserved, Instant expiresAt) implements Decision {}

        /// A budget does not have that much left.
        ///
        /// @param used settled and reserved
        record Refused(String budget, Cost limit, Cost used, Instant resetsAt)
                implements Decision {}

        /// More accounts or open reservations than are tracked.
        ///
        /// @param what which table is full
        record Saturated(String what, int limit) implements Decision {}
    }

    public Budgets(List<Budget> budgets, InstantSource clock) {
        this(budgets, clock, alert -> {});
    }

    /// @param alerts called outside of any lock, on the thread that settles; must not throw
    public Budgets(List<Budget> budgets, InstantSource clock, Consumer<Alert> alerts) {}

    /// Holds the worst case in every budget that covers it, or in none.
    public Decision reserve(
            String exchange, Attribution who, Cost worstCase, Duration expiresAfter) {
        return new Decision.Granted(exchange, worstCase, Instant.EPOCH.plus(expiresAfter));
    }

    /// Counts what an exchange cost and frees the rest; a second call does nothing.
    public void settle(String exchange, Cost actual) {}

    /// Frees a reservation that cost nothing; a second call does nothing.
    public void release(String exchange) {}

    /// Counts what the ledger says was spent before a restart.
    public void restore(Instant at, Attribution who, Cost cost) {}

    /// Every account, by budget and value.
    public List<Status> status() {
        return List.of();
    }
}
