package dev.casemate.container.launch.trial;

import dev.casemate.container.launch.LaunchException;
import dev.casemate.container.launch.LaunchException.Code;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Programs that make and remove the parts of a world.
final class Steps {

    private static final long LIMIT_SECONDS = 20;

    private Steps() {}

    /// @throws LaunchException if it does not succeed
    static void require(List<String> step) {
        if (!succeeds(step)) {
            throw new LaunchException(
                    Code.NETWORK_SETUP, "expected this step to succeed: " + String.join(" ", step));
        }
    }

    static boolean succeeds(List<String> step) {
        try {
            var process =
                    new ProcessBuilder(step)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            process.getOutputStream().close();
            try {
                return process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            throw new LaunchException(
                    Code.MISSING_PROGRAM,
                    "expected the program %s on the path; on Debian: apt-get install iproute2 util-linux"
                            .formatted(step.getFirst()),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LaunchException(Code.COMMAND_FAILED, "expected not to be interrupted", e);
        }
    }
}
