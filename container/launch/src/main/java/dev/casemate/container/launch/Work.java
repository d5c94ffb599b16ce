package dev.casemate.container.launch;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;

/// What a launched agent works on.
///
/// Whatever it is, each run has the manifest's deadline: an agent whose run goes on for longer than
/// that and a little is killed.
public sealed interface Work {

    /// The arguments of the agent's process.
    default List<String> arguments() {
        return switch (this) {
            case Once(var arguments) -> arguments;
            case Lines _ -> List.of("--worker", "stdin");
            case Queue _ -> List.of("--worker", "proxy");
            case Program(_, _, var arguments) -> arguments;
        };
    }

    /// Whether the process goes on from one run to the next.
    default boolean goesOn() {
        return switch (this) {
            case Once _, Program _ -> false;
            case Lines _, Queue _ -> true;
        };
    }

    /// One run, and the process ends with it.
    ///
    /// @param arguments of the agent's process: the task
    record Once(List<String> arguments) implements Work {
        public Once {
            arguments = List.copyOf(arguments);
        }
    }

    /// Tasks as JSON lines, in the form that docs/workers.md gives; at their end the agent ends.
    ///
    /// @param input handed to the agent's standard input piece by piece, as fast as it takes them;
    ///   not closed
    record Lines(InputStream input) implements Work {}

    /// Whatever the proxy's queue lends it, until a signal to this process.
    record Queue() implements Work {}

    /// Another program in the agent's place, in the same image and under the same controls: a
    /// probe.
    ///
    /// @param directory on the host, mounted at [#DIRECTORY] to be read and executed
    /// @param command what is started in place of the image's entry point
    /// @param arguments of that
    record Program(Path directory, List<String> command, List<String> arguments) implements Work {

        /// Where the program's files are, seen from inside.
        public static final String DIRECTORY = "/run/program";

        public Program {
            command = List.copyOf(command);
            arguments = List.copyOf(arguments);
        }
    }
}
