package dev.casemate.container.evidence;

import dev.casemate.container.evidence.EvidenceException.Code;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;

/// An OCI layout in a tar, in the only form in which one is written and read here: nothing but
/// regular files in the order of their names, each header made from name and size alone, padding
/// and end of zero bytes.
///
/// A general reader of tar overlooks much: names given twice, headers with fields that nobody asks
/// for, what comes after the end. Here there is one archive for a set of files, so that each byte
/// of it is either covered by a digest or known beforehand.
final class LayoutTar {

    /// More than any image and its evidence have.
    static final int MAX_FILES = 1024;

    private static final int BLOCK = 512;
    private static final int NAME_BYTES = 100;
    private static final int END_BYTES = 2 * BLOCK;

    /// What eleven octal digits hold.
    private static final long MAX_SIZE = (8L << 30) - 1;

    private LayoutTar() {}

    static void write(SortedMap<String, Part> files, Path archive) throws IOException {
        try (var out = new BufferedOutputStream(Files.newOutputStream(archive), 1 << 16)) {
            for (var file : files.entrySet()) {
                var part = file.getValue();
                out.write(header(file.getKey(), part.size()));
                try (var in = part.open()) {
                    if (in.transferTo(out) != part.size()) {
                        throw new IOException("a file changed while it was read");
                    }
                }
                out.write(new byte[padding(part.size())]);
            }
            out.write(new byte[END_BYTES]);
        }
    }

    static SortedMap<String, Part> read(Path archive) throws IOException {
        var files = new TreeMap<String, Part>();
        long length = Files.size(archive);
        try (var channel = Files.newByteChannel(archive);
                var in = Channels.newInputStream(channel)) {
            var last = "";
            while (true) {
                var block = block(in, BLOCK);
                if (block[0] == 0) {
                    requireZero(block);
                    requireZero(block(in, END_BYTES - BLOCK));
                    break;
                }
                var name = name(block);
                long size = size(block);
                if (!Arrays.equals(block, header(name, size))
                        || name.compareTo(last) <= 0
                        || files.size() == MAX_FILES) {
                    throw malformed();
                }
                long end = channel.position() + size;
                if (end + padding(size) + END_BYTES > length) {
                    throw malformed();
                }
                files.put(name, new Part.Slice(archive, channel.position(), size));
                channel.position(end);
                requireZero(block(in, padding(size)));
                last = name;
            }
            if (channel.position() != length) {
                throw malformed();
            }
        }
        return files;
    }

    /// The header of a file in the ustar form.
    private static byte[] header(String name, long size) {
        var block = new byte[BLOCK];
        var bytes = name.getBytes(StandardCharsets.UTF_8);
        if (bytes.length >= NAME_BYTES || size > MAX_SIZE) {
            throw malformed();
        }
        System.arraycopy(bytes, 0, block, 0, bytes.length);
        put(block, 100, "0000444\0");
        put(block, 108, "0000000\0");
        put(block, 116, "0000000\0");
        put(block, 124, octal(size, 11) + "\0");
        put(block, 136, "00000000000\0");
        put(block, 148, "        0");
        put(block, 257, "ustar\00000");
        put(block, 329, "0000000\0");
        put(block, 337, "0000000\0");
        int sum = 0;
        for (byte b : block) {
            sum += b & 0xff;
        }
        put(block, 148, octal(sum, 6) + "\0 ");
        return block;
    }

    private static void put(byte[] block, int place, String text) {
        var bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, block, place, bytes.length);
    }

    private static String octal(long value, int digits) {
        var text = Long.toOctalString(value);
        return "0".repeat(digits - text.length()) + text;
    }

    private static String name(byte[] block) {
        int end = 0;
        while (end < NAME_BYTES && block[end] != 0) {
            end++;
        }
        return new String(block, 0, end, StandardCharsets.US_ASCII);
    }

    private static long size(byte[] block) {
        long size = 0;
        for (int i = 124; i < 135; i++) {
            if (block[i] < '0' || block[i] > '7') {
                throw malformed();
            }
            size = size * 8 + (block[i] - '0');
        }
        return size;
    }

    private static int padding(long size) {
        return (int) ((BLOCK - size % BLOCK) % BLOCK);
    }

    private static byte[] block(InputStream in, int size) throws IOException {
        var block = in.readNBytes(size);
        if (block.length != size) {
            throw malformed();
        }
        return block;
    }

    private static void requireZero(byte[] block) {
        for (byte b : block) {
            if (b != 0) {
                throw malformed();
            }
        }
    }

    private static EvidenceException malformed() {
        return new EvidenceException(
                Code.MALFORMED_ARCHIVE,
                "expected an archive as `casemate build` writes it, byte for byte");
    }
}
