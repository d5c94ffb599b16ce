package dev.casemate.proxy.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.casemate.proxy.audit.LedgerException.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SegmentReaderTest {

    @TempDir private Path directory;

    private LogScan.End scan(byte[] bytes) {
        var segment = Segment.at(directory, 0);
        try {
            Files.write(segment.file(), bytes);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return LogScan.scan(List.of(segment), (_, _) -> {});
    }

    private String corrupt(byte[] bytes) {
        try {
            scan(bytes);
        } catch (LedgerException e) {
            assertThat(e.code()).isEqualTo(Code.CORRUPT);
            return String.valueOf(e.getMessage());
        }
        throw new AssertionError("expected CORRUPT");
    }

    @Test
    void whereverTheLastWriteWasTornTheWholeRecordsBeforeItAreRead() {
        var whole = new SegmentSample().group(2).group(3);
        int firstGroup = new SegmentSample().group(2).length();
        for (int length = firstGroup; length < whole.length(); length++) {
            var end = scan(Arrays.copyOf(whole.bytes(), length));
            assertThat(end.records()).isBetween(2L, 4L);
            assertThat(end.offset()).isLessThanOrEqualTo(length);
            assertThat(end.torn().isPresent()).isEqualTo(end.offset() < length);
        }
    }

    @Test
    void zeroesBehindTheLastRecordAreATornWrite() {
        var whole = new SegmentSample().group(2);
        var end = scan(Arrays.copyOf(whole.bytes(), whole.length() + 4096));
        assertThat(end.offset()).isEqualTo(whole.length());
        assertThat(end.torn()).isPresent();
    }

    @Test
    void aBrokenRecordInTheLastGroupIsATornWriteEvenIfOthersOfItsGroupAreWhole() {
        var before = new SegmentSample().group(2);
        var bytes = new SegmentSample().group(2).group(3).bytes();
        bytes[before.length() + Segment.FRAME_BYTES] ^= 1;
        var end = scan(bytes);
        assertThat(end.records()).isEqualTo(2);
        assertThat(end.offset()).isEqualTo(before.length());
    }

    @Test
    void aBrokenRecordBeforeALaterGroupIsDamage() {
        var before = new SegmentSample().group(2);
        int from = before.length();
        int to = new SegmentSample().group(2).group(3).length();
        for (int at = from; at < to; at++) {
            var bytes = new SegmentSample().group(2).group(3).group(1).bytes();
            bytes[at] ^= 0x10;
            assertThat(corrupt(bytes)).contains("00000000000000000000.segment at offset");
        }
    }

    @Test
    void aSegmentHeaderThatIsNotOursIsDamageOnceRecordsFollow() {
        for (int at = 0; at < Segment.HEADER_BYTES; at++) {
            var bytes = new SegmentSample().group(1).bytes();
            bytes[at] ^= 1;
            assertThat(corrupt(bytes)).contains("at offset 0");
            assertThat(scan(Arrays.copyOf(bytes, Segment.HEADER_BYTES)).torn()).isPresent();
        }
    }

    @Test
    void aRecordThatIsMissingRepeatedOrOutOfPlaceIsDamage() {
        assertThat(corrupt(new SegmentSample().record(1, 0).bytes())).contains("expected record 0");
        assertThat(corrupt(new SegmentSample().record(0, 1).bytes())).contains("first record");
        var repeated = new SegmentSample().group(1).record(0, 0).bytes();
        assertThat(corrupt(repeated)).contains("expected record 1, found 0");
        var skipped = new SegmentSample().group(1).record(1, 5).bytes();
        assertThat(corrupt(skipped)).contains("record 1");
    }

    @Test
    void seededDamageNeverEndsInAnythingElse() {
        var random = new Random(20_261_123);
        var sample = new SegmentSample().group(3).group(1).group(5).bytes();
        for (int round = 0; round < 2_000; round++) {
            var bytes = Arrays.copyOf(sample, random.nextInt(sample.length + 50));
            for (int flips = random.nextInt(6); flips > 0 && bytes.length > 0; flips--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            try {
                assertThat(scan(bytes).offset()).isLessThanOrEqualTo(bytes.length);
            } catch (LedgerException e) {
                assertThat(e.code()).isEqualTo(Code.CORRUPT);
            }
        }
    }
}
