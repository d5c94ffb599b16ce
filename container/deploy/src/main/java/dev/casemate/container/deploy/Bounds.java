package dev.casemate.container.deploy;

import dev.casemate.manifest.Limits;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;

/// What one container may use.
///
/// @param cpuMillis thousandths of one processor
/// @param tmpBytes size of /tmp
/// @param pids processes and threads
/// @param deadline after which it is killed, where it ends by itself
public record Bounds(
        int cpuMillis, long memoryBytes, long tmpBytes, int pids, Optional<Duration> deadline) {

    // An agent ends its run at the deadline by itself; what has not by then is killed.
    private static final Duration GRACE = Duration.ofSeconds(10);

    public Bounds {
        Form.require(
                cpuMillis > 0 && memoryBytes > 0 && tmpBytes > 0 && pids > 0, "limits above zero");
    }

    /// An agent's, as its manifest says.
    static Bounds of(Limits limits, boolean ends) {
        return new Bounds(
                limits.cpuMillis(),
                limits.memoryBytes(),
                limits.tmpBytes(),
                limits.pids(),
                Optional.of(limits.deadline().plus(GRACE)).filter(_ -> ends));
    }

    /// Processors, with three places.
    BigDecimal cpus() {
        return BigDecimal.valueOf(cpuMillis, 3);
    }

    /// Memory in MiB, rounded down: a platform that counts so gives no more than was allowed.
    long memoryMebibytes() {
        return memoryBytes >> 20;
    }

    /// The size of /tmp in MiB, at least one.
    long tmpMebibytes() {
        return Math.max(1, tmpBytes >> 20);
    }
}
