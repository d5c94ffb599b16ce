package dev.casemate.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Walks through docs/write-an-agent.md as a new user does: every block, in order, in one shell.
class WriteAnAgentTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    /// What the page promises.
    private static final Duration PROMISE = Duration.ofMinutes(15);

    /// The ports that the page names; the test takes free ones.
    private static final List<String> PORTS = List.of("8443", "9443", "8090");

    @TempDir private Path directory;

    @Test
    void a_new_user_gets_from_nothing_to_an_agent_that_runs() throws Exception {
        assumeTrue(ContainerMachine.onPath("mvn"), "the guide needs mvn");
        var guide = Guide.of(page());
        assertThat(guide.blocks()).filteredOn(Guide.Block::runs).hasSizeGreaterThan(6);
        boolean contained = ContainerMachine.runsContainers();
        var clone = Files.createDirectory(directory.resolve("clone"));
        casemate(clone.resolve("casemate"));

        long begun = System.nanoTime();
        var printed = run(script(guide, contained), clone);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(PROMISE);

        assertThat(printed).contains("PASSED", "  main com.example.myagent.Main.main\n");
        // What was not run is said; what was, was right so far.
        ContainerMachine.require();
        for (var block : guide.blocks()) {
            if (block.attribute("expect").isPresent()) {
                assertThat(printed).contains(block.text().lines().toList());
            }
        }
        assertThat(printed)
                .contains(
                        "\"id\":\"again\",\"run\":\"batch-1:again\",\"end\":\"answered\"",
                        "of them signed");
    }

    private static String page() throws IOException {
        var page = Files.readString(ROOT.resolve("docs/write-an-agent.md"));
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
    private static void casemate(Path file) throws IOException {
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
    private static String script(Guide guide, boolean contained) {
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

    private static String run(String script, Path clone) throws Exception {
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
            boolean ended = process.waitFor(PROMISE.toSeconds(), TimeUnit.SECONDS);
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
