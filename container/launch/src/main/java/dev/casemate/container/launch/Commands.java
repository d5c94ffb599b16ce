package dev.casemate.container.launch;

import dev.casemate.container.launch.LaunchException.Code;
import java.time.Duration;
import java.util.List;

/// The power to run external programs: argument lists only, never a shell.
interface Commands {

    /// What a program left when it ended.
    ///
    /// @param output standard output and standard error together, up to a limit
    record Outcome(int exit, String output) {

        boolean succeeded() {
            return exit == 0;
        }
    }

    /// Runs a program to its end.
    ///
    /// @param input what it reads from standard input; may be empty
    /// @throws LaunchException if it cannot be started, or has not ended in time
    Outcome run(List<String> arguments, String input, Duration limit);

    /// Runs a program that must succeed.
    ///
    /// @throws LaunchException with this code if it does not
    default String require(Code code, List<String> arguments, String input, Duration limit) {
        var outcome = run(arguments, input, limit);
        if (!outcome.succeeded()) {
            throw new LaunchException(
                    code,
                    "expected %s to succeed, it ended with %d: %s"
                            .formatted(
                                    shown(arguments), outcome.exit(), lastLine(outcome.output())));
        }
        return outcome.output().strip();
    }

    /// The program and its sub-command, for messages: later arguments may be a task's text.
    static String shown(List<String> arguments) {
        return String.join(" ", arguments.subList(0, Math.min(3, arguments.size())));
    }

    private static String lastLine(String output) {
        var lines = output.strip().lines().toList();
        return lines.isEmpty() ? "it said nothing" : lines.getLast();
    }
}
