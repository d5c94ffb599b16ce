package dev.casemate.proxy.audit;

import dev.casemate.manifest.Digest;
import dev.casemate.proxy.audit.LedgerException.Code;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Pattern;

/// Writes and reads checkpoints as signed notes.
///
/// Source: C2SP signed-note and tlog-checkpoint.
final class Note {

    private static final int MAX_BYTES = 64 << 10;
    private static final String SIGNED_BY = "\u2014 ";
    private static final Pattern SIZE = Pattern.compile("0|[1-9][0-9]{0,18}");

    private Note() {}

    static Checkpoint sign(long size, Digest root, SigningKey key) {
        var origin = key.verifier().name();
        var text = "%s\n%d\n%s\n".formatted(origin, size, base64(bytes(root)));
        var signature = key.signature(text);
        var id = key.verifier().id();
        var signed = ByteBuffer.allocate(id.length + signature.length).put(id).put(signature);
        var note = text + "\n" + SIGNED_BY + origin + " " + base64(signed.array()) + "\n";
        return new Checkpoint(origin, size, root, note);
    }

    /// @param place names the note in messages
    /// @throws LedgerException `KEY` if this key has not signed it, `TAMPERED` if what it signed
    ///   was changed, `CORRUPT` if it is no checkpoint
    static Checkpoint open(String note, VerifierKey key, String place) {
        int split = note.lastIndexOf("\n\n");
        if (split < 0 || !note.endsWith("\n")) {
            throw malformed(place);
        }
        var text = note.substring(0, split + 1);
        requireSignature(text, note.substring(split + 2), key, place);
        var lines = text.split("\n", -1);
        if (lines.length < 4 || !lines[0].equals(key.name()) || !SIZE.matcher(lines[1]).matches()) {
            throw malformed(place);
        }
        try {
            return new Checkpoint(lines[0], Long.parseLong(lines[1]), root(lines[2]), note);
        } catch (RuntimeException e) {
            throw new LedgerException(Code.CORRUPT, place + ": expected a checkpoint", e);
        }
    }

    private static byte[] bytes(Digest digest) {
        return HexFormat.of().parseHex(digest.value(), "sha256:".length(), digest.value().length());
    }

    private static Digest root(String base64) {
        var hash = Base64.getDecoder().decode(base64);
        if (hash.length != MerkleTree.HASH_BYTES) {
            throw new IllegalArgumentException("expected 32 bytes");
        }
        return MerkleTree.digest(hash);
    }

    private static void requireSignature(
            String text, String signatures, VerifierKey key, String place) {
        for (var line : signatures.split("\n", -1)) {
            var prefix = SIGNED_BY + key.name() + " ";
            if (line.startsWith(prefix)) {
                var signed = decoded(line.substring(prefix.length()), place);
                int split = Math.min(signed.length, VerifierKey.ID_BYTES);
                if (Arrays.equals(Arrays.copyOf(signed, split), key.id())) {
                    if (key.verifies(text, Arrays.copyOfRange(signed, split, signed.length))) {
                        return;
                    }
                    throw new LedgerException(Code.TAMPERED, place + ": the signature is wrong");
                }
            }
        }
        throw new LedgerException(
                Code.KEY,
                "%s: expected a signature by %s, key %s"
                        .formatted(place, key.name(), HexFormat.of().formatHex(key.id())));
    }

    private static byte[] decoded(String base64, String place) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new LedgerException(Code.TAMPERED, place + ": the signature is not base64", e);
        }
    }

    /// @throws LedgerException as [#open], or `IO`
    static Checkpoint read(Path file, VerifierKey key) {
        try (var input = Files.newInputStream(file)) {
            var bytes = input.readNBytes(MAX_BYTES);
            var name = file.getFileName().toString();
            return open(new String(bytes, StandardCharsets.UTF_8), key, name);
        } catch (IOException e) {
            throw new LedgerException(Code.IO, "cannot read " + file, e);
        }
    }

    private static LedgerException malformed(String place) {
        return new LedgerException(Code.CORRUPT, place + ": expected a C2SP checkpoint");
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
