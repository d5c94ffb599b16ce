package dev.casemate.manifest;

import java.time.Duration;

/// Where a run ends, whatever the model wants. Every limit is set; there is no "unlimited".
///
/// @param steps answers asked of the model in one run
/// @param toolCalls tool calls executed or refused in one run
/// @param tokens input and output tokens of one run together
/// @param deadline wall-clock time of one run; whole seconds
/// @param identicalCalls the same call with the same arguments, in a row
/// @param cpuMillis processor time per second, in thousandths of one processor
/// @param memoryBytes memory of the container
/// @param tmpBytes size of /tmp
/// @param pids processes and threads of the container
/// @param ioBytesPerSecond disk bandwidth, reading and writing each
public record Limits(
        int steps,
        int toolCalls,
        long tokens,
        Duration deadline,
        int identicalCalls,
        int cpuMillis,
        long memoryBytes,
        long tmpBytes,
        int pids,
        long ioBytesPerSecond) {

    private static final long MAX_SECONDS = 86_400;

    public Limits {
        if (Math.min(Math.min(steps, toolCalls), Math.min(identicalCalls, cpuMillis)) < 1
                || Math.min(Math.min(memoryBytes, tmpBytes), Math.min(pids, ioBytesPerSecond)) < 1
                || tokens < 1
                || deadline.compareTo(Duration.ofSeconds(1)) < 0
                || deadline.toNanosPart() != 0) {
            throw new ManifestException(
                    ManifestException.Code.INVALID_VALUE,
                    "/limits",
                    "every limit is positive, the deadline in whole seconds");
        }
    }

    Json toJson() {
        return Json.object()
                .put("steps", steps)
                .put("toolCalls", toolCalls)
                .put("tokens", tokens)
                .put("deadlineSeconds", deadline.toSeconds())
                .put("identicalCalls", identicalCalls)
                .put("cpuMillis", cpuMillis)
                .put("memoryBytes", memoryBytes)
                .put("tmpBytes", tmpBytes)
                .put("pids", pids)
                .put("ioBytesPerSecond", ioBytesPerSecond)
                .build();
    }

    static Limits read(Members members) {
        return new Limits(
                (int) members.positive("steps", 10_000),
                (int) members.positive("toolCalls", 10_000),
                members.positive("tokens", 1_000_000_000),
                Duration.ofSeconds(members.positive("deadlineSeconds", MAX_SECONDS)),
                (int) members.positive("identicalCalls", 10_000),
                (int) members.positive("cpuMillis", 1_000_000),
                members.positive("memoryBytes", 1L << 40),
                members.positive("tmpBytes", 1L << 40),
                (int) members.positive("pids", 100_000),
                members.positive("ioBytesPerSecond", 1L << 40));
    }
}
