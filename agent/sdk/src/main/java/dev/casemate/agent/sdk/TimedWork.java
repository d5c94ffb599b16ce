package dev.casemate.agent.sdk;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/// Work on a virtual thread of its own, for which nobody waits longer than agreed, whatever the
/// work does. What is not done by then is interrupted and left behind: a thread cannot be stopped
/// from outside, so it may run on, but what it still returns is not used.
final class TimedWork {

    /// How the waiting ended.
    sealed interface Ending<T> {

        record Returned<T>(T value) implements Ending<T> {}

        /// Also where the work returned null.
        record Threw<T>(Throwable thrown) implements Ending<T> {}

        record LeftBehind<T>(Cause cause) implements Ending<T> {}
    }

    /// Why work was left behind.
    enum Cause {
        /// Its own time was up.
        TIMEOUT,
        /// The run's time was up.
        DEADLINE,
        /// The waiting thread was interrupted.
        CANCELLED;

        /// How the run ends with it; empty if it goes on.
        Optional<RunEnd> end() {
            return switch (this) {
                case TIMEOUT -> Optional.empty();
                case DEADLINE -> Optional.of(new RunEnd.DeadlineReached());
                case CANCELLED -> Optional.of(new RunEnd.Cancelled());
            };
        }
    }

    private final RunDeadline deadline;

    TimedWork(RunDeadline deadline) {
        this.deadline = deadline;
    }

    /// Waits at most for `limit`, and never beyond the deadline. If the calling thread is
    /// interrupted meanwhile, it stays interrupted.
    <T> Ending<T> within(Duration limit, String threadName, Callable<T> work) {
        var left = deadline.left();
        boolean deadlineFirst = left.compareTo(limit) <= 0;
        // Whichever comes first stays: what became of the work, or that it was left behind.
        var ending = new CompletableFuture<Ending<T>>();
        var thread =
                Thread.ofVirtual().name(threadName).start(() -> ending.complete(endingOf(work)));
        var cause = deadlineFirst ? Cause.DEADLINE : Cause.TIMEOUT;
        try {
            boolean _ = thread.join(deadlineFirst ? left : limit);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            cause = Cause.CANCELLED;
        }
        // Before the interrupt, so that what the work makes of it is too late.
        ending.complete(new Ending.LeftBehind<>(cause));
        thread.interrupt();
        return ending.join();
    }

    /// Whatever is thrown is an ending: nobody else would hear of it on this thread.
    private static <T> Ending<T> endingOf(Callable<T> work) {
        try {
            var value = work.call();
            return value == null
                    ? new Ending.Threw<>(new NullPointerException())
                    : new Ending.Returned<>(value);
        } catch (Throwable e) {
            return new Ending.Threw<>(e);
        }
    }
}
