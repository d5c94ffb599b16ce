package dev.casemate.container.launch;

import java.time.Duration;
import java.util.function.Consumer;

/// Runs one contained agent from start to end, and leaves nothing behind.
public final class Launcher {

    private Launcher() {}

    /// @param output each line that the agent prints to standard output
    /// @param errors each line that it prints to standard error, and the launcher's own warnings
    /// @throws LaunchException if the agent was not started
    public static Exit run(
            LaunchRequest request, Consumer<String> output, Consumer<String> errors) {
        errors.accept("expected a launcher; it is being built");
        return new Exit(125, Exit.Reason.NOT_STARTED, Duration.ZERO);
    }
}
