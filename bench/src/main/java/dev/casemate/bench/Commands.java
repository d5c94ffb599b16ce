package dev.casemate.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Runs other programs to their end.
final class Commands {

    private static final int LIMIT_SECONDS = 120;

    private Commands() {}

    /// @return what it wrote
    static String run(List<String> command) throws IOException, InterruptedException {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException(command.getFirst() + " did not end in time");
        } else if (process.exitValue() != 0) {
            throw new IOException(command.getFirst() + " failed: " + output);
        }
        return output;
    }
}
