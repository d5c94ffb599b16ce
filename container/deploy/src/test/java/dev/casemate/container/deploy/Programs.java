package dev.casemate.container.deploy;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Programs that check a rendering where the machine has them.
final class Programs {

    private static final List<String> DIRECTORIES =
            List.of(
                    "/usr/local/bin",
                    "/usr/bin",
                    "/usr/sbin",
                    "/usr/libexec/podman",
                    "/usr/lib/systemd/system-generators");

    private Programs() {}

    /// @param name as in its file name; a test without it is skipped, and says so
    static Path require(String name) {
        for (var directory : DIRECTORIES) {
            var program = Path.of(directory, name);
            if (Files.isExecutable(program)) {
                return program;
            }
        }
        return abort(name + " is not installed");
    }

    record Result(int code, String output) {}

    static Result run(Path directory, Map<String, String> environment, List<String> command)
            throws IOException, InterruptedException {
        var builder =
                new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        var process = builder.start();
        process.getOutputStream().close();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), output);
    }
}
