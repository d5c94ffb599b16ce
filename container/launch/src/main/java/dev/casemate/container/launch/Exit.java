package dev.casemate.container.launch;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/// How a launch ended.
///
/// @param code exit code of the agent's process; of the engine itself with [Reason#NOT_STARTED]
/// @param duration from the start of the container to its end
/// @param attempt 1 for the first start, one more for each time that it was started again
/// @param meters what was counted while it ran
/// @param seen what the reason was concluded from, and what else was noticed, a sentence each
/// @param onRecord whether this end is in the ledger, or nobody asked for that
public record Exit(
        int code,
        Reason reason,
        Duration duration,
        int attempt,
        Meters meters,
        List<String> seen,
        boolean onRecord) {

    public Exit {
        Objects.requireNonNull(reason);
        Objects.requireNonNull(duration);
        Objects.requireNonNull(meters);
        seen = List.copyOf(seen);
    }

    /// The end of a first attempt of which nothing was counted.
    public Exit(int code, Reason reason, Duration duration) {
        this(code, reason, duration, 1, Meters.NONE, List.of(), true);
    }

    Exit ofAttempt(int number) {
        return new Exit(code, reason, duration, number, meters, seen, onRecord);
    }

    Exit recorded(boolean taken) {
        return new Exit(code, reason, duration, attempt, meters, seen, taken);
    }

    /// Why it ended: what was seen, not what may have been meant.
    public enum Reason {
        /// The agent ended by itself with code 0.
        COMPLETED(""),
        /// The agent ended by itself with another code, and none of its limits had to do with it as
        /// far as could be seen.
        FAILED(""),
        /// The kernel ended it at its bound of memory, or Java ended itself for want of heap.
        OUT_OF_MEMORY("memoryBytes"),
        /// It ended with an error after the kernel had refused it a process or a thread.
        PROCESSES("pids"),
        /// It ended with an error while `/tmp` was full.
        TEMPORARY_FILES("tmpBytes"),
        /// It was killed at the deadline, and for half of its run or more it had been held back
        /// because it wanted more of the processor than the manifest grants.
        PROCESSOR("cpuMillis"),
        /// It was killed at the deadline, and for half of its run or more it had used up what the
        /// manifest grants of the disk's bandwidth.
        DISK("ioBytesPerSecond"),
        /// The agent was still running after the manifest's deadline, and was killed.
        DEADLINE("deadlineSeconds"),
        /// The launcher was told to end, and ended the agent.
        STOPPED(""),
        /// Somebody else killed it.
        KILLED(""),
        /// The engine could not start the container.
        NOT_STARTED("");

        private final String limit;

        Reason(String limit) {
            this.limit = limit;
        }

        /// The manifest's limit that it ran into, by its name there.
        public Optional<String> limit() {
            return Optional.of(limit).filter(name -> !name.isEmpty());
        }

        /// The spelling in records.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
