package dev.casemate.agent.sdk;

import java.util.Objects;

/// A guarded part refused what a tool asked of it, or could not do it.
///
/// The message goes back to the model: it says what was expected and what to do, and never repeats
/// a statement, an answer, an address or a secret.
public final class GuardException extends RuntimeException {

    /// Why a guarded part refused.
    public enum Code {
        /// A statement that cannot be read as SQL.
        SQL_MALFORMED,
        /// A statement, clause, table or function that is not on the allow-list.
        SQL_NOT_ALLOWED,
        /// The database refused the statement or did not answer.
        DATABASE_REFUSED,
        /// A parameter of a path or of a row that is missing, unknown or not of its form.
        INVALID_PARAMETER,
        /// An endpoint that did not answer as it must: status, content type, redirect.
        ENDPOINT_REFUSED,
        /// An endpoint or database that cannot be reached.
        UNREACHABLE,
        /// More rows or bytes than the part hands on.
        TOO_LARGE,
        /// Longer than the part waits.
        TIMED_OUT,
        /// The deployment gives the part no usable secret, certificate or address. Thrown when the
        /// part is made, before any run.
        MISCONFIGURED
    }

    private final Code code;

    /// @param message safe for the model to read
    public GuardException(Code code, String message) {
        super(message);
        this.code = Objects.requireNonNull(code);
    }

    /// @param message safe for the model to read; the cause is not shown to it
    public GuardException(Code code, String message, Throwable cause) {
        super(message, cause);
        this.code = Objects.requireNonNull(code);
    }

    public Code code() {
        return code;
    }
}
