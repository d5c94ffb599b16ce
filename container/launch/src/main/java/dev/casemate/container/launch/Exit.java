package dev.casemate.container.launch;

import java.time.Duration;

/// How a launch ended.
///
/// @param code exit code of the agent's process; of podman itself with [Reason#NOT_STARTED]
/// @param duration from the start of the container to its end
public record Exit(int code, Reason reason, Duration duration) {

    /// Why it ended.
    public enum Reason {
        /// The agent ended by itself with code 0.
        COMPLETED,
        /// The agent ended by itself with another code.
        FAILED,
        /// The agent wanted more memory than the manifest grants.
        OUT_OF_MEMORY,
        /// The agent was still running after the manifest's deadline, and was killed.
        DEADLINE,
        /// podman could not start the container.
        NOT_STARTED
    }
}
