package dev.casemate.proxy.audit;

import dev.casemate.proxy.audit.LedgerException.Code;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/// Reads one segment from its start, and says of what it cannot read whether that may be a torn
/// write or must be damage. It never changes the file.
final class SegmentReader implements Closeable {

    /// What stands at one offset.
    sealed interface Step {

        /// A whole record.
        final class Frame implements Step {
            private final long offset;
            private final long index;
            private final byte[] bytes;

            Frame(long offset, long index, byte[] bytes) {
                this.offset = offset;
                this.index = index;
                this.bytes = bytes;
            }

            long offset() {
                return offset;
            }

            long index() {
                return index;
            }

            /// The record; nobody writes to it.
            byte[] bytes() {
                return bytes;
            }
        }

        /// Nothing: the segment ends here.
        record End(long offset) implements Step {}

        /// A record or a header that was not written whole, in the last group of the segment.
        record Torn(long offset, long index, long bytes, String what) implements Step {}
    }

    private static final int WINDOW_BYTES = 64 << 10;

    // Bytes that a search for a later group may checksum before it gives up and says damage.
    private static final long MAX_SEARCH_BYTES = 256L << 20;

    private final Segment segment;
    private final FileChannel channel;
    private ByteBuffer window = ByteBuffer.allocate(WINDOW_BYTES).limit(0);
    private long windowAt;
    private long offset;
    private long index;
    private int ordinal;

    SegmentReader(Segment segment) {
        this.segment = segment;
        this.index = segment.first();
        try {
            this.channel = FileChannel.open(segment.file(), StandardOpenOption.READ);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /// The next record, or the end.
    ///
    /// @throws LedgerException `CORRUPT` for damage, `IO` if the file cannot be read
    Step next() {
        try {
            if (offset == 0) {
                var header = header();
                if (header != null) {
                    return header;
                }
            }
            return record();
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private Step.@Nullable Torn header() throws IOException {
        var expected = segment.header();
        if (bytes(0, Segment.HEADER_BYTES).equals(expected)) {
            offset = Segment.HEADER_BYTES;
            return null;
        }
        if (channel.size() > Segment.HEADER_BYTES) {
            throw corrupt(0, "expected the header of a version 1 segment with this first record");
        }
        return new Step.Torn(0, index, channel.size(), "header not written whole");
    }

    private Step record() throws IOException {
        var what = broken(offset);
        if (what.isEmpty()) {
            return frame();
        } else if (offset == channel.size()) {
            return new Step.End(offset);
        }
        boolean later = laterGroup();
        // A writer may have finished the record since: what a later group follows is whole by then.
        window.limit(0);
        what = broken(offset);
        if (what.isEmpty()) {
            return frame();
        } else if (later) {
            throw corrupt(offset, what);
        }
        return new Step.Torn(offset, index, channel.size() - offset, what);
    }

    private Step.Frame frame() throws IOException {
        var head = bytes(offset, Segment.FRAME_BYTES);
        int length = head.getInt(4);
        long found = head.getLong(8);
        int place = head.getInt(16);
        if (found != index || (place != 0 && place != ordinal + 1)) {
            throw corrupt(offset, "expected record %d, found %d".formatted(index, found));
        }
        if (index == segment.first() && place != 0) {
            throw corrupt(offset, "expected the first record of a group");
        }
        var record = new byte[length];
        bytes(offset + Segment.FRAME_BYTES, length).get(record);
        var frame = new Step.Frame(offset, index, record);
        ordinal = place;
        index++;
        offset += Segment.FRAME_BYTES + length;
        return frame;
    }

    /// Why no record can be read here; empty if one can.
    private String broken(long at) throws IOException {
        var head = bytes(at, Segment.FRAME_BYTES);
        if (head.remaining() < Segment.FRAME_BYTES) {
            return "record header cut short";
        }
        int length = head.getInt(4);
        if (length < 1 || length > LedgerSettings.MAX_RECORD_BYTES) {
            return "record length out of range";
        }
        int crc = head.getInt(0);
        if (channel.size() - at - Segment.FRAME_BYTES < length) {
            return "record cut short";
        }
        var checked = bytes(at + 4, Segment.FRAME_BYTES - 4 + length);
        return Segment.crc(checked) == crc ? "" : "checksum differs";
    }

    /// Whether a whole record of a later group than the broken one's stands behind it.
    ///
    /// JSON holds no zero bytes, which every record number has: no record can pretend to hold one.
    private boolean laterGroup() throws IOException {
        long budget = MAX_SEARCH_BYTES;
        long size = channel.size();
        for (long at = offset + 1; at < size - Segment.FRAME_BYTES; at++) {
            var head = bytes(at, Segment.FRAME_BYTES);
            if (head.remaining() < Segment.FRAME_BYTES) {
                return false;
            }
            int length = head.getInt(4);
            long number = head.getLong(8);
            int place = head.getInt(16);
            long started = number - place;
            boolean possible =
                    length > 0
                            && length <= size - at - Segment.FRAME_BYTES
                            && place >= 0
                            && started > index
                            && number - index <= (at - offset) / Segment.FRAME_BYTES + 1;
            if (possible) {
                budget -= length;
                if (budget < 0 || broken(at).isEmpty()) {
                    return true;
                }
            }
        }
        return false;
    }

    /// The bytes from an offset: `count` of them, or as many as the file has.
    private ByteBuffer bytes(long at, int count) throws IOException {
        if (at < windowAt || at + count > windowAt + window.limit()) {
            int wanted = (int) Math.min(Math.max(count, WINDOW_BYTES), channel.size() - at);
            if (window.capacity() < wanted) {
                window = ByteBuffer.allocate(wanted);
            }
            window.clear().limit(Math.max(wanted, 0));
            windowAt = at;
            while (window.hasRemaining() && channel.read(window, at + window.position()) > 0) {}
            window.flip();
        }
        int from = (int) (at - windowAt);
        return window.slice(from, Math.min(count, window.limit() - from));
    }

    private LedgerException corrupt(long at, String what) {
        return new LedgerException(
                Code.CORRUPT, "%s, record %d: %s".formatted(segment.place(at), index, what));
    }

    private LedgerException failed(IOException e) {
        return new LedgerException(Code.IO, "cannot read " + segment.file(), e);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw failed(e);
        }
    }
}
