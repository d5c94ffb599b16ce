package dev.casemate.container.image;

import dev.casemate.container.image.ImageException.Code;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// A program of a JDK or of a runtime, run without an environment, so that it does the same
/// wherever it runs.
///
/// @param lines the last lines of both outputs
record RuntimeStep(int code, List<String> lines) {

    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final int MAX_OUTPUT_LINES = 20;

    RuntimeStep {
        lines = List.copyOf(lines);
    }

    /// Runs it to its end.
    static RuntimeStep in(Path directory, List<String> command) throws IOException {
        var output = Files.createTempFile("casemate-link-", ".log");
        try {
            var builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.directory(directory.toFile());
            builder.environment().clear();
            builder.environment().put("LC_ALL", "C");
            var process = builder.redirectOutput(output.toFile()).start();
            process.getOutputStream().close();
            try {
                if (!process.waitFor(LIMIT)) {
                    throw new ImageException(Code.LINK_FAILED, "expected an end within " + LIMIT);
                }
            } finally {
                process.destroyForcibly();
            }
            var lines = Files.readAllLines(output, StandardCharsets.UTF_8);
            return new RuntimeStep(
                    process.exitValue(),
                    lines.subList(Math.max(0, lines.size() - MAX_OUTPUT_LINES), lines.size()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ImageException(Code.LINK_FAILED, "interrupted", e);
        } finally {
            Files.delete(output);
        }
    }

    void requireSuccess(String step) {
        if (code != 0) {
            throw new ImageException(
                    Code.LINK_FAILED,
                    step + " ended with code " + code + ": " + String.join("; ", lines));
        }
    }
}
