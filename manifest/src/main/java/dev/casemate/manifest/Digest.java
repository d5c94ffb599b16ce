package dev.casemate.manifest;

import dev.casemate.manifest.ManifestException.Code;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/// The SHA-256 of a document, written as OCI writes digests: `sha256:` and 64 hexadecimal digits.
public record Digest(String value) {

    private static final Pattern FORM = Pattern.compile("sha256:[0-9a-f]{64}");

    public Digest {
        if (!FORM.matcher(value).matches()) {
            throw new ManifestException(
                    Code.INVALID_VALUE, "", "a digest as sha256: and 64 lower-case hex digits");
        }
    }

    /// The digest of these bytes.
    public static Digest of(byte[] bytes) {
        try {
            var hash = MessageDigest.getInstance("SHA-256").digest(bytes);
            return new Digest("sha256:" + HexFormat.of().formatHex(hash));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /// The digest of the canonical form of a JSON value.
    public static Digest of(Json json) {
        return of(CanonicalJson.bytes(json));
    }

    @Override
    public String toString() {
        return value;
    }
}
