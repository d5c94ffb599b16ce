package dev.casemate.container.launch;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/// What an agent and its libraries may ask of the kernel, one chore after the other: a contained
/// program that prints the name of each chore that is done and ends with the first that is not. Its
/// argument is the port of a peer on loopback that sends back what it is sent.
final class Chores {

    private static final int CHUNK_BYTES = 64 << 10;
    private static final int HEAPS = 4;

    private static final Path TEMPORARY = Path.of("/tmp");

    private final InetSocketAddress peer;

    private Chores(int port) {
        peer = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private interface Chore {
        boolean isDone() throws Exception;
    }

    public static void main(String[] arguments) throws Exception {
        System.out.println("start");
        var chores = new Chores(Integer.parseInt(arguments[0]));
        chores.files();
        chores.process();
        chores.connections();
        System.out.println("all");
    }

    private static void chore(String name, Chore chore) throws Exception {
        if (!chore.isDone()) {
            throw new IllegalStateException(name);
        }
        System.out.println(name);
    }

    private void files() throws Exception {
        chore("file", Chores::file);
        chore("positions", Chores::positions);
        chore("scattered-file", Chores::scattered);
        chore("shorter-file", Chores::shorter);
        chore("file-copy", Chores::copy);
        chore("file-move", Chores::move);
        chore("directory", Chores::directory);
        chore("mapped-file", Chores::mapped);
        chore("free-space", () -> TEMPORARY.toFile().getUsableSpace() > 0);
        chore("real-path", () -> TEMPORARY.toRealPath().equals(TEMPORARY));
        chore("readable", () -> Files.isReadable(TEMPORARY) && TEMPORARY.toFile().canRead());
        chore("input-waiting", () -> System.in.available() == 0);
    }

    private void process() throws Exception {
        chore("heap", Chores::heap);
        chore("stack", Chores::stack);
        chore("fault", Chores::fault);
        chore("threads", Chores::threads);
        chore("virtual-threads", Chores::virtualThreads);
        chore("sleep", Chores::sleep);
        chore("clocks", () -> System.currentTimeMillis() > 0 && System.nanoTime() != 0);
        chore("random", () -> new SecureRandom().generateSeed(8).length == 8);
        chore("processors", () -> Runtime.getRuntime().availableProcessors() > 0);
    }

    private void connections() throws Exception {
        chore("stream", this::stream);
        chore("half-closed", this::halfClosed);
        chore("silence", this::silence);
        chore("closed-under-a-reader", this::closedUnderReader);
        chore("channel", this::channel);
        chore("file-to-channel", this::fileToChannel);
        chore("selector", this::selector);
        chore("stream-of-a-virtual-thread", this::virtualStream);
        chore("refused-connection", Chores::refused);
    }

    private static Path temporary(String name) throws IOException {
        return Files.createTempFile(TEMPORARY, name, ".chore");
    }

    private static boolean file() throws IOException {
        var file = Files.writeString(temporary("text"), "text");
        boolean same = Files.readString(file).equals("text") && Files.size(file) == 4;
        Files.delete(file);
        return same && !Files.exists(file);
    }

    private static boolean positions() throws IOException {
        var file = temporary("positions");
        try (var channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), CHUNK_BYTES);
            var read = ByteBuffer.allocate(1);
            channel.read(read, CHUNK_BYTES + 1);
            return read.get(0) == 2;
        } finally {
            Files.delete(file);
        }
    }

    private static boolean scattered() throws IOException {
        var file = temporary("scattered");
        try (var channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            channel.write(pair((byte) 1, (byte) 2));
            channel.position(0);
            var read = pair((byte) 0, (byte) 0);
            return channel.read(read) == 2 && read[1].get(0) == 2;
        } finally {
            Files.delete(file);
        }
    }

    private static ByteBuffer[] pair(byte first, byte second) {
        return new ByteBuffer[] {
            ByteBuffer.wrap(new byte[] {first}), ByteBuffer.wrap(new byte[] {second})
        };
    }

    private static boolean shorter() throws IOException {
        var file = Files.write(temporary("shorter"), new byte[CHUNK_BYTES]);
        try (var random = new RandomAccessFile(file.toFile(), "rw")) {
            random.setLength(3);
            random.seek(2);
            return random.read() == 0 && random.read() < 0;
        } finally {
            Files.delete(file);
        }
    }

    private static boolean copy() throws IOException {
        var file = Files.write(temporary("copied"), new byte[CHUNK_BYTES]);
        var copy = TEMPORARY.resolve("copy");
        Files.copy(file, copy);
        boolean same = Files.mismatch(file, copy) < 0;
        Files.delete(file);
        Files.delete(copy);
        return same;
    }

    private static boolean move() throws IOException {
        var file = temporary("moved");
        var moved = TEMPORARY.resolve("moved");
        Files.move(file, moved);
        return !Files.exists(file) && Files.deleteIfExists(moved);
    }

    private static boolean directory() throws IOException {
        var directory = Files.createTempDirectory(TEMPORARY, "directory");
        Files.createFile(directory.resolve("file"));
        var names = directory.toFile().list();
        Files.delete(directory.resolve("file"));
        Files.delete(directory);
        return names != null && names.length == 1 && !Files.exists(directory);
    }

    private static boolean mapped() throws IOException {
        var file = Files.write(temporary("mapped"), new byte[CHUNK_BYTES]);
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return channel.map(MapMode.READ_ONLY, 0, CHUNK_BYTES).get(CHUNK_BYTES - 1) == 0;
        } finally {
            Files.delete(file);
        }
    }

    /// Several times what there is room for, so that it is collected, and memory outside of it.
    private static boolean heap() {
        long bytes = 0;
        var kept = new ArrayList<byte[]>();
        while (bytes < HEAPS * Runtime.getRuntime().maxMemory()) {
            kept.add(new byte[1 << 20]);
            bytes += 1 << 20;
            if (kept.size() * (1L << 20) > Runtime.getRuntime().maxMemory() / 2) {
                kept.clear();
            }
        }
        return ByteBuffer.allocateDirect(8 << 20).isDirect();
    }

    private static boolean stack() throws InterruptedException {
        var seen = new AtomicReference<Throwable>();
        var thread =
                Thread.ofPlatform()
                        .start(() -> {
                            try {
                                deeper(0);
                            } catch (StackOverflowError e) {
                                seen.set(e);
                            }
                        });
        thread.join();
        return seen.get() != null;
    }

    @SuppressWarnings("InfiniteRecursion") // What is looked at is its end.
    private static long deeper(long depth) {
        return deeper(depth + 1) + depth;
    }

    /// The virtual machine leaves some checks for null to the processor, in code that was compiled.
    private static boolean fault() {
        int caught = 0;
        String[] texts = {"a", null};
        for (int i = 0; i < 100_000; i++) {
            try {
                caught += texts[i % 5000 == 4999 ? 1 : 0].length() - 1;
            } catch (NullPointerException e) {
                caught++;
            }
        }
        return caught == 20;
    }

    @SuppressWarnings("ThreadPriorityCheck") // Yielding is what is looked at.
    private static boolean threads() throws InterruptedException {
        var lock = new ReentrantLock();
        var count = new int[1];
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < 8; i++) {
            threads.add(
                    Thread.ofPlatform()
                            .name("chore-" + i)
                            .start(() -> {
                                for (int j = 0; j < 1000; j++) {
                                    lock.lock();
                                    try {
                                        count[0]++;
                                    } finally {
                                        lock.unlock();
                                    }
                                    Thread.yield();
                                }
                            }));
        }
        for (var thread : threads) {
            thread.join();
        }
        return count[0] == 8000;
    }

    private static boolean virtualThreads() throws Exception {
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            var result =
                    executor.submit(() -> {
                        Thread.sleep(Duration.ofMillis(5));
                        return true;
                    });
            return result.get(30, TimeUnit.SECONDS);
        }
    }

    private static boolean sleep() throws InterruptedException {
        Thread.sleep(Duration.ofMillis(5));
        return !new CountDownLatch(1).await(5, TimeUnit.MILLISECONDS);
    }

    private boolean stream() throws IOException {
        try (var socket = new Socket()) {
            socket.setTcpNoDelay(true);
            socket.connect(peer, 30_000);
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(new byte[] {1, 2, 3});
            int first = socket.getInputStream().read();
            return first == 1
                    && socket.getInputStream().available() <= 2
                    && socket.getInputStream().readNBytes(2)[1] == 3
                    && socket.getTcpNoDelay()
                    && socket.getLocalPort() > 0;
        }
    }

    private boolean halfClosed() throws IOException {
        try (var socket = new Socket(peer.getAddress(), peer.getPort())) {
            socket.shutdownOutput();
            return socket.getInputStream().read() < 0;
        }
    }

    private boolean silence() throws IOException {
        try (var socket = new Socket(peer.getAddress(), peer.getPort())) {
            socket.setSoTimeout(5);
            socket.getInputStream().read();
            return false;
        } catch (SocketTimeoutException expected) {
            return true;
        }
    }

    /// Once in a thread of the system's, once in a channel: each is woken in a way of its own.
    private boolean closedUnderReader() throws Exception {
        var socket = new Socket(peer.getAddress(), peer.getPort());
        var channel = SocketChannel.open(peer);
        return woken(() -> socket.getInputStream().read(), socket)
                && woken(() -> channel.read(ByteBuffer.allocate(1)), channel);
    }

    private interface Read {
        int read() throws IOException;
    }

    private static boolean woken(Read read, AutoCloseable source) throws Exception {
        var seen = new AtomicReference<Exception>();
        var before = tasks();
        var reader =
                Thread.ofPlatform()
                        .start(() -> {
                            try {
                                read.read();
                            } catch (IOException e) {
                                seen.set(e);
                            }
                        });
        while (reader.isAlive() && !asleep(before)) {
            Thread.onSpinWait();
        }
        source.close();
        reader.join(Duration.ofSeconds(30));
        return !reader.isAlive()
                && (seen.get() instanceof SocketException
                        || seen.get() instanceof ClosedChannelException);
    }

    private static Set<Path> tasks() throws IOException {
        try (var tasks = Files.list(Path.of("/proc/self/task"))) {
            return tasks.collect(Collectors.toSet());
        }
    }

    /// Whether each thread that came since waits in the kernel: the reader does.
    private static boolean asleep(Set<Path> before) throws IOException {
        var since = tasks();
        since.removeAll(before);
        for (var task : since) {
            var state = Files.readString(task.resolve("stat"));
            if (!state.substring(state.lastIndexOf(')')).startsWith(") S")) {
                return false;
            }
        }
        return !since.isEmpty();
    }

    private boolean channel() throws IOException {
        try (var channel = SocketChannel.open(peer)) {
            channel.write(pair((byte) 1, (byte) 2));
            var read = pair((byte) 0, (byte) 0);
            while (read[1].hasRemaining()) {
                channel.read(read);
            }
            return read[1].get(0) == 2 && channel.getLocalAddress() != null;
        }
    }

    private boolean fileToChannel() throws IOException {
        var file = Files.write(temporary("sent"), new byte[CHUNK_BYTES]);
        try (var channel = SocketChannel.open(peer);
                var source = FileChannel.open(file, StandardOpenOption.READ)) {
            long sent = source.transferTo(0, CHUNK_BYTES, channel);
            return sent > 0;
        } finally {
            Files.delete(file);
        }
    }

    private boolean selector() throws IOException {
        try (var selector = Selector.open();
                var channel = SocketChannel.open()) {
            channel.configureBlocking(false);
            channel.connect(peer);
            channel.register(selector, SelectionKey.OP_CONNECT);
            selector.select(30_000);
            boolean connected = channel.finishConnect();
            selector.wakeup();
            return connected && selector.selectNow() >= 0;
        }
    }

    private boolean virtualStream() throws Exception {
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            return executor.submit(this::stream).get(30, TimeUnit.SECONDS);
        }
    }

    private static boolean refused() throws IOException {
        // Nobody listens at the port that was never given out.
        try (var _ = new Socket(InetAddress.getLoopbackAddress(), 1)) {
            return false;
        } catch (ConnectException expected) {
            return true;
        }
    }
}
