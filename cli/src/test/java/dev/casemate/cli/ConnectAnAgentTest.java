package dev.casemate.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Walks through docs/connect-an-agent.md: an agent in Python, with the provider's own client.
class ConnectAnAgentTest {

    private static final Duration PROMISE = Duration.ofMinutes(10);

    @TempDir private Path directory;

    @Test
    void an_agent_in_python_stands_behind_the_proxy_with_a_manifest_written_by_hand()
            throws Exception {
        assumeTrue(
                installs("openai"), "the guide needs python3 with venv, and an index of packages");
        var guide = Guide.of(GuideWalk.page("connect-an-agent.md"));
        assertThat(guide.blocks()).filteredOn(Guide.Block::runs).hasSizeGreaterThan(5);
        var clone = Files.createDirectory(directory.resolve("clone"));
        GuideWalk.casemate(clone.resolve("casemate"));

        var printed = GuideWalk.run(GuideWalk.script(guide, false), clone, PROMISE);

        for (var block : guide.blocks()) {
            if (block.attribute("expect").isPresent()) {
                assertThat(printed).contains(block.text().lines().toList());
            }
        }
        assertThat(printed).contains("of them signed");
    }

    private boolean installs(String name) throws Exception {
        if (!ContainerMachine.onPath("python3")) {
            return false;
        }
        var place = directory.resolve("trial");
        return succeeds("python3", "-m", "venv", place.toString())
                && succeeds(place.resolve("bin/pip").toString(), "install", "--quiet", name);
    }

    private static boolean succeeds(String... command) throws Exception {
        var process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        boolean ended = process.waitFor(PROMISE.toSeconds() / 3, TimeUnit.SECONDS);
        process.destroyForcibly();
        return ended && process.exitValue() == 0;
    }
}
