package dev.casemate.proxy.policy;

import java.util.Objects;

/// A policy document that is not what it must be: what was expected, and where.
public final class PolicyException extends RuntimeException {

    /// Why a document was refused.
    public enum Code {
        /// A member that must be there is missing.
        MISSING_MEMBER,
        /// A member that is not known here.
        UNKNOWN_MEMBER,
        /// A member of the wrong type, or outside its range.
        INVALID_VALUE,
        /// A pattern that does not compile.
        INVALID_PATTERN,
        /// A rule id that is declared twice.
        DUPLICATE_RULE,
        /// An id that names no rule.
        UNKNOWN_RULE,
        /// More rules or terms than the engine takes.
        TOO_LARGE
    }

    private final Code code;
    private final String place;

    /// @param place a JSON Pointer; empty for the whole document
    /// @param expected what was expected, without the value that was found
    public PolicyException(Code code, String place, String expected) {
        super(code + " at " + (place.isEmpty() ? "/" : place) + ": " + expected);
        this.code = Objects.requireNonNull(code);
        this.place = Objects.requireNonNull(place);
    }

    public Code code() {
        return code;
    }

    /// The JSON Pointer of the member that was refused; empty for the whole document.
    public String place() {
        return place;
    }
}
