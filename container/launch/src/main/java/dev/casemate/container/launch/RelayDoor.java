package dev.casemate.container.launch;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/// Takes connections at one address and passes each on to one other address, and to no other: bytes
/// go both ways until both sides have ended, or neither has said anything for [#IDLE].
///
/// The same door stands at both ends of a relay: inside a launch's namespace it leads from TCP to a
/// UNIX socket, outside from that socket to the bound target.
final class RelayDoor implements AutoCloseable {

    /// Connections of one launch at once; an agent has [PodmanArguments#DESCRIPTORS] descriptors.
    static final int MAX_CONNECTIONS = 512;

    /// A model may think for minutes before it says a word.
    static final Duration IDLE = Duration.ofMinutes(15);

    private static final int CONNECT_MILLIS = 10_000;
    private static final int CHUNK_BYTES = 16 << 10;

    private final ServerSocketChannel listening;
    private final SocketAddress target;
    private final Semaphore places;
    private final Semaphore connected = new Semaphore(0);
    private final Set<Pair> pairs = ConcurrentHashMap.newKeySet();

    /// @param places shared by all doors of one end
    RelayDoor(ServerSocketChannel listening, SocketAddress target, Semaphore places) {
        this.listening = listening;
        this.target = target;
        this.places = places;
        Thread.ofVirtual().start(this::accept);
    }

    /// Counts the connections that reached the target.
    Semaphore connected() {
        return connected;
    }

    /// Ends the connections on which nothing has passed for [#IDLE].
    ///
    /// @param now by [System#nanoTime]
    void endIdle(long now) {
        pairs.stream().filter(pair -> now - pair.lastNanos > IDLE.toNanos()).forEach(Pair::close);
    }

    private void accept() {
        while (listening.isOpen()) {
            try {
                var from = listening.accept();
                if (places.tryAcquire()) {
                    Thread.ofVirtual().start(() -> pass(from));
                } else {
                    close(from);
                }
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void pass(SocketChannel from) {
        try (from;
                var to = connect()) {
            connected.release();
            var pair = new Pair(from, to);
            pairs.add(pair);
            try {
                var back = Thread.ofVirtual().start(() -> pair.copy(to, from));
                pair.copy(from, to);
                back.join();
            } finally {
                pairs.remove(pair);
            }
        } catch (IOException unreachable) {
            // Both are closed: whoever knocked hears that nobody is there.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            places.release();
        }
    }

    private SocketChannel connect() throws IOException {
        if (target instanceof UnixDomainSocketAddress) {
            return SocketChannel.open(target);
        }
        var channel = SocketChannel.open();
        try {
            channel.socket().connect(target, CONNECT_MILLIS);
            return channel;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private static void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException gone) {
            // It is closed for us.
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        pairs.forEach(Pair::close);
    }

    /// Two ends of one connection.
    private static final class Pair {

        private final SocketChannel one;
        private final SocketChannel other;
        private volatile long lastNanos = System.nanoTime();

        Pair(SocketChannel one, SocketChannel other) {
            this.one = one;
            this.other = other;
        }

        /// Until one side has nothing more to say, which the other side is then told.
        void copy(SocketChannel from, SocketChannel to) {
            var chunk = ByteBuffer.allocate(CHUNK_BYTES);
            try {
                while (from.read(chunk) >= 0) {
                    lastNanos = System.nanoTime();
                    chunk.flip();
                    while (chunk.hasRemaining()) {
                        to.write(chunk);
                    }
                    chunk.clear();
                }
                to.shutdownOutput();
            } catch (IOException broken) {
                close();
            }
        }

        void close() {
            RelayDoor.close(one);
            RelayDoor.close(other);
        }
    }
}
