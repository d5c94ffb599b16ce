package dev.casemate.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Walks through docs/write-an-agent.md as a new user does: every block, in order, in one shell.
class WriteAnAgentTest {

    /// What the page promises.
    private static final Duration PROMISE = Duration.ofMinutes(15);

    @TempDir private Path directory;

    @Test
    void a_new_user_gets_from_nothing_to_an_agent_that_runs() throws Exception {
        assumeTrue(ContainerMachine.onPath("mvn"), "the guide needs mvn");
        var guide = Guide.of(GuideWalk.page("write-an-agent.md"));
        assertThat(guide.blocks()).filteredOn(Guide.Block::runs).hasSizeGreaterThan(6);
        boolean contained = ContainerMachine.runsContainers();
        var clone = Files.createDirectory(directory.resolve("clone"));
        GuideWalk.casemate(clone.resolve("casemate"));

        long begun = System.nanoTime();
        var printed = GuideWalk.run(GuideWalk.script(guide, contained), clone, PROMISE);
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
}
