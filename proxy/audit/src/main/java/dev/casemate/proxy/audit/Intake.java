package dev.casemate.proxy.audit;

import dev.casemate.proxy.audit.LedgerException.Code;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The bounded queue between many appenders and the one writer.
final class Intake {

    // One group is written through one fdatasync; more bytes than this would make others wait.
    private static final long MAX_GROUP_BYTES = 8L << 20;

    /// A record that waits to be written.
    static final class Waiting {
        private final byte[] record;
        private final byte[] leaf;
        private final CompletableFuture<Position> written = new CompletableFuture<>();

        /// Made on the appender's thread, and the record's hash with it.
        Waiting(byte[] record) {
            this.record = record;
            this.leaf = MerkleTree.leaf(record);
        }

        byte[] record() {
            return record;
        }

        byte[] leaf() {
            return leaf;
        }

        CompletableFuture<Position> written() {
            return written;
        }
    }

    private final LedgerSettings settings;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final ArrayDeque<Waiting> queue = new ArrayDeque<>();
    private long bytes;
    private boolean closed;

    Intake(LedgerSettings settings) {
        this.settings = settings;
    }

    /// Queues a record, or says why not.
    Optional<Code> offer(Waiting waiting) {
        lock.lock();
        try {
            if (closed) {
                return Optional.of(Code.CLOSED);
            }
            int length = waiting.record().length;
            if (queue.size() == settings.queueEntries() || bytes + length > settings.queueBytes()) {
                return Optional.of(Code.OVERLOADED);
            }
            queue.add(waiting);
            bytes += length;
            arrived.signal();
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /// The next group: what waits now, up to the limits. Empty when `patience` is over, and when
    /// the intake is closed and nothing waits any more.
    List<Waiting> take(Duration patience) throws InterruptedException {
        lock.lock();
        try {
            long left = patience.toNanos();
            while (queue.isEmpty() && !closed && left > 0) {
                left = arrived.awaitNanos(left);
            }
            return group();
        } finally {
            lock.unlock();
        }
    }

    private List<Waiting> group() {
        var group = new ArrayList<Waiting>();
        long taken = 0;
        while (!queue.isEmpty() && group.size() < settings.groupEntries()) {
            long length = queue.element().record().length;
            if (!group.isEmpty() && taken + length > MAX_GROUP_BYTES) {
                break;
            }
            group.add(queue.remove());
            taken += length;
        }
        bytes -= taken;
        return group;
    }

    int size() {
        lock.lock();
        try {
            return queue.size();
        } finally {
            lock.unlock();
        }
    }

    /// Whether it is closed and everything has been taken.
    boolean done() {
        lock.lock();
        try {
            return closed && queue.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
