package dev.casemate.agent.testkit;

import java.util.Objects;

/// An evaluation suite, a recording or a set-up of a test that cannot be used: what was expected,
/// and where.
public final class TestkitException extends RuntimeException {

    /// Why it was refused.
    public enum Code {
        /// A file that cannot be read or written.
        UNREADABLE_FILE,
        /// Not YAML, or YAML with anchors, tags or several documents.
        MALFORMED_YAML,
        UNKNOWN_KEY,
        MISSING_KEY,
        /// A value of the wrong type or outside its range.
        INVALID_VALUE,
        /// A name that refers to nothing, or is used twice.
        BROKEN_REFERENCE,
        /// A suite for another agent than the one that is evaluated.
        OTHER_AGENT,
        /// A case asks a judge, and there is none.
        NO_JUDGE,
        /// A file that is not a recording of this version, or was redacted in another way.
        MALFORMED_RECORDING,
        /// The kit was asked for something outside a test, or before what it needs was given.
        MISUSED
    }

    private final Code code;

    /// @param where for example `cases/prices.yaml:12 expect.called`
    /// @param expected what was expected; never a secret
    TestkitException(Code code, String where, String expected) {
        super(code + " at " + where + ": " + expected);
        this.code = Objects.requireNonNull(code);
    }

    TestkitException(Code code, String where, String expected, Throwable cause) {
        super(code + " at " + where + ": " + expected, cause);
        this.code = Objects.requireNonNull(code);
    }

    public Code code() {
        return code;
    }
}
