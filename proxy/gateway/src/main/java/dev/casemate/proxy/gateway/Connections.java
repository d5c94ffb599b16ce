package dev.casemate.proxy.gateway;

import io.vertx.core.http.HttpConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// The agents' connections of one event loop: how many there may be, and how long one may owe the
/// gateway bytes, be it a request line, a header or a body that trickles.
final class Connections {

    private static final long NOTHING_OWED = Long.MIN_VALUE;

    private final AtomicInteger open;
    private final int most;
    private final Duration idle;
    private final IdentityHashMap<HttpConnection, long[]> owingSince = new IdentityHashMap<>();

    /// @param open shared by all event loops
    Connections(AtomicInteger open, int most, Duration idle) {
        this.open = open;
        this.most = most;
        this.idle = idle;
    }

    void opened(HttpConnection connection) {
        if (open.incrementAndGet() > most) {
            open.decrementAndGet();
            var _ = connection.close();
            return;
        }
        owingSince.put(connection, new long[] {System.nanoTime()});
        connection.closeHandler(_ -> {
            owingSince.remove(connection);
            open.decrementAndGet();
        });
    }

    /// The headers are there; the body is owed now.
    void begun(HttpConnection connection) {
        set(connection, System.nanoTime());
    }

    /// The request is whole: now the gateway owes.
    void received(HttpConnection connection) {
        set(connection, NOTHING_OWED);
    }

    /// The answer is written: the next request is owed, or the reading of this answer.
    void answered(HttpConnection connection) {
        set(connection, System.nanoTime());
    }

    private void set(HttpConnection connection, long since) {
        var entry = owingSince.get(connection);
        if (entry != null) {
            entry[0] = since;
        }
    }

    /// Closes what has owed for too long.
    void sweep() {
        long now = System.nanoTime();
        var late = new ArrayList<HttpConnection>();
        owingSince.forEach((connection, since) -> {
            if (since[0] != NOTHING_OWED && now - since[0] > idle.toNanos()) {
                late.add(connection);
            }
        });
        late.forEach(HttpConnection::close);
    }
}
