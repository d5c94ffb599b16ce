package dev.casemate.container.evidence;

import dev.casemate.container.evidence.EvidenceException.Code;
import dev.casemate.manifest.Digest;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// The contents of one file of an OCI layout, wherever they lie.
sealed interface Part {

    long size();

    InputStream open() throws IOException;

    /// A stretch of a file.
    record Slice(Path file, long offset, long size) implements Part {
        @Override
        public InputStream open() throws IOException {
            var channel = Files.newByteChannel(file);
            channel.position(offset);
            return new BufferedInputStream(
                    new BoundedStream(Channels.newInputStream(channel), size), 1 << 16);
        }
    }

    /// What is still in memory.
    @SuppressWarnings("ArrayRecordComponent") // Never compared, and not changed once it is here.
    record Bytes(byte[] contents) implements Part {
        @Override
        public long size() {
            return contents.length;
        }

        @Override
        public InputStream open() {
            return new ByteArrayInputStream(contents);
        }
    }

    /// @throws EvidenceException with code `MALFORMED_EVIDENCE` if it is larger than that
    default byte[] bytes(int maximum) throws IOException {
        if (size() > maximum) {
            throw new EvidenceException(
                    Code.MALFORMED_EVIDENCE,
                    "expected a document of at most " + maximum + " bytes");
        }
        try (var in = open()) {
            return in.readNBytes((int) size());
        }
    }

    default Digest digest() throws IOException {
        var hash = sha256();
        try (var in = open()) {
            var buffer = new byte[1 << 16];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                hash.update(buffer, 0, read);
            }
        }
        return digest(hash);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    static Digest digest(MessageDigest hash) {
        return new Digest("sha256:" + HexFormat.of().formatHex(hash.digest()));
    }
}
