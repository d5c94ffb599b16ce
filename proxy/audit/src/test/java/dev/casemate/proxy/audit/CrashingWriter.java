package dev.casemate.proxy.audit;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/// The process that [CrashTest] kills: appends from many threads until it dies, and prints the
/// exchange of each append that was acknowledged.
final class CrashingWriter {

    private static final int THREADS = 32;

    private CrashingWriter() {}

    public static void main(String[] arguments) throws InterruptedException {
        var directory = Path.of(arguments[0]);
        var round = arguments[1];
        var settings = Sample.settings(directory, 200_000, Duration.ofMillis(20));
        var ledger = Ledger.open(directory, settings);
        var number = new AtomicLong();
        var threads = new Thread[THREADS];
        for (int i = 0; i < THREADS; i++) {
            threads[i] =
                    Thread.ofVirtual()
                            .start(() -> {
                                while (true) {
                                    var exchange = round + "-" + number.getAndIncrement();
                                    ledger.append(Sample.entry(exchange, round, 700)).join();
                                    System.out.println(exchange);
                                }
                            });
        }
        for (var thread : threads) {
            thread.join();
        }
    }
}
