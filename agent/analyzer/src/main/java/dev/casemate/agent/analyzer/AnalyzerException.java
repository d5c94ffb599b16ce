package dev.casemate.agent.analyzer;

import java.util.Objects;

/// The analysis could not be made. There is no partial answer: what was not read might reach
/// anything.
public final class AnalyzerException extends RuntimeException {

    /// Why there is no answer.
    public enum Code {
        /// A jar that cannot be opened, or an entry whose bytes are not what the jar says.
        UNREADABLE_JAR,
        /// An entry that is not a class file this JDK can read, or not the class its path names.
        UNREADABLE_CLASS,
        /// A module descriptor that does not describe its jar.
        UNREADABLE_MODULE,
        /// The `lib/modules` of an image that this JDK cannot read.
        UNREADABLE_RUNTIME,
        /// A shipped class that the JDK may have too, or a jar with two entries of one name: which
        /// one runs is not for the analysis to guess.
        AMBIGUOUS_CLASS,
        /// A directory that does not hold exactly one agent and its jars.
        NO_AGENT,
        /// Nothing says where execution starts.
        NO_ROOT,
        /// A root that no shipped jar has.
        UNKNOWN_ROOT,
        /// More input than the named limits admit.
        TOO_LARGE,
        /// A shipped table is missing, or has a line that does not follow its own form.
        BROKEN_TABLE,
        /// A document that is no report, or one of a version that is not known here.
        UNREADABLE_REPORT
    }

    private final Code code;

    AnalyzerException(Code code, String message) {
        super(code + ": " + message);
        this.code = Objects.requireNonNull(code);
    }

    AnalyzerException(Code code, String message, Throwable cause) {
        super(code + ": " + message, cause);
        this.code = Objects.requireNonNull(code);
    }

    public Code code() {
        return code;
    }
}
