package dev.casemate.container.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.casemate.container.launch.LaunchException.Code;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ProcessCommandsTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    private final ProcessCommands commands = new ProcessCommands();

    @Test
    void theOutputAndTheExitCodeComeBack() {
        assertThat(commands.run(List.of("cat"), "hello", LONG))
                .isEqualTo(new Commands.Outcome(0, "hello"));
        assertThat(commands.run(List.of("false"), "", LONG).succeeded()).isFalse();
    }

    @Test
    void anArgumentIsNeverReadByAShell() {
        assertThat(commands.run(List.of("echo", "$(id); `id` && id"), "", LONG).output())
                .isEqualTo("$(id); `id` && id\n");
    }

    @Test
    void aProgramThatDoesNotEndIsEnded() {
        refused(
                Code.COMMAND_FAILED,
                () -> commands.run(List.of("sleep", "60"), "", Duration.ofMillis(50)));
    }

    @Test
    void aMissingProgramIsNamedWithTheCommandThatBringsIt() {
        assertThatThrownBy(() -> commands.run(List.of("casemate-no-such-program"), "", LONG))
                .hasMessageContaining("casemate-no-such-program")
                .hasMessageContaining("install");
    }

    @Test
    void outputBeyondTheLimitIsReadAndDropped() {
        var outcome = commands.run(List.of("head", "-c", "3000000", "/dev/zero"), "", LONG);
        assertThat(outcome.succeeded()).isTrue();
        assertThat(outcome.output()).hasSize(ProcessCommands.MAX_OUTPUT_BYTES);
    }

    @Test
    void aFailureNamesTheProgramAndNotItsLaterArguments() {
        Commands failing = (arguments, input, limit) -> new Commands.Outcome(1, "one\nand why\n");
        assertThatThrownBy(() ->
                        failing.require(
                                Code.NETWORK_SETUP,
                                List.of("podman", "run", "image", "the secret task"),
                                "",
                                LONG))
                .hasMessageContaining("podman run image to succeed, it ended with 1: and why")
                .hasMessageNotContaining("secret");
    }

    private static void refused(Code code, Runnable action) {
        assertThatThrownBy(action::run)
                .isInstanceOfSatisfying(
                        LaunchException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
