package dev.casemate.proxy.audit;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The ledger could not do what it was asked, or is not what it must be.
///
/// Messages name files, offsets and record numbers; they never repeat the content of a record.
public final class LedgerException extends RuntimeException {

    /// Why. The first five concern one append, the others the ledger as a whole.
    public enum Code {
        /// No space is left under the ledger; appends work again when there is.
        DISK_FULL,
        /// More appends wait than the settings allow; nothing was written.
        OVERLOADED,
        /// The record is longer than the settings allow; nothing was written.
        RECORD_TOO_LARGE,
        /// The entry holds JSON that could not be read back; nothing was written.
        INVALID_ENTRY,
        /// The ledger is closed, or has stopped after an error of its own.
        CLOSED,
        /// A file could not be read, written or made durable.
        IO,
        /// Another writer holds this directory.
        LOCKED,
        /// A file in the directory is damaged, missing or not a ledger's.
        CORRUPT,
        /// The log is shorter than, or differs from, what a signed checkpoint says.
        TAMPERED,
        /// The signing key is missing, unreadable, readable by others, or not this ledger's.
        KEY
    }

    private final Code code;

    public LedgerException(Code code, String message) {
        this(code, message, null);
    }

    public LedgerException(Code code, String message, @Nullable Throwable cause) {
        super(code + ": " + message, cause);
        this.code = Objects.requireNonNull(code);
    }

    public Code code() {
        return code;
    }
}
