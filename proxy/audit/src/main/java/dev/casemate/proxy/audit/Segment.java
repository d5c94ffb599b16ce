package dev.casemate.proxy.audit;

import dev.casemate.proxy.audit.LedgerException.Code;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/// One file of the log, named by the number of its first record.
///
/// ```
/// header   "CASEMATE"  int version   long first record   int CRC32C of the 20 bytes before
/// record   int CRC32C of what follows   int length   long number   int ordinal in its group   bytes
/// ```
///
/// All integers are big-endian. A group is what one fdatasync made durable, and never spans two
/// files. The ordinal tells a reader where a group began: with it, a broken record that is followed
/// by a *later* group was durable once and is damage, while one that is not may be a torn write.
record Segment(Path file, long first) {

    static final int HEADER_BYTES = 24;
    static final int FRAME_BYTES = 20;

    private static final long MAGIC = 0x434153454d415445L; // CASEMATE
    private static final int VERSION = 1;
    private static final Pattern NAME = Pattern.compile("(\\d{20})\\.segment");

    static Segment at(Path directory, long first) {
        return new Segment(directory.resolve("%020d.segment".formatted(first)), first);
    }

    /// The checkpoint that seals this segment.
    Path seal() {
        return file.resolveSibling("%020d.checkpoint".formatted(first));
    }

    /// The segments of a directory, in order.
    ///
    /// @throws LedgerException with code `IO`
    static List<Segment> list(Path directory) {
        var segments = new ArrayList<Segment>();
        try (var files = Files.newDirectoryStream(directory)) {
            for (var file : files) {
                var name = NAME.matcher(file.getFileName().toString());
                if (name.matches()) {
                    segments.add(new Segment(file, number(name.group(1), file)));
                }
            }
        } catch (IOException e) {
            throw new LedgerException(Code.IO, "cannot list " + directory, e);
        }
        segments.sort((a, b) -> Long.compare(a.first, b.first));
        return segments;
    }

    private static long number(String digits, Path file) {
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException e) {
            throw new LedgerException(Code.CORRUPT, file + ": no such record number", e);
        }
    }

    ByteBuffer header() {
        var header = ByteBuffer.allocate(HEADER_BYTES);
        header.putLong(MAGIC).putInt(VERSION).putLong(first);
        header.putInt(crc(header.duplicate().flip()));
        return header.flip();
    }

    /// The 20 bytes before a record.
    static ByteBuffer frame(long index, int ordinal, byte[] record) {
        var frame = ByteBuffer.allocate(FRAME_BYTES);
        frame.position(Integer.BYTES);
        frame.putInt(record.length).putLong(index).putInt(ordinal);
        frame.position(Integer.BYTES);
        frame.putInt(0, crc(frame.slice(), ByteBuffer.wrap(record)));
        return frame.rewind();
    }

    static int crc(ByteBuffer... parts) {
        var crc = new CRC32C();
        for (var part : parts) {
            crc.update(part.duplicate());
        }
        return (int) crc.getValue();
    }

    /// A place in this file, for messages.
    String place(long offset) {
        return file.getFileName() + " at offset " + offset;
    }
}
