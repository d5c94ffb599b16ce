package dev.casemate.container.launch;

import dev.casemate.container.launch.Exit.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Says which limit a container's end is put down to, from what was seen alone.
final class Attribution {

    /// What the JVM ends with under -XX:+ExitOnOutOfMemoryError.
    private static final int HEAP_EXHAUSTED = 3;

    private static final int KILLED = 137;

    /// What an agent ends with when it says itself why: misconfigured, no answer, refused, cut
    /// short (docs/workers.md). Its own word goes before any guess from counters.
    private static final Set<Integer> OWN_WORD = Set.of(64, 65, 69, 75);

    /// The kernel shares out the processor in periods of this length.
    private static final Duration PERIOD = Duration.ofMillis(100);

    /// Less than this is no room for a block of a file.
    private static final long BLOCK_BYTES = 4096;

    /// What is known of an end.
    ///
    /// @param code exit code of the agent's process
    /// @param outOfMemory whether the engine says that the kernel ended it for want of memory
    /// @param late whether the launcher killed it because a run was overdue
    /// @param told whether the launcher had been told to end
    /// @param total what was counted of the container
    /// @param ofRun what was counted since the run in hand began
    /// @param runLasted how long that run had been going on; zero if none was
    /// @param toldEnd what the agent's last event called the end of its run
    record Seen(
            int code,
            boolean outOfMemory,
            boolean late,
            boolean told,
            Meters total,
            Meters ofRun,
            Duration runLasted,
            Optional<String> toldEnd) {}

    private final Seen seen;
    private final List<String> sentences = new ArrayList<>();

    private Attribution(Seen seen) {
        this.seen = seen;
    }

    /// @param duration of the whole launch
    static Exit of(Seen seen, Duration duration) {
        var attribution = new Attribution(seen);
        attribution.tell();
        int code = seen.late() ? KILLED : seen.code();
        return new Exit(
                code, attribution.reason(), duration, 1, seen.total(), attribution.sentences, true);
    }

    private void tell() {
        long kills = seen.total().seen(Meter.MEMORY_KILLS);
        if (kills > 0 || seen.outOfMemory()) {
            sentences.add("the kernel ended it for want of memory");
        } else if (seen.code() == HEAP_EXHAUSTED) {
            sentences.add("it ended with the exit code of a Java without memory");
        }
        long refused = seen.total().seen(Meter.PROCESSES_REFUSED);
        if (refused > 0) {
            sentences.add("the kernel refused it a process or thread %d times".formatted(refused));
        }
        if (isFull()) {
            sentences.add("/tmp was full at its end");
        }
        if (seen.late()) {
            sentences.add("its run was overdue, and the launcher killed it");
        }
        long throttled = seen.ofRun().seen(Meter.PROCESSOR_PERIODS_THROTTLED);
        if (throttled > 0) {
            sentences.add(
                    "the processor was taken from it in %d of %d periods of %d ms"
                            .formatted(
                                    throttled,
                                    seen.ofRun().seen(Meter.PROCESSOR_PERIODS),
                                    PERIOD.toMillis()));
        }
        long usedUp = seen.ofRun().seen(Meter.DISK_USED_UP_MILLIS);
        if (usedUp > 0) {
            sentences.add(
                    "its bandwidth of the disk was used up for %d of %d ms"
                            .formatted(usedUp, seen.runLasted().toMillis()));
        }
        seen.toldEnd()
                .ifPresent(end -> sentences.add("the agent told the end of its run as " + end));
    }

    private Reason reason() {
        if (seen.late()) {
            return atDeadline();
        } else if (seen.code() == 0) {
            return Reason.COMPLETED;
        } else if (seen.outOfMemory() || seen.total().seen(Meter.MEMORY_KILLS) > 0) {
            return Reason.OUT_OF_MEMORY;
        } else if (seen.told()) {
            return Reason.STOPPED;
        } else if (seen.code() == KILLED) {
            return Reason.KILLED;
        } else if (OWN_WORD.contains(seen.code())) {
            return Reason.FAILED;
        }
        return ranInto();
    }

    private Reason atDeadline() {
        // Of the processor the kernel says itself that it held back, so it goes first.
        if (isHeldBack()) {
            return Reason.PROCESSOR;
        }
        var usedUp = Duration.ofMillis(seen.ofRun().seen(Meter.DISK_USED_UP_MILLIS));
        return isHalf(usedUp) ? Reason.DISK : Reason.DEADLINE;
    }

    private Reason ranInto() {
        boolean refused = seen.total().seen(Meter.PROCESSES_REFUSED) > 0;
        if (seen.code() == HEAP_EXHAUSTED) {
            // The JVM says the same of a heap that is full and of a thread that it did not get.
            return refused ? Reason.PROCESSES : Reason.OUT_OF_MEMORY;
        } else if (isFull()) {
            return Reason.TEMPORARY_FILES;
        }
        return refused ? Reason.PROCESSES : Reason.FAILED;
    }

    private boolean isFull() {
        return seen.total().values().containsKey(Meter.TEMPORARY_FREE_BYTES)
                && seen.total().seen(Meter.TEMPORARY_FREE_BYTES) < BLOCK_BYTES;
    }

    /// Half of the run or more, in time: an agent that waits for its model wants no processor, and
    /// being held back in the few moments between is not what used up its deadline.
    private boolean isHeldBack() {
        var heldBack = PERIOD.multipliedBy(seen.ofRun().seen(Meter.PROCESSOR_PERIODS_THROTTLED));
        return isHalf(heldBack);
    }

    private boolean isHalf(Duration part) {
        return part.multipliedBy(2).compareTo(seen.runLasted()) >= 0 && part.isPositive();
    }
}
