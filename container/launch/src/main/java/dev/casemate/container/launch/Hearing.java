package dev.casemate.container.launch;

import dev.casemate.manifest.Correlation;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.JsonReader;
import dev.casemate.manifest.ManifestException;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/// Listens to what an agent tells on its standard output: which run is in hand, and how the last
/// one ended. Its own account, and taken as that: a run that it names must be the launch's or one
/// of its worker's.
final class Hearing {

    /// A longer line tells of no run.
    private static final int MAX_EVENT_CHARS = 256 << 10;

    private static final Pattern EVENT =
            Pattern.compile(
                    "\\{\"event\":\"(run_started|run_ended|tool_call|text|span|worker_started"
                            + "|task_result|task_returned|line_refused|task_refused"
                            + "|result_not_taken)\"[,}]");
    private static final Pattern END_WORD = Pattern.compile("[a-z_]{1,32}");

    private final Correlation launch;
    private Optional<Correlation> run = Optional.empty();
    private Optional<String> toldEnd = Optional.empty();

    Hearing(Correlation launch) {
        this.launch = launch;
    }

    /// Whether a line is one of the agent's events, which it posts to the proxy itself.
    static boolean isEvent(String line) {
        return EVENT.matcher(line).lookingAt();
    }

    void heard(String line) {
        if (RunClock.tellsStart(line)) {
            event(line).ifPresent(this::begun);
        } else if (RunClock.tellsEnd(line)) {
            event(line).ifPresent(this::ended);
        }
    }

    private static Optional<Json.Obj> event(String line) {
        if (line.length() > MAX_EVENT_CHARS) {
            return Optional.empty();
        }
        try {
            return JsonReader.read(line) instanceof Json.Obj event
                    ? Optional.of(event)
                    : Optional.empty();
        } catch (ManifestException notAnEvent) {
            return Optional.empty();
        }
    }

    private synchronized void begun(Json.Obj event) {
        var name = event.text("run").orElse("");
        toldEnd = Optional.empty();
        run =
                Correlation.isId(name) && name.startsWith(launch.run() + ":")
                        ? Optional.of(
                                new Correlation(
                                        name,
                                        id(event, "workflow", launch.workflow()),
                                        id(event, "transaction", launch.transaction())))
                        : Optional.empty();
    }

    private static String id(Json.Obj event, String member, String otherwise) {
        return event.text(member).filter(Correlation::isId).orElse(otherwise);
    }

    private synchronized void ended(Json.Obj event) {
        run = Optional.empty();
        toldEnd = event.text("end").filter(end -> END_WORD.matcher(end).matches());
    }

    /// The run in hand of a worker; empty between two, and where the launch is the run.
    synchronized Optional<Correlation> runInHand() {
        return run;
    }

    /// What the agent called the end of the last run, if none has begun since.
    synchronized Optional<String> toldEnd() {
        return toldEnd;
    }

    /// Whose the lines are that come now.
    synchronized Correlation current() {
        return run.orElse(launch);
    }

    /// Hands a line on after having listened to it.
    Consumer<String> before(Consumer<String> next) {
        return line -> {
            heard(line);
            next.accept(line);
        };
    }
}
