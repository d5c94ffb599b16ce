package dev.casemate.proxy.gateway;

import java.util.Objects;

/// A configuration that the gateway does not start with: what was expected, in which line.
public final class ConfigException extends RuntimeException {

    /// Why it was refused.
    public enum Code {
        /// A file that cannot be read or made.
        UNREADABLE_FILE,
        /// Not YAML, or YAML with anchors, tags or several documents.
        MALFORMED_YAML,
        UNKNOWN_KEY,
        MISSING_KEY,
        /// A value of the wrong type or outside its range.
        INVALID_VALUE,
        /// A name that refers to nothing, or is declared twice.
        BROKEN_REFERENCE,
        /// The configuration is right but the machine does not allow it, for example a port in use.
        CANNOT_START
    }

    private final Code code;

    /// @param where file, line and key, for example `proxy.yaml:12 upstreams[0].url`
    /// @param expected what was expected; never a secret
    ConfigException(Code code, String where, String expected) {
        super(code + " at " + where + ": " + expected);
        this.code = Objects.requireNonNull(code);
    }

    ConfigException(Code code, String where, String expected, Throwable cause) {
        super(code + " at " + where + ": " + expected, cause);
        this.code = Objects.requireNonNull(code);
    }

    public Code code() {
        return code;
    }
}
