package dev.casemate.container.launch.probe;

import dev.casemate.container.launch.probe.Attempt.Kind;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/// Ways to take more than one's share. Each stops at a number of its own.
final class ResourceAttempts {

    private static final int CHUNK_BYTES = 1 << 20;
    private static final int DESCRIPTORS = 1_500;
    private static final long SPUN_TICKS = 100;
    private static final String PERIODS = "nr_periods ";

    private ResourceAttempts() {}

    static List<Attempt> of(ProbeSettings settings) {
        var attempts = new ArrayList<Attempt>();
        attempts.add(
                new Attempt(
                        "write more than /tmp holds",
                        Kind.RESOURCES,
                        () -> fillTemporary(settings.tmpBytes())));
        attempts.add(
                new Attempt(
                        "open %d files".formatted(DESCRIPTORS),
                        Kind.RESOURCES,
                        ResourceAttempts::openMany));
        attempts.add(
                new Attempt(
                        "start more threads than granted",
                        Kind.RESOURCES,
                        () -> startThreads(settings.threads())));
        attempts.add(
                new Attempt(
                        "spin on every processor, held to no share",
                        Kind.RESOURCES,
                        ResourceAttempts::spin));
        if (settings.memoryBytes() > 0) {
            attempts.add(
                    new Attempt(
                            "take %d bytes of memory".formatted(settings.memoryBytes()),
                            Kind.RESOURCES,
                            () -> takeMemory(settings.memoryBytes())));
        }
        return attempts;
    }

    private static String fillTemporary(long limit) throws Throwable {
        var file = Path.of("/tmp", "probe-filling");
        var chunk = new byte[CHUNK_BYTES];
        try (var stream = Files.newOutputStream(file)) {
            long written = 0;
            while (written <= limit) {
                stream.write(chunk);
                written += chunk.length;
            }
            return "wrote " + written;
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private static String openMany() throws Throwable {
        var open = new ArrayList<InputStream>();
        try {
            for (int i = 0; i < DESCRIPTORS; i++) {
                open.add(Files.newInputStream(Path.of("/dev/null")));
            }
            return "opened " + open.size();
        } finally {
            for (var stream : open) {
                stream.close();
            }
        }
    }

    private static String startThreads(int count) throws Throwable {
        var end = new CountDownLatch(1);
        var started = new ArrayList<Thread>();
        try {
            for (int i = 0; i < count; i++) {
                var thread = Thread.ofPlatform().daemon().unstarted(() -> await(end));
                thread.start();
                started.add(thread);
            }
            return "started " + count;
        } finally {
            end.countDown();
            // The next attempt needs a thread of its own.
            for (var thread : started) {
                thread.join();
            }
        }
    }

    /// The kernel counts periods of whoever it holds to a share, and of nobody else; so it need not
    /// be seen how fast this goes, on a machine that may be busy.
    private static String spin() throws Throwable {
        long periods = periods();
        long begun = ownTicks();
        var enough = new AtomicBoolean();
        try {
            for (int i = 0; i <= Runtime.getRuntime().availableProcessors(); i++) {
                Thread.ofPlatform().daemon().start(() -> spinUntil(enough));
            }
            while (ownTicks() - begun < SPUN_TICKS) {
                Thread.onSpinWait();
            }
        } finally {
            enough.set(true);
        }
        if (periods() > periods) {
            throw new IllegalStateException("the kernel counts what it takes");
        }
        return "took a second of processor time that nobody counted";
    }

    private static void spinUntil(AtomicBoolean enough) {
        while (!enough.get()) {
            Thread.onSpinWait();
        }
    }

    private static long periods() throws IOException {
        for (var place : List.of("cpu", "cpu,cpuacct", ".")) {
            var file = Path.of("/sys/fs/cgroup", place, "cpu.stat");
            if (Files.exists(file)) {
                return Files.readAllLines(file).stream()
                        .filter(line -> line.startsWith(PERIODS))
                        .mapToLong(line -> Long.parseLong(line.substring(PERIODS.length())))
                        .sum();
            }
        }
        throw new FileNotFoundException("cpu.stat");
    }

    /// Processor time of this process, in hundredths of a second.
    private static long ownTicks() throws IOException {
        var line = Files.readString(Path.of("/proc/self/stat"));
        var fields = List.of(line.substring(line.lastIndexOf(')') + 2).split(" "));
        return Long.parseLong(fields.get(11)) + Long.parseLong(fields.get(12));
    }

    private static void await(CountDownLatch end) {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String takeMemory(long limit) {
        var taken = new ArrayList<byte[]>();
        for (long bytes = 0; bytes < limit; bytes += CHUNK_BYTES) {
            var chunk = new byte[CHUNK_BYTES];
            chunk[chunk.length - 1] = 1;
            taken.add(chunk);
        }
        return "took " + taken.size() + " MiB";
    }
}
