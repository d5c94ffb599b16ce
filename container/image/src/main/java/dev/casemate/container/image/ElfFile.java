package dev.casemate.container.image;

import dev.casemate.container.image.ImageException.Code;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a 64-bit little-endian ELF binary says that it needs (System V gABI, chapters 4 and 5).
///
/// @param machine `e_machine`
/// @param interpreter path of the program that loads it; empty for most libraries
/// @param needed names of the shared libraries that it is linked to
record ElfFile(int machine, Optional<String> interpreter, List<String> needed) {

    private static final int MAX_PROGRAM_HEADERS = 128;
    private static final int MAX_DYNAMIC_ENTRIES = 4096;
    private static final int MAX_NAME_BYTES = 255;

    private static final int MAGIC = 0x7f454c46;
    private static final int CLASS_64_LITTLE_ENDIAN = 0x0201;
    private static final int PROGRAM_HEADER_BYTES = 56;
    private static final int SEGMENT_LOAD = 1;
    private static final int SEGMENT_DYNAMIC = 2;
    private static final int SEGMENT_INTERPRETER = 3;
    private static final int DYNAMIC_END = 0;
    private static final int DYNAMIC_NEEDED = 1;
    private static final int DYNAMIC_STRING_TABLE = 5;

    ElfFile {
        needed = List.copyOf(needed);
    }

    private record Segment(int type, long offset, long address, long size) {
        boolean holds(long virtualAddress) {
            return virtualAddress >= address && virtualAddress - address < size;
        }
    }

    static ElfFile read(Path file) {
        try {
            return read(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new ImageException(
                    Code.UNREADABLE_BINARY, "expected to read " + file.getFileName(), e);
        }
    }

    /// @throws ImageException with code `UNREADABLE_BINARY`, whatever the bytes are
    static ElfFile read(byte[] bytes) {
        var binary = ByteBuffer.wrap(bytes);
        try {
            if (binary.getInt(0) != MAGIC || binary.getShort(4) != CLASS_64_LITTLE_ENDIAN) {
                throw unreadable("expected a 64-bit little-endian ELF binary");
            }
            binary.order(ByteOrder.LITTLE_ENDIAN);
            var segments = segments(binary);
            var interpreter = Optional.<String>empty();
            List<String> needed = List.of();
            for (var segment : segments) {
                if (segment.type() == SEGMENT_INTERPRETER) {
                    interpreter = Optional.of(text(binary, segment.offset()));
                } else if (segment.type() == SEGMENT_DYNAMIC) {
                    needed = needed(binary, segment, segments);
                }
            }
            return new ElfFile(binary.getShort(18) & 0xffff, interpreter, needed);
        } catch (IndexOutOfBoundsException | ArithmeticException e) {
            throw new ImageException(
                    Code.UNREADABLE_BINARY, "expected offsets inside the ELF binary", e);
        }
    }

    private static List<Segment> segments(ByteBuffer binary) {
        int start = Math.toIntExact(binary.getLong(32));
        int entryBytes = binary.getShort(54) & 0xffff;
        int count = binary.getShort(56) & 0xffff;
        if (entryBytes != PROGRAM_HEADER_BYTES || count > MAX_PROGRAM_HEADERS) {
            throw unreadable("expected at most " + MAX_PROGRAM_HEADERS + " program headers");
        }
        var segments = new ArrayList<Segment>();
        for (int i = 0; i < count; i++) {
            int at = Math.addExact(start, i * PROGRAM_HEADER_BYTES);
            segments.add(
                    new Segment(
                            binary.getInt(at),
                            binary.getLong(at + 8),
                            binary.getLong(at + 16),
                            binary.getLong(at + 32)));
        }
        return segments;
    }

    private static List<String> needed(ByteBuffer binary, Segment dynamic, List<Segment> segments) {
        var names = new ArrayList<Long>();
        long strings = -1;
        int at = Math.toIntExact(dynamic.offset());
        int entry = 0;
        for (long tag = binary.getLong(at); tag != DYNAMIC_END; tag = binary.getLong(at)) {
            if (++entry > MAX_DYNAMIC_ENTRIES) {
                throw unreadable("expected at most " + MAX_DYNAMIC_ENTRIES + " dynamic entries");
            }
            long value = binary.getLong(at + 8);
            if (tag == DYNAMIC_NEEDED) {
                names.add(value);
            } else if (tag == DYNAMIC_STRING_TABLE) {
                strings = offset(value, segments);
            }
            at = Math.addExact(at, 16);
        }
        var needed = new ArrayList<String>();
        for (long name : names) {
            needed.add(text(binary, Math.addExact(strings, name)));
        }
        return needed;
    }

    private static long offset(long address, List<Segment> segments) {
        for (var segment : segments) {
            if (segment.type() == SEGMENT_LOAD && segment.holds(address)) {
                return Math.addExact(segment.offset(), address - segment.address());
            }
        }
        throw unreadable("expected the string table in a loaded segment");
    }

    private static String text(ByteBuffer binary, long offset) {
        int start = Math.toIntExact(offset);
        int end = start;
        while (binary.get(end) != 0) {
            if (++end - start > MAX_NAME_BYTES) {
                throw unreadable("expected names of at most " + MAX_NAME_BYTES + " bytes");
            }
        }
        var name = new byte[end - start];
        binary.get(start, name);
        return new String(name, StandardCharsets.ISO_8859_1);
    }

    private static ImageException unreadable(String expected) {
        return new ImageException(Code.UNREADABLE_BINARY, expected);
    }
}
