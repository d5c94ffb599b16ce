package dev.casemate.proxy.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The power fails at each call in turn, and unforced sectors and names are kept or lost by lot.
@Timeout(300)
final class PowerCutTest {

    private static final int BURSTS = 8;
    private static final int LOTS = 2;

    @TempDir private Path temporary;

    @Test
    void whateverWasAcknowledgedOutlivesThePower() throws IOException {
        int calls = round(new Random(0), Integer.MAX_VALUE, "whole");
        assertThat(calls).isGreaterThan(60);
        int torn = 0;
        for (int cut = 1; cut <= calls; cut++) {
            for (int lot = 0; lot < LOTS; lot++) {
                var name = "cut %d, lot %d".formatted(cut, lot);
                torn += round(new Random(31L * cut + lot), cut, name) < 0 ? 1 : 0;
            }
        }
        assertThat(torn).as("rounds that left a torn record").isPositive();
    }

    /// @return the disk calls made, or -1 if recovery had to cut something off
    private int round(Random random, int cut, String name) throws IOException {
        var before = temporary.resolve(name);
        var after = temporary.resolve(name + ", after");
        Files.createDirectories(before);
        Files.createDirectories(after);
        var disk = new PowerCutDisk(random, cut);
        var acknowledged = run(before.resolve("ledger"), disk, random);
        disk.leftovers(before, after);
        var directory = after.resolve("ledger");
        try (var ledger = Ledger.open(directory, settings(directory), FaultyDisk.sound())) {
            var kept = Sample.exchanges(directory);
            kept.retainAll(acknowledged);
            assertThat(kept).as(name).isEqualTo(acknowledged);
            ledger.append(Sample.entry("again")).join();
            assertThat(LedgerVerifier.verify(directory, ledger.verifier()).defect())
                    .as(name)
                    .isEmpty();
            return ledger.status().tornBytes() > 0 ? -1 : disk.calls();
        } catch (LedgerException e) {
            throw new AssertionError(name + ", files " + disk.files(), e);
        }
    }

    private static LedgerSettings settings(Path directory) {
        return Sample.settings(directory, 6_000, Duration.ofNanos(1));
    }

    /// Bursts of appends, so that groups hold more than one record.
    private static List<String> run(Path directory, PowerCutDisk disk, Random random) {
        var acknowledged = new ArrayList<String>();
        try (var ledger = Ledger.open(directory, settings(directory), disk)) {
            for (int burst = 0; burst < BURSTS; burst++) {
                var appends = new ArrayList<CompletableFuture<?>>();
                for (int i = 0; i < 6; i++) {
                    var exchange = "e" + burst + "-" + i;
                    var entry = Sample.entry(exchange, "run-1", random.nextInt(900));
                    appends.add(ledger.append(entry).thenRun(() -> acknowledged.add(exchange)));
                }
                appends.forEach(append -> append.exceptionally(_ -> null).join());
            }
        } catch (LedgerException e) {
            assertThat(e.code()).isEqualTo(LedgerException.Code.IO);
        }
        return acknowledged;
    }
}
