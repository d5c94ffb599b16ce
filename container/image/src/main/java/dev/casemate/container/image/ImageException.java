package dev.casemate.container.image;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// An image that was not built, or not read: why, and what to do about it.
public final class ImageException extends RuntimeException {

    /// What failed.
    public enum Code {
        /// A part of the request does not have the form that it must have.
        INVALID_REQUEST,
        /// The jars carry no manifest, several, or another one than the request.
        MANIFEST_MISMATCH,
        /// The jars could not be read, or need modules that this JDK does not have.
        UNREADABLE_JARS,
        /// The jars refer to a module that requires one that no agent gets.
        MODULE_WITHHELD,
        /// An exclusion or a cut that no longer matches anything in this JDK.
        STALE_SEAL,
        /// The runtime could not be linked, or it does not start.
        LINK_FAILED,
        /// A processor or operating system for which no runtime is built.
        UNSUPPORTED_PLATFORM,
        /// A native program or library that is not what it must be.
        UNREADABLE_BINARY,
        /// A file of the C library was not found where it is known to be.
        C_LIBRARY_MISSING,
        /// The archive could not be written.
        ARCHIVE_FAILED,
        /// An image that cannot be followed from its configuration to the code that it starts.
        UNREADABLE_IMAGE
    }

    private final Code code;

    /// @param message what was expected and what to do; no contents of files
    public ImageException(Code code, String message) {
        this(code, message, null);
    }

    ImageException(Code code, String message, @Nullable Throwable cause) {
        super(code + ": " + message, cause);
        this.code = Objects.requireNonNull(code);
    }

    public Code code() {
        return code;
    }
}
