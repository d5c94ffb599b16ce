package dev.casemate.container.launch;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// For how long a container has used up its bandwidth of a disk.
///
/// What it moves is turned into time: so many bytes take so long at the rate that it is granted. In
/// a window that is nearly filled by that, it was at its bound. What does not fit goes into the
/// next one, because version 1 of control groups counts bytes when they are asked for, and a kernel
/// that reads ahead asks for the work of seconds at once.
final class DiskUse {

    /// The kernel shares out bandwidth in steps of a tenth of a second, and by requests of up to a
    /// few hundred kilobytes: shorter than this says little.
    private static final Duration WINDOW = Duration.ofSeconds(1);

    private static final double NEARLY = 0.75;

    private static final double NANOS = 1e9;

    /// Of one disk in one direction.
    ///
    /// @param bytes counted so far
    /// @param waiting seconds that what was asked for will still take
    private record Way(long bytes, double waiting) {}

    private final Map<String, Way> ways = new HashMap<>();
    private long looked;
    private boolean bounded;
    private double usedUpSeconds;

    /// @param flows of the container's group, whose counters began with it
    void look(List<DiskFlow> flows, long nanoTime) {
        if (flows.isEmpty() || (bounded && nanoTime - looked < WINDOW.toNanos())) {
            return;
        }
        double window = bounded ? (nanoTime - looked) / NANOS : 0;
        double most = 0;
        for (var flow : flows) {
            var before = ways.getOrDefault(flow.way(), new Way(0, 0));
            double wanted =
                    before.waiting()
                            + (flow.bytes() - before.bytes()) / (double) flow.bytesPerSecond();
            double used = Math.min(wanted, window);
            ways.put(flow.way(), new Way(flow.bytes(), wanted - used));
            most = Math.max(most, used);
        }
        if (most >= NEARLY * window) {
            usedUpSeconds += most;
        }
        bounded = true;
        looked = nanoTime;
    }

    /// Whether there is a bound at all.
    boolean isBounded() {
        return bounded;
    }

    /// How long so far, in windows that are over.
    Duration usedUp() {
        return Duration.ofNanos((long) (usedUpSeconds * NANOS));
    }
}
