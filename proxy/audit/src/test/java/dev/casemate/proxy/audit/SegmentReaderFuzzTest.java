package dev.casemate.proxy.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.casemate.manifest.ManifestException;
import java.io.IOException;
import java.nio.file.Files;
import org.jspecify.annotations.Nullable;

/// Arbitrary bytes in place of a segment: refused as damage, or read as records and an end.
final class SegmentReaderFuzzTest {

    @FuzzTest(maxDuration = "5s")
    void arbitraryBytesAreNeverMoreThanALedgerException(byte @Nullable [] bytes)
            throws IOException {
        if (bytes == null) {
            return;
        }
        read(bytes);
        var headed = new byte[Segment.HEADER_BYTES + bytes.length];
        SegmentSample.FIRST.header().get(headed, 0, Segment.HEADER_BYTES);
        System.arraycopy(bytes, 0, headed, Segment.HEADER_BYTES, bytes.length);
        read(headed);
    }

    private static void read(byte[] bytes) throws IOException {
        var directory = Files.createTempDirectory("segment-fuzz");
        var segment = Segment.at(directory, 0);
        try {
            Files.write(segment.file(), bytes);
            var end = LogScan.scan(java.util.List.of(segment), EntryText::stored);
            assertThat(end.offset()).isBetween(0L, (long) bytes.length);
        } catch (LedgerException e) {
            assertThat(e.code()).isEqualTo(LedgerException.Code.CORRUPT);
        } finally {
            Files.deleteIfExists(segment.file());
            Files.delete(directory);
        }
    }

    @FuzzTest(maxDuration = "5s")
    void arbitraryRecordsAreEntriesOrRefused(byte @Nullable [] record) {
        if (record == null) {
            return;
        }
        try {
            var entry = EntryText.read(record);
            assertThat(EntryText.read(EntryText.write(entry))).isEqualTo(entry);
        } catch (IllegalArgumentException | ManifestException | LedgerException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }
}
