package dev.casemate.proxy.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Every call to the disk fails in turn; afterwards every acknowledged record is there, and whole.
@Timeout(300)
final class FaultTest {

    private static final int APPENDS = 10;

    @TempDir private Path temporary;

    /// What a round came to.
    private record Round(List<String> acknowledged, int failed, int calls, boolean opened) {}

    @Test
    void oneFailedCallCostsAtMostOneAppend() {
        int calls = round("whole", (_, _) -> {}).calls();
        assertThat(calls).isGreaterThan(60);
        for (int n = 1; n <= calls; n++) {
            int failing = n;
            var round =
                    round(
                            "one-" + n,
                            (call, number) -> {
                                if (number == failing) {
                                    throw new IOException("injected: " + call);
                                }
                            });
            assertThat(round.failed())
                    .as("appends refused after call %d", n)
                    .isLessThanOrEqualTo(1);
            assertRecovers("one-" + n, round);
        }
    }

    @Test
    void aDiskThatStaysBrokenLosesNothingThatWasAcknowledged() {
        int calls = round("all", (_, _) -> {}).calls();
        for (int n = 1; n <= calls; n++) {
            int failing = n;
            var round =
                    round(
                            "from-" + n,
                            (call, number) -> {
                                if (number >= failing) {
                                    throw new IOException("injected: " + call);
                                }
                            });
            assertRecovers("from-" + n, round);
        }
    }

    /// The failed group was written whole; the next record has the length of its first, so that the
    /// others would stand behind it as if they were records.
    @Test
    void whatAFailedGroupHasWrittenIsCutOffBeforeAnythingElseIsWritten() {
        var writing = new CountDownLatch(1);
        var queued = new CountDownLatch(1);
        var forces = new AtomicInteger();
        var directory = temporary.resolve("group").resolve("ledger");
        var disk = new FaultyDisk((_, _) -> {});
        try (var ledger = Ledger.open(directory, Sample.settings(directory), disk)) {
            disk.before((call, _) -> {
                int force = call.equals("force") ? forces.incrementAndGet() : 0;
                if (force == 1) {
                    writing.countDown();
                    Sample.await(queued);
                } else if (force == 2) {
                    throw new IOException("injected: " + call);
                }
            });
            var before = ledger.append(Sample.entry("before"));
            Sample.await(writing);
            var refused =
                    Stream.of("refused-0", "refused-1", "refused-2")
                            .map(exchange -> ledger.append(Sample.entry(exchange)))
                            .toList();
            queued.countDown();
            before.join();
            assertThat(refused)
                    .allSatisfy(append -> assertThat(append).failsWithin(Duration.ofSeconds(30)));
            assertThat(ledger.status().failure()).contains(LedgerException.Code.IO);
            ledger.append(Sample.entry("afterward")).join();
            assertThat(ledger.status().failure()).isEmpty();
            assertThat(Sample.exchanges(directory)).containsExactly("before", "afterward");
        }
        assertThat(Sample.exchanges(directory)).containsExactly("before", "afterward");
    }

    private Round round(String name, FaultyDisk.Fault fault) {
        var directory = temporary.resolve(name).resolve("ledger");
        var settings = Sample.settings(directory, 900, Duration.ofHours(1));
        var disk = new FaultyDisk(fault);
        var acknowledged = new ArrayList<String>();
        int failed = 0;
        Ledger ledger;
        try {
            ledger = Ledger.open(directory, settings, disk);
        } catch (LedgerException e) {
            return new Round(acknowledged, failed, disk.calls(), false);
        }
        for (int i = 0; i < APPENDS; i++) {
            try {
                ledger.append(Sample.entry("e" + i)).join();
                acknowledged.add("e" + i);
            } catch (CompletionException e) {
                assertThat(Sample.code(e)).isEqualTo(LedgerException.Code.IO);
                failed++;
            }
        }
        try {
            ledger.close();
        } catch (LedgerException e) {
            assertThat(e.code()).isEqualTo(LedgerException.Code.IO);
        }
        return new Round(acknowledged, failed, disk.calls(), true);
    }

    /// Opens on a sound disk, appends once more, and verifies.
    private void assertRecovers(String name, Round round) {
        var directory = temporary.resolve(name).resolve("ledger");
        var settings = Sample.settings(directory, 900, Duration.ofHours(1));
        try (var ledger = Ledger.open(directory, settings, FaultyDisk.sound())) {
            ledger.append(Sample.entry("again")).join();
            var found = Sample.exchanges(directory);
            assertThat(found).as(name).endsWith("again");
            var kept = new ArrayList<>(found);
            kept.retainAll(round.acknowledged());
            assertThat(kept).as(name).isEqualTo(round.acknowledged());
            assertThat(found).as(name).doesNotHaveDuplicates();
        }
        try (var ledger = Ledger.open(directory, settings, FaultyDisk.sound())) {
            assertThat(ledger.status().tornBytes()).isZero();
            assertThat(LedgerVerifier.verify(directory, ledger.verifier()).defect()).isEmpty();
        }
    }
}
