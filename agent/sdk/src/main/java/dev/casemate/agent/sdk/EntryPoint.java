package dev.casemate.agent.sdk;

import dev.casemate.agent.sdk.OpenAiChatClient.Answers;
import java.util.List;

/// Where an agent's process takes its tasks from. None of them listens.
sealed interface EntryPoint {

    /// One task, known from the start.
    ///
    /// @param answers whether the model's words are told while they come
    record OneTask(String task, Answers answers) implements EntryPoint {}

    /// JSON lines from standard input, until it ends.
    record Lines() implements EntryPoint {}

    /// The proxy's queue, asked again and again, until a signal.
    record Queue() implements EntryPoint {}

    /// One argument is a task, whatever it says; two name a worker, or ask for words as they come.
    ///
    /// @throws IllegalArgumentException saying what was expected
    static EntryPoint of(String... arguments) {
        if (List.of(arguments).equals(List.of("--worker", "stdin"))) {
            return new Lines();
        }
        if (List.of(arguments).equals(List.of("--worker", "proxy"))) {
            return new Queue();
        }
        boolean streamed = arguments.length == 2 && arguments[0].equals("--stream");
        if (arguments.length != (streamed ? 2 : 1) || !isTask(arguments[arguments.length - 1])) {
            throw new IllegalArgumentException(
                    "expected the task as one argument of at most "
                            + AgentProcess.MAX_TASK_CHARS
                            + " characters, with --stream before it or not, or --worker stdin, or"
                            + " --worker proxy");
        }
        return streamed
                ? new OneTask(arguments[1], Answers.STREAMED)
                : new OneTask(arguments[0], Answers.WHOLE);
    }

    private static boolean isTask(String text) {
        return !text.isBlank() && text.length() <= AgentProcess.MAX_TASK_CHARS;
    }

    /// How this entry point's runs get their answers.
    default Answers answers() {
        return Answers.WHOLE;
    }
}
