package dev.casemate.agent.sdk;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Whether this process has been told to end, and what that means for the task in hand.
///
/// Told while it waits for a task, the worker is interrupted in its waiting. Told while a task is
/// in hand, it is left alone for a grace time; then the run is cancelled, and the worker, which is
/// never interrupted at its work, sees to the rest.
final class EndSignal {

    private final Thread worker;
    private final Duration grace;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private Optional<RunInHand> run = Optional.empty();
    private boolean busy;
    private boolean told;
    private boolean graceOver;

    /// @param worker takes the tasks
    /// @param grace how long the task in hand may still take
    EndSignal(Thread worker, Duration grace) {
        this.worker = worker;
        this.grace = grace;
    }

    /// Before anything is done for a task: from here to [#release] the worker is not interrupted.
    ///
    /// @return false if no new task may be taken up
    boolean take() {
        lock.lock();
        try {
            if (told) {
                // What interrupted the waiting must not hold up what is left to say.
                boolean _ = Thread.interrupted();
            }
            busy = true;
            return !told;
        } finally {
            lock.unlock();
        }
    }

    /// The task in hand has become a run.
    void running(RunInHand begun) {
        lock.lock();
        try {
            run = Optional.of(begun);
            if (graceOver) {
                begun.cancel();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Nothing is in hand any more.
    void release() {
        lock.lock();
        try {
            run = Optional.empty();
            busy = false;
            changed.signalAll();
            if (told) {
                worker.interrupt();
            }
        } finally {
            lock.unlock();
        }
    }

    boolean told() {
        lock.lock();
        try {
            return told;
        } finally {
            lock.unlock();
        }
    }

    /// Tells the worker to end, and waits until nothing is in hand, for at most the grace time.
    void tell() throws InterruptedException {
        lock.lock();
        try {
            told = true;
            if (!busy) {
                worker.interrupt();
                return;
            }
            long left = grace.toNanos();
            while (busy && left > 0) {
                left = changed.awaitNanos(left);
            }
            graceOver = true;
            if (busy) {
                run.ifPresent(RunInHand::cancel);
            }
        } finally {
            lock.unlock();
        }
    }
}
