package dev.casemate.proxy.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.casemate.proxy.audit.LedgerException.Code;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What somebody who can write to the directory, but has not the signing key, can do to the past.
@Timeout(60)
final class TamperTest {

    private static final int RECORDS = 30;

    @TempDir private Path temporary;
    private Path directory;
    private LedgerSettings settings;
    private VerifierKey key;

    @BeforeEach
    void write() {
        directory = temporary.resolve("ledger");
        settings = Sample.settings(directory, 2_500, Duration.ofHours(1));
        key = Sample.write(directory, settings, RECORDS);
        assertThat(Segment.list(directory)).hasSizeGreaterThan(2);
        assertThat(LedgerVerifier.verify(directory, key).sound()).isTrue();
    }

    @Test
    void everyFlippedBitIsFoundAndItsPlaceNamed() throws IOException {
        var random = new Random(7);
        for (var segment : Segment.list(directory)) {
            var sound = Files.readAllBytes(segment.file());
            for (int round = 0; round < 30; round++) {
                var bytes = sound.clone();
                int at = random.nextInt(bytes.length);
                bytes[at] ^= (byte) (1 << random.nextInt(8));
                Files.write(segment.file(), bytes);
                var defect = LedgerVerifier.verify(directory, key).defect().orElseThrow();
                var record = recordAt(sound, at);
                assertThat(defect.what())
                        .as("bit flipped at %d of %s", at, segment.file())
                        .contains(segment.place(record));
                assertRefusedAtOpen();
            }
            Files.write(segment.file(), sound);
        }
    }

    /// Where the record, or the header, begins that covers this offset.
    private static int recordAt(byte[] segment, int offset) {
        int record = Segment.HEADER_BYTES;
        if (offset < record) {
            return 0;
        }
        while (true) {
            int next = record + Segment.FRAME_BYTES + ByteBuffer.wrap(segment).getInt(record + 4);
            if (offset < next) {
                return record;
            }
            record = next;
        }
    }

    @Test
    void aRecordRewrittenWithAFreshChecksumIsCaughtByTheTree() throws IOException {
        var forged = Segment.list(directory).get(1);
        forge(forged);
        // The control that is not enough: checksums alone find nothing, and readers believe it.
        assertThat(Sample.exchanges(directory))
                .hasSize(RECORDS)
                .contains("f9", "e8")
                .doesNotContain("e9");
        var defect = LedgerVerifier.verify(directory, key).defect().orElseThrow();
        assertThat(defect.code()).isEqualTo(Code.TAMPERED);
        assertThat(defect.what())
                .contains(forged.file().getFileName().toString())
                .contains("records %d to ".formatted(forged.first()));
        assertRefusedAtOpen();
    }

    /// Replaces exchange e9 by f9 in one record, and makes its checksum right again.
    private static void forge(Segment segment) throws IOException {
        var bytes = Files.readAllBytes(segment.file());
        for (int at = Segment.HEADER_BYTES; at < bytes.length; ) {
            int length = ByteBuffer.wrap(bytes).getInt(at + 4);
            int from = at + Segment.FRAME_BYTES;
            var record = new String(bytes, from, length, StandardCharsets.UTF_8);
            var changed = record.replace("\"e9\"", "\"f9\"").getBytes(StandardCharsets.UTF_8);
            System.arraycopy(changed, 0, bytes, from, length);
            int crc = Segment.crc(ByteBuffer.wrap(bytes, at + 4, from - at - 4 + length));
            ByteBuffer.wrap(bytes).putInt(at, crc);
            at = from + length;
        }
        Files.write(segment.file(), bytes);
    }

    @Test
    void aLogCutShortAtARecordsEndIsCaughtByTheCheckpoint() throws IOException {
        var last = Segment.list(directory).getLast();
        var bytes = Files.readAllBytes(last.file());
        try (var file = Files.newByteChannel(last.file(), java.nio.file.StandardOpenOption.WRITE)) {
            file.truncate(recordAt(bytes, bytes.length - 1));
        }
        assertThat(Sample.exchanges(directory)).hasSize(RECORDS - 1);
        assertTampered("the log ends after 29 records");
    }

    @Test
    void aLastSegmentThatIsMissingIsCaughtByTheCheckpoint() throws IOException {
        Files.delete(Segment.list(directory).getLast().file());
        assertTampered("the log ends after");
    }

    @Test
    void aSegmentThatIsMissingInTheMiddleIsNamed() throws IOException {
        Files.delete(Segment.list(directory).get(1).file());
        var defect = LedgerVerifier.verify(directory, key).defect().orElseThrow();
        assertThat(defect.code()).isEqualTo(Code.CORRUPT);
        assertThat(defect.what()).contains("expected a segment that begins with record");
        assertRefusedAtOpen();
    }

    @Test
    void anEmptiedDirectoryWithItsCheckpointIsCaught() throws IOException {
        for (var segment : Segment.list(directory)) {
            Files.delete(segment.file());
        }
        assertTampered("the log ends after 0 records");
    }

    @Test
    void aDirectoryThatWasEmptiedAltogetherIsNotTakenForANewOne() throws IOException {
        try (var files = Files.list(directory)) {
            for (var file : files.toList()) {
                Files.delete(file);
            }
        }
        assertRefusedAtOpen();
        // On purpose, it can be begun anew.
        Files.delete(temporary.resolve("ledger.key.vkey"));
        Ledger.open(directory, settings).close();
    }

    @Test
    void aCheckpointThatIsMissingIsCaught() throws IOException {
        Files.delete(directory.resolve("checkpoint"));
        assertTampered("is missing");
    }

    @Test
    void aSegmentsSealThatIsMissingIsCaught() throws IOException {
        Files.delete(Segment.list(directory).getFirst().seal());
        assertTampered("is missing");
    }

    @Test
    void aCheckpointSignedByAnotherKeyIsRefused() throws IOException {
        var forged = temporary.resolve("forged");
        var other = SigningKey.open(forged, Sample.ORIGIN, true, Disk.real());
        var note = Note.sign(0, new MerkleTree().root(), other).note();
        Files.writeString(directory.resolve("checkpoint"), note);
        var defect = LedgerVerifier.verify(directory, key).defect().orElseThrow();
        assertThat(defect.code()).isEqualTo(Code.KEY);
        assertRefusedAtOpen();
    }

    @Test
    void whatTheLedgerRefusesToOpenItLeavesAsEvidence() throws IOException {
        var last = Segment.list(directory).getLast().file();
        var bytes = Files.readAllBytes(last);
        bytes[bytes.length - 1] ^= 1;
        Files.write(last, bytes);
        assertRefusedAtOpen();
        assertThat(Files.readAllBytes(last)).isEqualTo(bytes);
    }

    /// The limit of what a local check can see, kept here so that nobody claims more.
    @Test
    void aWholeDirectoryPutBackToAnOlderStateIsNotSeen() throws IOException {
        var older = temporary.resolve("older");
        copy(directory, older);
        Sample.write(directory, settings, 5);
        copy(older, directory);
        var verification = LedgerVerifier.verify(directory, key);
        assertThat(verification.sound()).isTrue();
        assertThat(verification.records()).isEqualTo(RECORDS);
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (var stale = Files.list(to)) {
            for (var file : stale.toList()) {
                Files.delete(file);
            }
        }
        try (var files = Files.list(from)) {
            for (var file : files.toList()) {
                Files.copy(
                        file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private void assertTampered(String what) {
        var defect = LedgerVerifier.verify(directory, key).defect().orElseThrow();
        assertThat(defect.code()).isEqualTo(Code.TAMPERED);
        assertThat(defect.what()).contains(what);
        assertRefusedAtOpen();
    }

    private void assertRefusedAtOpen() {
        try (var ledger = Ledger.open(directory, settings)) {
            throw new AssertionError("opened with " + ledger.status());
        } catch (LedgerException e) {
            assertThat(e.code()).isIn(Code.CORRUPT, Code.TAMPERED, Code.KEY);
        }
    }
}
