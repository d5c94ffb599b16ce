package dev.casemate.container.launch;

import dev.casemate.container.launch.LaunchException.Code;
import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/// Starts an agent again when its end gives reason to, at most so many times.
///
/// Each attempt is a launch of its own, with every check and a network of its own. A launch that is
/// refused, whichever attempt it is, ends it all: a control that says no says so again.
final class Restarts {

    /// The wait before the first restart; doubled before each further one.
    static final Duration FIRST_WAIT = Duration.ofSeconds(1);

    static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

    /// The agent's exit codes that say that another try would end as this one did, or that it has
    /// done what it could: misconfigured, no answer, refused, cut short by a signal.
    private static final Set<Integer> FINAL_CODES = Set.of(64, 65, 69, 75);

    private final int allowed;
    private final Pause pause;
    private final Consumer<String> told;

    /// @param allowed how many times it is started again at most
    Restarts(int allowed, Pause pause, Consumer<String> told) {
        this.allowed = allowed;
        this.pause = pause;
        this.told = told;
    }

    /// @param attempt launches once, given the number of the attempt
    Exit run(IntFunction<Exit> attempt) {
        var wait = FIRST_WAIT;
        for (int number = 1; ; number++) {
            var exit = attempt.apply(number);
            if (!startsAgain(exit, number)) {
                return exit;
            }
            told.accept(
                    "casemate: attempt %d of %d ended: %s; the next one starts in %d s"
                            .formatted(number, allowed + 1, exit.reason(), wait.toSeconds()));
            try {
                pause.of(wait);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new LaunchException(Code.COMMAND_FAILED, "expected not to be interrupted", e);
            }
            wait = wait.multipliedBy(2);
            if (wait.compareTo(LONGEST_WAIT) > 0) {
                wait = LONGEST_WAIT;
            }
        }
    }

    /// Whether there is another attempt after this one.
    boolean startsAgain(Exit exit, int attempt) {
        return attempt <= allowed && exit.onRecord() && wantsAnother(exit);
    }

    private static boolean wantsAnother(Exit exit) {
        return switch (exit.reason()) {
            case FAILED -> !FINAL_CODES.contains(exit.code());
            case OUT_OF_MEMORY, PROCESSES, TEMPORARY_FILES, PROCESSOR, DISK, DEADLINE, KILLED ->
                    true;
            case COMPLETED, STOPPED, NOT_STARTED -> false;
        };
    }
}
