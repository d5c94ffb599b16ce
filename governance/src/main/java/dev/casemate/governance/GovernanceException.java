package dev.casemate.governance;

import java.util.Objects;

/// A rehearsal or drill that could not be carried out. Not a finding: a drill that finds something
/// reports it.
public final class GovernanceException extends RuntimeException {

    /// What could not be done.
    public enum Code {
        /// The stage description, or a file that it names, is not what it must be.
        STAGE_DESCRIPTION,
        /// A part of the stage (database, endpoint, certificate, proxy) did not start.
        STAGE_FAILED
    }

    private final Code code;

    public GovernanceException(Code code, String message) {
        super(code + ": " + message);
        this.code = Objects.requireNonNull(code);
    }

    public GovernanceException(Code code, String message, Throwable cause) {
        super(code + ": " + message, cause);
        this.code = Objects.requireNonNull(code);
    }

    public Code code() {
        return code;
    }
}
