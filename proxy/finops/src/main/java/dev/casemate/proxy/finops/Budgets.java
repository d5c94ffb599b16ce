package dev.casemate.proxy.finops;

import dev.casemate.proxy.finops.FinopsException.Code;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A book of accounts in which money is held before it is spent.
///
/// An exchange reserves the most that it can cost, and is counted with what it did cost. As a
/// reservation is granted only where `used + reserved + worst case <= limit`, spending exceeds a
/// limit only if an exchange costs more than its worst case; it is then counted in full.
///
/// - An exchange belongs to the period in which it reserved, also if it is settled in the next one:
///   nothing of the next period was held for it.
/// - A reservation that nobody settles frees its money when it expires. If it is settled after
///   that, what it cost is counted all the same, as long as it is remembered: until its periods are
///   over, or until [#MAX_RESERVATIONS] younger ones have taken its place.
/// - Settling and releasing are idempotent by exchange id; an id that is not known is ignored.
///
/// Thread-safe: one lock, held for map look-ups and sums only.
public final class Budgets {

    /// Reservations that are open, or expired and still remembered. Beyond it the oldest expired
    /// one is forgotten; if all are open, reserving is refused.
    public static final int MAX_RESERVATIONS = 100_000;

    /// Accounts: agents, teams, workflows and models that spent in the current period.
    public static final int MAX_ACCOUNTS = 10_000;

    /// Each is looked at for every exchange.
    public static final int MAX_BUDGETS = 1_000;

    /// The longest that a reservation may stay open.
    public static final Duration MAX_RESERVATION = Duration.ofDays(1);

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

    private record AccountKey(int budget, String value) {}

    /// A share of a reservation in one account, and the period in which it was taken.
    private record Hold(Account account, Instant periodStart) {}

    private record Reservation(
            long number,
            String exchange,
            Attribution who,
            Cost worstCase,
            Instant expiresAt,
            List<Hold> holds)
            implements Comparable<Reservation> {

        @Override
        public int compareTo(Reservation other) {
            int byTime = expiresAt.compareTo(other.expiresAt);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }

    private final List<Budget> budgets;
    private final InstantSource clock;
    private final Consumer<Alert> alerts;

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<AccountKey, Account> accounts = new HashMap<>();
    private final Map<String, Reservation> open = new HashMap<>();
    private final TreeSet<Reservation> byExpiry = new TreeSet<>();
    private final LinkedHashMap<String, Reservation> expired = new LinkedHashMap<>();
    private long reservations;

    /// @see #Budgets(List, InstantSource, Consumer)
    public Budgets(List<Budget> budgets, InstantSource clock) {
        this(budgets, clock, _ -> {});
    }

    /// @param alerts called outside of the lock, on the thread that settles; must not throw
    /// @throws FinopsException `DUPLICATE` for two budgets of one name, `TOO_MANY`
    public Budgets(List<Budget> budgets, InstantSource clock, Consumer<Alert> alerts) {
        this.budgets = List.copyOf(budgets);
        this.clock = Objects.requireNonNull(clock);
        this.alerts = Objects.requireNonNull(alerts);
        if (budgets.size() > MAX_BUDGETS) {
            throw new FinopsException(Code.TOO_MANY, "at most " + MAX_BUDGETS + " budgets");
        }
        var names = new HashSet<String>();
        for (var budget : budgets) {
            if (!names.add(budget.name())) {
                throw new FinopsException(Code.DUPLICATE, "each budget has a name of its own");
            }
        }
    }

    /// Holds the worst case in every budget that covers it, or in none.
    ///
    /// The same call for an exchange that is still open is answered with the same grant.
    ///
    /// @param expiresAfter up to [#MAX_RESERVATION]
    /// @throws FinopsException `EXCHANGE_REUSED` for an id that holds another reservation,
    ///   `INVALID_VALUE` for a time that is not positive or too long
    public Decision reserve(
            String exchange, Attribution who, Cost worstCase, Duration expiresAfter) {
        if (!expiresAfter.isPositive() || expiresAfter.compareTo(MAX_RESERVATION) > 0) {
            throw new FinopsException(
                    Code.INVALID_VALUE, "a reservation is open for at most " + MAX_RESERVATION);
        }
        lock.lock();
        try {
            var now = clock.instant();
            expire(now);
            var known = open.getOrDefault(exchange, expired.get(exchange));
            if (known != null) {
                return again(known, who, worstCase);
            }
            if (open.size() >= MAX_RESERVATIONS) {
                return new Decision.Saturated("open reservations", MAX_RESERVATIONS);
            }
            return hold(exchange, who, worstCase, now, now.plus(expiresAfter));
        } finally {
            lock.unlock();
        }
    }

    private Decision again(Reservation known, Attribution who, Cost worstCase) {
        if (open.containsKey(known.exchange())
                && known.who().equals(who)
                && known.worstCase().equals(worstCase)) {
            return new Decision.Granted(known.exchange(), worstCase, known.expiresAt());
        }
        throw new FinopsException(
                Code.EXCHANGE_REUSED, "an exchange id stands for one reservation");
    }

    private Decision hold(
            String exchange, Attribution who, Cost worstCase, Instant now, Instant expiresAt) {
        var holds = new ArrayList<Hold>();
        for (int i = 0; i < budgets.size(); i++) {
            var budget = budgets.get(i);
            if (!budget.covers(who)) {
                continue;
            }
            var account = account(i, budget.subject().of(who), now);
            if (account == null) {
                return new Decision.Saturated("accounts", MAX_ACCOUNTS);
            }
            if (!account.hasRoomFor(worstCase)) {
                return new Decision.Refused(
                        budget.name(), budget.limit(), account.committed(), account.resetsAt());
            }
            holds.add(new Hold(account, account.periodStart()));
        }
        for (var hold : holds) {
            hold.account().reserve(worstCase);
        }
        var reservation =
                new Reservation(
                        reservations++, exchange, who, worstCase, expiresAt, List.copyOf(holds));
        open.put(exchange, reservation);
        byExpiry.add(reservation);
        forgetOldest();
        return new Decision.Granted(exchange, worstCase, expiresAt);
    }

    /// Counts what an exchange cost, in full, and frees what was held for it.
    public void settle(String exchange, Cost actual) {
        var raised = new ArrayList<Alert>();
        lock.lock();
        try {
            expire(clock.instant());
            var reservation = take(exchange);
            if (reservation == null) {
                reservation = expired.remove(exchange);
            }
            if (reservation != null) {
                for (var hold : reservation.holds()) {
                    hold.account().use(actual, hold.periodStart()).ifPresent(raised::add);
                }
            }
        } finally {
            lock.unlock();
        }
        raised.forEach(alerts);
    }

    /// Frees what was held for an exchange that cost nothing.
    public void release(String exchange) {
        lock.lock();
        try {
            expire(clock.instant());
            if (take(exchange) == null) {
                expired.remove(exchange);
            }
        } finally {
            lock.unlock();
        }
    }

    /// Counts what the ledger says was spent before a restart; raises no alert for it.
    ///
    /// @param at when the exchange began; a cost of a period that is over is ignored
    /// @throws FinopsException `TOO_MANY` for more than [#MAX_ACCOUNTS]
    public void restore(Instant at, Attribution who, Cost cost) {
        lock.lock();
        try {
            var now = clock.instant();
            for (int i = 0; i < budgets.size(); i++) {
                var budget = budgets.get(i);
                var start = budget.period().start(now);
                if (!budget.covers(who) || !budget.period().start(at).equals(start)) {
                    continue;
                }
                var account = account(i, budget.subject().of(who), now);
                if (account == null) {
                    throw new FinopsException(
                            Code.TOO_MANY, "at most " + MAX_ACCOUNTS + " accounts");
                }
                account.use(cost, start);
            }
        } finally {
            lock.unlock();
        }
    }

    /// Every account, in the order of the budgets; one of a named value also before its first use.
    public List<Status> status() {
        lock.lock();
        try {
            var now = clock.instant();
            expire(now);
            for (int i = 0; i < budgets.size(); i++) {
                var budget = budgets.get(i);
                if (budget.subject() == Subject.EVERYTHING || !budget.value().equals(Budget.EACH)) {
                    account(i, budget.value(), now);
                }
            }
            var keys = new ArrayList<>(accounts.keySet());
            keys.sort((a, b) ->
                    a.budget() != b.budget()
                            ? Integer.compare(a.budget(), b.budget())
                            : a.value().compareTo(b.value()));
            var rows = new ArrayList<Status>();
            for (var key : keys) {
                var account = Objects.requireNonNull(accounts.get(key));
                account.turn(now);
                rows.add(account.status());
            }
            return List.copyOf(rows);
        } finally {
            lock.unlock();
        }
    }

    /// The account in its current period; null if there are too many.
    private @Nullable Account account(int budget, String value, Instant now) {
        var key = new AccountKey(budget, value);
        var account = accounts.get(key);
        if (account == null) {
            if (accounts.size() >= MAX_ACCOUNTS) {
                accounts.values().removeIf(idle -> idle.isOver(now));
            }
            if (accounts.size() >= MAX_ACCOUNTS) {
                return null;
            }
            account = new Account(budgets.get(budget), value, now);
            accounts.put(key, account);
        }
        account.turn(now);
        return account;
    }

    private @Nullable Reservation take(String exchange) {
        var reservation = open.remove(exchange);
        if (reservation != null) {
            byExpiry.remove(reservation);
            for (var hold : reservation.holds()) {
                hold.account().free(reservation.worstCase(), hold.periodStart());
            }
        }
        return reservation;
    }

    private void expire(Instant now) {
        while (!byExpiry.isEmpty() && !byExpiry.getFirst().expiresAt().isAfter(now)) {
            var reservation = Objects.requireNonNull(take(byExpiry.getFirst().exchange()));
            if (reservation.holds().stream()
                    .anyMatch(hold -> hold.account().isCurrent(hold.periodStart(), now))) {
                expired.put(reservation.exchange(), reservation);
            }
        }
        forgetOldest();
    }

    private void forgetOldest() {
        while (open.size() + expired.size() > MAX_RESERVATIONS && !expired.isEmpty()) {
            expired.pollFirstEntry();
        }
    }
}
