package dev.casemate.proxy.finops;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;

/// Tokens and cost per agent, team, workflow and model since the start.
///
/// Thread-safe. Workflow names come from agents: beyond [#MAX_ROWS] different attributions the rest
/// is summed up in one row, [#OTHER], so that totals stay right and memory stays bounded.
public final class Meter {

    /// Rows with an attribution of their own.
    public static final int MAX_ROWS = 10_000;

    /// The attribution of the row for everything beyond [#MAX_ROWS].
    public static final Attribution OTHER = new Attribution("other", "other", "other", "other");

    /// @param exchanges how many were recorded
    public record Row(Attribution who, long exchanges, Usage usage, Cost cost) {

        public Row {
            Objects.requireNonNull(who);
            Objects.requireNonNull(usage);
            Objects.requireNonNull(cost);
        }

        Row plus(Usage moreUsage, Cost moreCost) {
            return new Row(
                    who, Math.addExact(exchanges, 1), usage.plus(moreUsage), cost.plus(moreCost));
        }
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Attribution, Row> rows = new LinkedHashMap<>();

    /// @throws FinopsException `OVERFLOW` if a sum does not fit; the row then stays as it was
    public void record(Attribution who, Usage usage, Cost cost) {
        lock.lock();
        try {
            boolean known = rows.containsKey(who) || rows.size() < MAX_ROWS;
            var key = known ? who : OTHER;
            var row = rows.getOrDefault(key, new Row(key, 0, Usage.NONE, Cost.ZERO));
            rows.put(key, row.plus(usage, cost));
        } finally {
            lock.unlock();
        }
    }

    /// All rows, the dearest first.
    public List<Row> rows() {
        List<Row> all;
        lock.lock();
        try {
            all = new ArrayList<>(rows.values());
        } finally {
            lock.unlock();
        }
        all.sort(Comparator.comparing(Row::cost).reversed());
        return List.copyOf(all);
    }
}
