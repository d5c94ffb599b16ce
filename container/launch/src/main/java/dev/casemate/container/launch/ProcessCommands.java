package dev.casemate.container.launch;

import dev.casemate.container.launch.LaunchException.Code;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// Runs external programs as child processes.
final class ProcessCommands implements Commands {

    /// What is kept of a program's output; the rest is read and dropped.
    static final int MAX_OUTPUT_BYTES = 1 << 20;

    /// How long the output of a program that has ended may still be under way.
    private static final Duration DRAIN = Duration.ofSeconds(5);

    @Override
    public Outcome run(List<String> arguments, String input, Duration limit) {
        var process = start(arguments);
        var output = new CompletableFuture<String>();
        Thread.ofVirtual().start(() -> output.complete(drain(process.getInputStream())));
        try {
            try (var stdin = process.getOutputStream()) {
                stdin.write(input.getBytes(StandardCharsets.UTF_8));
            } catch (IOException closedEarly) {
                // It ended without reading everything: its exit code says what that means.
            }
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new LaunchException(
                        Code.COMMAND_FAILED,
                        "expected %s to end within %d s"
                                .formatted(Commands.shown(arguments), limit.toSeconds()));
            }
            return new Outcome(
                    process.exitValue(),
                    output.completeOnTimeout("", DRAIN.toMillis(), TimeUnit.MILLISECONDS).join());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LaunchException(Code.COMMAND_FAILED, "expected not to be interrupted", e);
        } finally {
            process.destroyForcibly();
        }
    }

    private static Process start(List<String> arguments) {
        try {
            return new ProcessBuilder(arguments).redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new LaunchException(
                    Code.MISSING_PROGRAM, MissingProgram.here().help(arguments.getFirst()), e);
        }
    }

    private static String drain(InputStream stream) {
        try (stream) {
            var kept = stream.readNBytes(MAX_OUTPUT_BYTES);
            stream.transferTo(java.io.OutputStream.nullOutputStream());
            return new String(kept, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }
}
