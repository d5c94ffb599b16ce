package dev.casemate.container.image;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;

/// A program that a test runs to its end.
///
/// @param lines of standard output
/// @param errors of standard error, as one text
record FinishedProcess(int code, List<String> lines, String errors) {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    static FinishedProcess run(List<String> command) throws IOException, InterruptedException {
        var errors = Files.createTempFile("casemate-test-", ".err");
        var output = Files.createTempFile("casemate-test-", ".out");
        try {
            var process =
                    new ProcessBuilder(command)
                            .redirectError(errors.toFile())
                            .redirectOutput(output.toFile())
                            .start();
            if (!process.waitFor(LIMIT)) {
                process.destroyForcibly();
                throw new IOException("expected an end within " + LIMIT + ": " + command);
            }
            return new FinishedProcess(
                    process.exitValue(),
                    Files.readAllLines(output, StandardCharsets.UTF_8),
                    Files.readString(errors));
        } finally {
            Files.delete(errors);
            Files.delete(output);
        }
    }
}
