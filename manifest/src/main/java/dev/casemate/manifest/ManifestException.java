package dev.casemate.manifest;

import java.util.Objects;

/// A document that is not what it must be: what was wrong, and where.
///
/// The message names the place as a JSON Pointer (RFC 6901) and says what was expected; it never
/// repeats the value that was found there.
public final class ManifestException extends RuntimeException {

    /// Why a document was refused.
    public enum Code {
        /// Not JSON, or JSON beyond the limits of [JsonReader].
        MALFORMED_JSON,
        /// A document version that this release does not read.
        UNSUPPORTED_VERSION,
        /// A member that the document must have is missing.
        MISSING_MEMBER,
        /// A member that the document must not have is present.
        UNKNOWN_MEMBER,
        /// A member of the wrong type, or outside its range.
        INVALID_VALUE,
        /// A name that refers to nothing, or is declared twice.
        BROKEN_REFERENCE,
        /// Untrusted content, sensitive data and an effect in one agent, and nobody stands in for
        /// it.
        RULE_OF_TWO,
        /// The document is not the one that its digest names.
        DIGEST_MISMATCH
    }

    private final Code code;
    private final String place;

    /// @param place a JSON Pointer; empty for the whole document
    /// @param expected what was expected, without the value that was found
    public ManifestException(Code code, String place, String expected) {
        super(code + " at " + (place.isEmpty() ? "/" : place) + ": " + expected);
        this.code = Objects.requireNonNull(code);
        this.place = place;
    }

    public Code code() {
        return code;
    }

    /// The JSON Pointer of the member that was refused; empty for the whole document.
    public String place() {
        return place;
    }
}
