package dev.casemate.proxy.audit;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// Segments written byte by byte, for the tests of what reads them.
final class SegmentSample {

    static final Segment FIRST = Segment.at(Path.of("nowhere"), 0);

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private long index;

    SegmentSample() {
        put(FIRST.header());
    }

    /// Adds a group of so many records.
    SegmentSample group(int records) {
        for (int ordinal = 0; ordinal < records; ordinal++) {
            record(index, ordinal);
            index++;
        }
        return this;
    }

    SegmentSample record(long number, int ordinal) {
        var record = ("record " + number).getBytes(StandardCharsets.UTF_8);
        put(Segment.frame(number, ordinal, record));
        bytes.writeBytes(record);
        return this;
    }

    private void put(ByteBuffer part) {
        var copy = new byte[part.remaining()];
        part.get(copy);
        bytes.writeBytes(copy);
    }

    int length() {
        return bytes.size();
    }

    byte[] bytes() {
        return bytes.toByteArray();
    }
}
