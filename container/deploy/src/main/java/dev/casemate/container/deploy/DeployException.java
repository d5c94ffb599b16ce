package dev.casemate.container.deploy;

import java.util.Objects;

/// A descriptor that was not rendered.
public final class DeployException extends RuntimeException {

    /// Why not.
    public enum Code {
        /// The bindings contradict the manifest, or hold a value that a descriptor cannot hold.
        INVALID_REQUEST,
        /// The bindings lack what this platform or this kind of deployment needs.
        MISSING_BINDING
    }

    private final Code code;

    /// @param expected what was expected, without the value that was found
    public DeployException(Code code, String expected) {
        super(code + ": expected " + expected);
        this.code = Objects.requireNonNull(code);
    }

    public Code code() {
        return code;
    }
}
