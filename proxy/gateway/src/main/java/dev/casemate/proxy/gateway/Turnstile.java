package dev.casemate.proxy.gateway;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Counts the exchanges that are inside, with the bytes they hold, and lets no more in than there
/// is room for.
final class Turnstile {

    private final int maxExchanges;
    private final long maxBytes;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition empty = lock.newCondition();
    private int exchanges;
    private long bytes;
    private boolean shut;

    Turnstile(int maxExchanges, long maxBytes) {
        this.maxExchanges = maxExchanges;
        this.maxBytes = maxBytes;
    }

    /// One exchange that is inside.
    final class Ticket implements AutoCloseable {
        private long held;
        private boolean closed;

        /// Makes room for so many bytes more.
        ///
        /// @throws GatewayException `OVERLOADED`
        void hold(int more) {
            lock.lock();
            try {
                if (bytes + more > maxBytes) {
                    throw overloaded();
                }
                bytes += more;
                held += more;
            } finally {
                lock.unlock();
            }
        }

        /// Leaves; a second call does nothing.
        @Override
        public void close() {
            lock.lock();
            try {
                if (!closed) {
                    closed = true;
                    bytes -= held;
                    if (--exchanges == 0) {
                        empty.signalAll();
                    }
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /// @throws GatewayException `OVERLOADED`
    Ticket enter() {
        lock.lock();
        try {
            if (shut || exchanges == maxExchanges) {
                throw overloaded();
            }
            exchanges++;
            return new Ticket();
        } finally {
            lock.unlock();
        }
    }

    private static GatewayException overloaded() {
        return new GatewayException(
                ErrorCode.OVERLOADED, "the gateway has no room for another exchange now");
    }

    int exchanges() {
        lock.lock();
        try {
            return exchanges;
        } finally {
            lock.unlock();
        }
    }

    /// Lets nobody in any more and waits for those inside.
    ///
    /// @return whether all have left in time
    boolean drain(Duration limit) throws InterruptedException {
        long left = limit.toNanos();
        lock.lock();
        try {
            shut = true;
            while (exchanges > 0 && left > 0) {
                left = empty.awaitNanos(left);
            }
            return exchanges == 0;
        } finally {
            lock.unlock();
        }
    }
}
