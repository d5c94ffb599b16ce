package dev.casemate.container.launch;

import java.util.Objects;

/// A launch that did not happen: nothing was started, and what had been set up was taken away.
public final class LaunchException extends RuntimeException {

    /// Why a launch was refused.
    public enum Code {
        /// The request contradicts its manifest or itself.
        INVALID_REQUEST,
        /// A program that the launch needs is missing.
        MISSING_PROGRAM,
        /// A kernel, processor or tool version that the launcher cannot contain an agent on.
        UNSUPPORTED_MACHINE,
        /// The archive is not an image that the image module writes.
        MALFORMED_ARCHIVE,
        /// The archive, the loaded image and the manifest are not all the same agent.
        IMAGE_MISMATCH,
        /// The network could not be set up.
        NETWORK_SETUP,
        /// The network was set up and did not hold what it must hold.
        NETWORK_OPEN,
        /// A bound name cannot be reached from inside.
        TARGET_UNREACHABLE,
        /// An external program failed or took too long.
        COMMAND_FAILED,
        /// Files of the launch could not be written.
        FILES,
        /// The proxy did not take what goes on record; nothing starts unrecorded.
        NOT_RECORDED,
        /// As many launches run on this machine as it has places for.
        TOO_MANY_LAUNCHES
    }

    private final Code code;

    /// @param message what was expected and what to do, without the value that was found
    public LaunchException(Code code, String message) {
        super(code + ": " + message);
        this.code = Objects.requireNonNull(code);
    }

    /// @param message what was expected and what to do, without the value that was found
    public LaunchException(Code code, String message, Throwable cause) {
        super(code + ": " + message, cause);
        this.code = Objects.requireNonNull(code);
    }

    public Code code() {
        return code;
    }
}
