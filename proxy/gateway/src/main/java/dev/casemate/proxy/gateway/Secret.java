package dev.casemate.proxy.gateway;

import dev.casemate.proxy.gateway.ConfigException.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A credential in memory. It prints as nothing; one search for [#reveal] lists every use.
final class Secret {

    /// Longer than any key or password, short enough to read a wrong file without harm.
    private static final int MAX_BYTES = 16_384;

    private final String value;

    private Secret(String value) {
        this.value = value;
    }

    /// Reads the trimmed content of a file.
    static Secret read(Path file) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new ConfigException(
                        Code.INVALID_VALUE,
                        file.toString(),
                        "expected a secret of at most " + MAX_BYTES + " bytes");
            }
            var value = Files.readString(file).strip();
            if (value.isEmpty() || value.chars().anyMatch(c -> c < 0x20 || c > 0x7e)) {
                throw new ConfigException(
                        Code.INVALID_VALUE,
                        file.toString(),
                        "expected one line of printable ASCII characters");
            }
            return new Secret(value);
        } catch (IOException e) {
            throw new ConfigException(
                    Code.UNREADABLE_FILE, file.toString(), "expected a readable file", e);
        }
    }

    String reveal() {
        return value;
    }

    @Override
    public String toString() {
        return "Secret";
    }
}
