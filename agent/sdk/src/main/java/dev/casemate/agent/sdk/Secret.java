package dev.casemate.agent.sdk;

import dev.casemate.agent.sdk.GuardException.Code;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// A credential in memory, read from a mounted file.
///
/// It never prints and cannot be serialised, and two secrets are never equal. [#reveal] is the only
/// way to its value: a search for that word lists every use.
public final class Secret {

    /// More than any credential; a wrong file is refused rather than sent somewhere.
    public static final int MAX_BYTES = 8192;

    private final String value;

    private Secret(String value) {
        this.value = value;
    }

    /// @param file whose content, without white space around it, is the secret: printable ASCII
    /// @throws GuardException with code `MISCONFIGURED`; neither content nor path is in its message
    public static Secret read(Path file) {
        try (var in = Files.newInputStream(file)) {
            var bytes = in.readNBytes(MAX_BYTES + 1);
            var text = new String(bytes, StandardCharsets.UTF_8).strip();
            boolean printable = text.chars().allMatch(c -> c > ' ' && c < 0x7f);
            if (bytes.length > MAX_BYTES || text.isEmpty() || !printable) {
                throw new GuardException(
                        Code.MISCONFIGURED,
                        "expected a secret file with one word of printable ASCII");
            }
            return new Secret(text);
        } catch (IOException e) {
            throw new GuardException(
                    Code.MISCONFIGURED, "expected a secret file that can be read", e);
        }
    }

    /// The value itself, for the one call that sends it.
    public String reveal() {
        return value;
    }

    @Override
    public String toString() {
        return "Secret[not shown]";
    }
}
