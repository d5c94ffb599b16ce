package dev.casemate.proxy.audit;

import dev.casemate.manifest.Correlation;
import dev.casemate.manifest.Json;
import dev.casemate.proxy.audit.LedgerEntry.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Entries and settings that the tests share.
final class Sample {

    static final String ORIGIN = "casemate.test/ledger";

    private Sample() {}

    static LedgerEntry entry(String exchange) {
        return entry(exchange, "run-1", 64);
    }

    static LedgerEntry entry(String exchange, String run, int textLength) {
        return new LedgerEntry(
                Kind.PROMPT,
                Instant.parse("2026-11-23T10:00:00.123456Z"),
                exchange,
                Optional.of("market-analyst"),
                Optional.of(new Correlation(run, "morning-report", "order-7")),
                Json.object()
                        .put("route", "/v1/chat/completions")
                        .put("request", Json.object().put("text", "x".repeat(textLength)).build())
                        .build());
    }

    /// Small segments, and checkpoints only at a roll and at close.
    static LedgerSettings settings(Path directory) {
        return settings(directory, 1 << 20, Duration.ofHours(1));
    }

    static LedgerSettings settings(Path directory, long segmentBytes, Duration interval) {
        var key = directory.resolveSibling("ledger.key");
        return new LedgerSettings(ORIGIN, key, segmentBytes, 1 << 20, 1_000, 8 << 20, 64, interval);
    }

    /// A closed ledger with these exchanges `e0`, `e1`, ...
    static VerifierKey write(Path directory, LedgerSettings settings, int records) {
        try (var ledger = Ledger.open(directory, settings)) {
            for (int i = 0; i < records; i++) {
                ledger.append(entry("e" + i)).join();
            }
            return ledger.verifier();
        }
    }

    static List<String> exchanges(Path directory) {
        var exchanges = new ArrayList<String>();
        LedgerReader.forEach(directory, stored -> exchanges.add(stored.entry().exchange()));
        return exchanges;
    }

    /// Waits for another thread, but not for ever.
    static void await(CountDownLatch latch) {
        try {
            if (!latch.await(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("waited 30 s for what should happen at once");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Why an append failed.
    static LedgerException.Code code(CompletionException failed) {
        if (failed.getCause() instanceof LedgerException cause) {
            return cause.code();
        }
        throw failed;
    }
}
