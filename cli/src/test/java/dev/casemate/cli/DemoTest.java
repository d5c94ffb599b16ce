package dev.casemate.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.casemate.governance.AgentApplication;
import dev.casemate.governance.Demonstration;
import dev.casemate.governance.Threat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The whole of Casemate on one machine, as `casemate demo` runs it.
class DemoTest {

    private static final Path ROOT = Path.of("..");

    @TempDir private Path directory;

    @BeforeEach
    void needs_a_machine_that_runs_containers() throws IOException {
        assumeTrue(
                "root".equals(System.getProperty("user.name")),
                "contained runs need root for network namespaces");
        for (var tool : new String[] {"podman", "runc", "nft", "ip"}) {
            assumeTrue(onPath(tool), "contained runs need " + tool);
        }
    }

    private static boolean onPath(String tool) {
        var path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Stream.of(path.split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, tool)));
    }

    @Test
    void the_task_is_done_and_every_threat_is_held_with_evidence() {
        var printed = new ByteArrayOutputStream();
        var demonstration =
                new Demonstration(
                        AgentApplication.read(ROOT.resolve("examples/market-analyst/target/app")),
                        ROOT.resolve("examples/market-analyst/rehearsal"),
                        directory.resolve("demo"),
                        ROOT.resolve("target/image-cache"),
                        Optional.empty(),
                        new PrintStream(printed, true, StandardCharsets.UTF_8));

        boolean held = demonstration.run();

        var text = printed.toString(StandardCharsets.UTF_8);
        assertThat(held).as(text).isTrue();
        assertThat(text).contains("checked   the warehouse itself says").doesNotContain("FAILED");
        for (var threat : Threat.values()) {
            assertThat(text).contains(threat.title());
        }
        assertThat(text).contains("Tokens and cost", "budget agent-daily", "sound");
    }
}
