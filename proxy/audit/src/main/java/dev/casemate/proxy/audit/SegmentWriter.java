package dev.casemate.proxy.audit;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/// Appends groups of records to one segment.
///
/// After a failed write or force nothing is known about the bytes behind the last good offset, so
/// they are cut off before anything else is written. Not for use by more than one thread.
final class SegmentWriter implements Closeable {

    private static final int BUFFER_BYTES = 1 << 20;

    private final Segment segment;
    private final Disk.Output output;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private long good;
    private boolean dirty;

    private SegmentWriter(Segment segment, Disk.Output output, long good) {
        this.segment = segment;
        this.output = output;
        this.good = good;
    }

    /// Begins a segment. What a failed attempt may have left under its name is removed: nothing was
    /// ever acknowledged from it.
    static SegmentWriter begin(Segment segment, Disk disk) throws IOException {
        disk.deleteIfExists(segment.file());
        var output = disk.create(segment.file());
        try {
            output.write(segment.header(), 0);
            output.force();
            disk.syncName(segment.file());
            return new SegmentWriter(segment, output, Segment.HEADER_BYTES);
        } catch (IOException e) {
            discard(segment, output, disk, e);
            throw e;
        }
    }

    private static void discard(Segment segment, Disk.Output output, Disk disk, IOException cause) {
        try {
            output.close();
            disk.deleteIfExists(segment.file());
        } catch (IOException e) {
            cause.addSuppressed(e); // the next attempt deletes it, and so does recovery
        }
    }

    /// Goes on with a segment: cuts off what stands behind `good`, and makes the rest durable,
    /// since a writer that was killed may have left whole records that no fdatasync has covered.
    static SegmentWriter resume(Segment segment, long good, Disk disk) throws IOException {
        var output = disk.open(segment.file());
        try {
            output.truncate(good);
            output.force();
            return new SegmentWriter(segment, output, good);
        } catch (IOException e) {
            output.close();
            throw e;
        }
    }

    Segment segment() {
        return segment;
    }

    long good() {
        return good;
    }

    /// Cuts off what a failed write has left, if one has.
    void repair() throws IOException {
        if (dirty) {
            output.truncate(good);
            output.force();
            dirty = false;
        }
    }

    /// Writes a group and makes it durable; if that fails, none of it counts.
    void write(long first, List<Intake.Waiting> group) throws IOException {
        dirty = true;
        long end = good;
        buffer.clear();
        for (int ordinal = 0; ordinal < group.size(); ordinal++) {
            var record = group.get(ordinal).record();
            end = put(Segment.frame(first + ordinal, ordinal, record), end);
            end = put(ByteBuffer.wrap(record), end);
        }
        end = flush(end);
        output.force();
        good = end;
        dirty = false;
    }

    /// @return where the file ends after what was flushed on the way
    private long put(ByteBuffer bytes, long end) throws IOException {
        while (bytes.hasRemaining()) {
            int fits = Math.min(buffer.remaining(), bytes.remaining());
            buffer.put(bytes.slice(bytes.position(), fits));
            bytes.position(bytes.position() + fits);
            if (!buffer.hasRemaining()) {
                end = flush(end);
            }
        }
        return end;
    }

    private long flush(long end) throws IOException {
        buffer.flip();
        long flushed = end + buffer.remaining();
        output.write(buffer, end);
        buffer.clear();
        return flushed;
    }

    @Override
    public void close() throws IOException {
        output.close();
    }
}
