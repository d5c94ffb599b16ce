package dev.casemate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Walks through a page as a new user does: every block, in order, in one shell.
final class GuideWalk {

    static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    /// The ports that pages name; a walk takes free ones.
    private static final List<String> PORTS = List.of("8443", "9443", "8090");

    private GuideWalk() {}

    /// @param name of the page, below docs
    static String page(String name) throws IOException {
        var page = Files.readString(ROOT.resolve("docs").resolve(name));
        for (var port : PORTS) {
            assertThat(page).contains(port);
            page = page.replace(port, "" + freePort());
        }
        return page;
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }

    /// The command as the clone's script starts it, but with the class path of this test: the
    /// clone's own would build what is being built.
    static void casemate(Path file) throws IOException {
        Files.writeString(
                file,
                """
                #!/usr/bin/env bash
                exec "$JAVA_HOME/bin/java" -Dcasemate.home='%s' --enable-native-access=ALL-UNNAMED \\
                  --sun-misc-unsafe-memory-access=allow -cp "$CASEMATE_TEST_CLASS_PATH" %s "$@"
                """
                        .formatted(ROOT, Main.class.getName()));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /// One shell script of all blocks. Nothing in it is typed by anybody but the page's author, so
    /// texts go into it as they are, behind an end mark that none of them has.
    static String script(Guide guide, boolean contained) {
        var script = new StringBuilder("set -euo pipefail\n");
        script.append("trap 'kill $(jobs -p) 2>/dev/null || true; wait' EXIT\n");
        for (var block : guide.blocks()) {
            var needs = block.attribute("needs");
            assertThat(needs.orElse("containers")).isEqualTo("containers");
            if (needs.isEmpty() || contained) {
                script.append(step(block));
            }
        }
        return script.toString();
    }

    private static String step(Guide.Block block) {
        if (block.runs()) {
            return block.text();
        }
        assertThat(block.attributes()).as("what the block is for: " + block).hasSize(1);
        var text = " <<'END-OF-BLOCK'\n" + block.text() + "END-OF-BLOCK\n";
        var use = block.attributes().entrySet().iterator().next();
        var file = "'" + use.getValue() + "'";
        return switch (use.getKey()) {
            case "file" -> "cat > " + file + text;
            case "add-to" ->
                    "head -n -1 FILE > part; echo >> part; cat >> part%s echo '}' >> part; mv part FILE\n"
                            .formatted(text)
                            .replace("FILE", file);
            case "import-to" ->
                    "head -n 2 FILE > part; cat >> part%s tail -n +3 FILE >> part; mv part FILE\n"
                            .formatted(text)
                            .replace("FILE", file);
            case "excerpt" ->
                    "while IFS= read -r line; do grep -qxF -- \"$line\" %s || { echo \"no such line: $line\"; exit 1; }; done%s"
                            .formatted(file, text);
            // What a run prints; one that is refused is not on the way, and has BuildGateTest.
            case "expect", "refused" -> "";
            default -> throw new AssertionError("expected a known use of a block: " + block);
        };
    }

    /// @param promise how long the page may take at most
    static String run(String script, Path clone, Duration promise) throws Exception {
        var command = new ArrayList<>(List.of("bash", "-c", script));
        var log = clone.resolveSibling("walk.log");
        var builder =
                new ProcessBuilder(command)
                        .directory(clone.toFile())
                        .redirectErrorStream(true)
                        .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                        .redirectOutput(log.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment()
                .put("CASEMATE_TEST_CLASS_PATH", System.getProperty("java.class.path"));
        var process = builder.start();
        try {
            boolean ended = process.waitFor(promise.toSeconds(), TimeUnit.SECONDS);
            var printed = Files.readString(log);
            assertThat(ended).as(printed).isTrue();
            assertThat(process.exitValue()).as(printed).isZero();
            return printed;
        } finally {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
        }
    }
}
