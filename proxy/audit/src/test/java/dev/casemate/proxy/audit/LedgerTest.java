package dev.casemate.proxy.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.casemate.manifest.Correlation;
import dev.casemate.manifest.Json;
import dev.casemate.proxy.audit.LedgerEntry.Kind;
import dev.casemate.proxy.audit.LedgerException.Code;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class LedgerTest {

    @TempDir private Path temporary;
    private Path directory;

    @BeforeEach
    void place() {
        directory = temporary.resolve("ledger");
    }

    @Test
    void whatIsAppendedIsReadBackInOrderWithItsPosition() {
        var settings = Sample.settings(directory);
        var unknown =
                new LedgerEntry(
                        Kind.REFUSAL,
                        Instant.EPOCH,
                        "e-refused",
                        Optional.empty(),
                        Optional.empty(),
                        Json.object()
                                .put("code", "unknown_agent")
                                .put("detail", "ü \u0000 𝄞 \"")
                                .build());
        try (var ledger = Ledger.open(directory, settings)) {
            assertThat(ledger.append(Sample.entry("e0")).join()).isEqualTo(new Position(0));
            assertThat(ledger.append(unknown).join()).isEqualTo(new Position(1));
        }
        var read = new ArrayList<Stored>();
        LedgerReader.forEach(directory, read::add);
        assertThat(read).extracting(Stored::entry).containsExactly(Sample.entry("e0"), unknown);
        assertThat(read).extracting(stored -> stored.position().index()).containsExactly(0L, 1L);
    }

    @Test
    void aReaderSeesRecordsWhileTheWriterIsOpen() {
        try (var ledger = Ledger.open(directory, Sample.settings(directory))) {
            ledger.append(Sample.entry("e0")).join();
            assertThat(Sample.exchanges(directory)).containsExactly("e0");
            assertThat(LedgerVerifier.verify(directory, ledger.verifier()).records()).isOne();
        }
    }

    @Test
    void aLedgerGoesOnWhereItWasClosedAcrossManySegments() {
        var settings = Sample.settings(directory, 1_000, Duration.ofHours(1));
        Sample.write(directory, settings, 20);
        var key = Sample.write(directory, settings, 20);
        assertThat(Segment.list(directory)).hasSizeGreaterThan(5);
        assertThat(Sample.exchanges(directory)).hasSize(40);
        var verification = LedgerVerifier.verify(directory, key);
        assertThat(verification).isEqualTo(new Verification(40, 40, 0, Optional.empty()));
    }

    @Test
    void oneRunIsFoundAmongOthers() {
        try (var ledger = Ledger.open(directory, Sample.settings(directory))) {
            for (int i = 0; i < 9; i++) {
                ledger.append(Sample.entry("e" + i, "run-" + i % 3, i == 4 ? 9 : 0)).join();
            }
        }
        assertThat(LedgerReader.run(directory, "run-1"))
                .extracting(stored -> stored.entry().exchange())
                .containsExactly("e1", "e4", "e7");
        assertThat(LedgerReader.run(directory, "run")).isEmpty();
    }

    @Test
    void aSecondWriterIsKeptOut() {
        try (var first = Ledger.open(directory, Sample.settings(directory))) {
            assertCode(Code.LOCKED, () -> Ledger.open(directory, Sample.settings(directory)));
            assertThat(first.append(Sample.entry("still")).join().index()).isZero();
        }
        Ledger.open(directory, Sample.settings(directory)).close();
    }

    @Test
    void closingTwiceDoesNotLetAnotherWriterIn() {
        var first = Ledger.open(directory, Sample.settings(directory));
        first.close();
        try (var second = Ledger.open(directory, Sample.settings(directory))) {
            first.close();
            assertCode(Code.LOCKED, () -> Ledger.open(directory, Sample.settings(directory)));
            second.append(Sample.entry("mine")).join();
        }
    }

    @Test
    void aRecordOverTheLimitIsRefusedAndNothingIsWritten() {
        try (var ledger = Ledger.open(directory, Sample.settings(directory))) {
            var large = ledger.append(Sample.entry("large", "run-1", 2 << 20));
            assertFails(Code.RECORD_TOO_LARGE, large);
            ledger.append(Sample.entry("small")).join();
        }
        assertThat(Sample.exchanges(directory)).containsExactly("small");
    }

    @Test
    void anEntryThatCouldNotBeReadBackIsRefused() {
        try (var ledger = Ledger.open(directory, Sample.settings(directory))) {
            Json deep = Json.of(1);
            for (int i = 0; i < 63; i++) {
                deep = new Json.Arr(List.of(deep));
            }
            assertFails(Code.INVALID_ENTRY, ledger.append(body(new Json.Arr(List.of(deep)))));
            assertFails(Code.INVALID_ENTRY, ledger.append(body(Json.of("\ud800"))));
            assertFails(
                    Code.INVALID_ENTRY, ledger.append(body(Json.of(new BigDecimal("1e999999")))));
            ledger.append(body(deep instanceof Json.Arr(var items) ? items.getFirst() : deep))
                    .join();
        }
        assertThat(Sample.exchanges(directory)).hasSize(1);
    }

    private static LedgerEntry body(Json value) {
        return new LedgerEntry(
                Kind.RUN_EVENT,
                Instant.EPOCH,
                "e",
                Optional.empty(),
                Optional.of(new Correlation("r", "w", "t")),
                Json.object().put("value", value).build());
    }

    @Test
    void appendsAfterCloseAreRefused() {
        var ledger = Ledger.open(directory, Sample.settings(directory));
        ledger.close();
        assertFails(Code.CLOSED, ledger.append(Sample.entry("late")));
        ledger.close();
    }

    @Test
    void closeWritesWhatWasTakenIn() {
        var ledger = Ledger.open(directory, Sample.settings(directory));
        var appends = new ArrayList<CompletableFuture<Position>>();
        for (int i = 0; i < 500; i++) {
            appends.add(ledger.append(Sample.entry("e" + i)));
        }
        ledger.close();
        assertThat(appends)
                .allMatch(append -> append.isDone() && !append.isCompletedExceptionally());
        assertThat(LedgerVerifier.verify(directory, ledger.verifier()).signed()).isEqualTo(500);
    }

    @Test
    void aFullQueueIsAnErrorAndNotAWait() {
        var release = new CountDownLatch(1);
        var disk =
                new FaultyDisk((call, _) -> {
                    if (call.equals("force")) {
                        Sample.await(release);
                    }
                });
        release.countDown();
        var base = Sample.settings(directory);
        var settings =
                new LedgerSettings(
                        base.origin(),
                        base.signingKey(),
                        1 << 20,
                        1 << 20,
                        3,
                        1 << 20,
                        1,
                        base.checkpointInterval());
        try (var ledger = Ledger.open(directory, settings, disk)) {
            var stalled = new CountDownLatch(1);
            var entered = new CountDownLatch(1);
            disk.before((call, _) -> {
                if (call.equals("force")) {
                    entered.countDown();
                    Sample.await(stalled);
                }
            });
            var first = ledger.append(Sample.entry("first"));
            Sample.await(entered);
            for (int i = 0; i < 3; i++) {
                assertThat(ledger.append(Sample.entry("waits" + i))).isNotDone();
            }
            assertThat(ledger.status().waiting()).isEqualTo(3);
            assertFails(Code.OVERLOADED, ledger.append(Sample.entry("too-many")));
            stalled.countDown();
            first.join();
        }
        assertThat(Sample.exchanges(directory))
                .containsExactly("first", "waits0", "waits1", "waits2");
    }

    @Test
    void nothingIsAcknowledgedBeforeItIsForced() {
        var forced = new CountDownLatch(1);
        var entered = new CountDownLatch(1);
        var disk = new FaultyDisk((_, _) -> {});
        try (var ledger = Ledger.open(directory, Sample.settings(directory), disk)) {
            disk.before((call, _) -> {
                if (call.equals("force")) {
                    entered.countDown();
                    Sample.await(forced);
                }
            });
            var append = ledger.append(Sample.entry("e0"));
            Sample.await(entered);
            assertThat(append).isNotDone();
            assertThat(ledger.status().records()).isZero();
            forced.countDown();
            append.join();
        }
    }

    @Test
    void theKeyIsMadeForItsOwnerAloneAndItsPublicHalfLiesBesideIt() throws IOException {
        var key = Sample.write(directory, Sample.settings(directory), 1);
        var file = temporary.resolve("ledger.key");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        var vkey = Files.readString(temporary.resolve("ledger.key.vkey"));
        assertThat(VerifierKey.read(vkey)).isEqualTo(key);
        try (var files = Files.list(directory)) {
            assertThat(files)
                    .allSatisfy(each -> {
                        var mode =
                                PosixFilePermissions.toString(Files.getPosixFilePermissions(each));
                        if (!each.endsWith("lock")) {
                            assertThat(mode).as(each.toString()).isEqualTo("rw-------");
                        }
                    });
        }
    }

    @Test
    void aKeyThatOthersCanReadIsRefused() throws IOException {
        Sample.write(directory, Sample.settings(directory), 1);
        var file = temporary.resolve("ledger.key");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        assertCode(Code.KEY, () -> Ledger.open(directory, Sample.settings(directory)));
    }

    @Test
    void aLedgerWithRecordsIsNotGivenANewKey() throws IOException {
        Sample.write(directory, Sample.settings(directory), 1);
        Files.delete(temporary.resolve("ledger.key"));
        assertCode(Code.KEY, () -> Ledger.open(directory, Sample.settings(directory)));
    }

    @Test
    void checkpointsAreWrittenInTimeAndCoverWhatIsDurable() {
        var settings = Sample.settings(directory, 1 << 20, Duration.ofMillis(5));
        try (var ledger = Ledger.open(directory, settings)) {
            ledger.append(Sample.entry("e0")).join();
            while (ledger.status().signed() < 1) {
                Thread.onSpinWait();
            }
            var onDisk = Note.read(directory.resolve("checkpoint"), ledger.verifier());
            assertThat(onDisk).isEqualTo(ledger.checkpoint());
            assertThat(onDisk.size()).isOne();
        }
    }

    @Test
    void messagesNameNoContent() {
        Sample.write(directory, Sample.settings(directory), 3);
        var failed = ledgerException(() -> Ledger.open(directory, wrongOrigin()));
        assertThat(failed.code()).isEqualTo(Code.KEY);
        assertThat(failed.toString().toLowerCase(Locale.ROOT)).doesNotContain("market-analyst");
    }

    private LedgerSettings wrongOrigin() {
        return LedgerSettings.of("another.example/log", temporary.resolve("ledger.key"));
    }

    private static void assertFails(Code code, CompletableFuture<Position> append) {
        assertThatThrownBy(append::join)
                .isInstanceOfSatisfying(
                        CompletionException.class,
                        failed -> assertThat(Sample.code(failed)).isEqualTo(code));
    }

    private static void assertCode(Code code, Runnable action) {
        assertThat(ledgerException(action).code()).isEqualTo(code);
    }

    private static LedgerException ledgerException(Runnable action) {
        try {
            action.run();
        } catch (LedgerException e) {
            return e;
        }
        throw new AssertionError("expected a LedgerException");
    }
}
