package dev.casemate.agent.sdk;

import java.util.List;

/// Where an agent's process takes its tasks from. None of them listens.
sealed interface EntryPoint {

    /// One task, known from the start.
    record OneTask(String task) implements EntryPoint {}

    /// JSON lines from standard input, until it ends.
    record Lines() implements EntryPoint {}

    /// The proxy's queue, asked again and again, until a signal.
    record Queue() implements EntryPoint {}

    /// One argument is a task, whatever it says; two name a worker.
    ///
    /// @throws IllegalArgumentException saying what was expected
    static EntryPoint of(String... arguments) {
        if (List.of(arguments).equals(List.of("--worker", "stdin"))) {
            return new Lines();
        }
        if (List.of(arguments).equals(List.of("--worker", "proxy"))) {
            return new Queue();
        }
        if (arguments.length != 1
                || arguments[0].isBlank()
                || arguments[0].length() > AgentProcess.MAX_TASK_CHARS) {
            throw new IllegalArgumentException(
                    "expected the task as one argument of at most "
                            + AgentProcess.MAX_TASK_CHARS
                            + " characters, or --worker stdin, or --worker proxy");
        }
        return new OneTask(arguments[0]);
    }
}
