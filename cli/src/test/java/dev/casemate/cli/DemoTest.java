package dev.casemate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.casemate.agent.analyzer.AgentApplication;
import dev.casemate.governance.Demonstration;
import dev.casemate.governance.Threat;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The whole of Casemate on one machine, as `casemate demo` runs it.
class DemoTest {

    private static final Path ROOT = Path.of("..");

    @TempDir private Path directory;

    @BeforeEach
    void needs_a_machine_that_runs_containers() {
        ContainerMachine.require();
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
