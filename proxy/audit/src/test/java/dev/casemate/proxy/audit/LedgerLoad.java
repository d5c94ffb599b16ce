package dev.casemate.proxy.audit;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/// Measures appends, durable ones: `LedgerLoad DIRECTORY THREADS RECORD_BYTES SECONDS`.
///
/// A main, not a test: it asserts nothing. The directory must not exist; it is left behind.
final class LedgerLoad {

    private static final int MAX_SAMPLES = 4_000_000;
    private static final int ROUNDS = 3;

    private LedgerLoad() {}

    public static void main(String[] arguments) throws Exception {
        var directory = Files.createDirectories(Path.of(arguments[0])).resolve("ledger");
        int threads = Integer.parseInt(arguments[1]);
        int bytes = Integer.parseInt(arguments[2]);
        int seconds = Integer.parseInt(arguments[3]);
        var settings = LedgerSettings.of("casemate.test/load", directory.resolveSibling("key"));
        try (var ledger = Ledger.open(directory, settings)) {
            for (int round = 0; round < ROUNDS; round++) {
                System.out.println(round(ledger, threads, bytes, seconds));
            }
        }
        verified(directory, settings);
    }

    private static String round(Ledger ledger, int threads, int bytes, int seconds)
            throws InterruptedException {
        var nanos = new long[MAX_SAMPLES];
        var taken = new AtomicLong();
        var entry = Sample.entry("exchange-0123456789abcdef", "run-0123456789abcdef", bytes - 330);
        var workers = new Thread[threads];
        long cpu = cpuNanos();
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        for (int i = 0; i < threads; i++) {
            workers[i] =
                    Thread.ofVirtual()
                            .start(() -> {
                                while (System.nanoTime() < end) {
                                    long start = System.nanoTime();
                                    ledger.append(entry).join();
                                    int sample =
                                            (int)
                                                    Math.min(
                                                            taken.getAndIncrement(),
                                                            MAX_SAMPLES - 1);
                                    nanos[sample] = System.nanoTime() - start;
                                }
                            });
        }
        for (var worker : workers) {
            worker.join();
        }
        int count = (int) Math.min(taken.get(), MAX_SAMPLES);
        Arrays.sort(nanos, 0, count);
        return "%d threads, %d B: %,d appends/s, p50 %.2f ms, p99 %.2f ms, max %.2f ms, cpu %.1f us each"
                .formatted(
                        threads,
                        EntryText.write(entry).length,
                        taken.get() / seconds,
                        nanos[count / 2] / 1e6,
                        nanos[(int) (count * 0.99)] / 1e6,
                        nanos[count - 1] / 1e6,
                        (cpuNanos() - cpu) / 1e3 / taken.get());
    }

    private static void verified(Path directory, LedgerSettings settings) throws IOException {
        long start = System.nanoTime();
        var key =
                VerifierKey.read(
                        Files.readString(settings.signingKey().resolveSibling("key.vkey")));
        var verification = LedgerVerifier.verify(directory, key);
        System.out.printf(
                "verified in %.1f s: %s%n", (System.nanoTime() - start) / 1e9, verification);
        start = System.nanoTime();
        Ledger.open(directory, settings).close();
        System.out.printf("opened again in %.1f s%n", (System.nanoTime() - start) / 1e9);
    }

    private static long cpuNanos() {
        return ManagementFactory.getOperatingSystemMXBean()
                        instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getProcessCpuTime()
                : 0;
    }
}
