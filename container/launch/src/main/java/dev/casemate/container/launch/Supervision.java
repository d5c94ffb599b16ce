package dev.casemate.container.launch;

import dev.casemate.container.launch.LaunchException.Code;
import java.nio.file.Path;
import java.util.Optional;

/// How a launch is looked after: whether its ledger hears of it, and how often it is started again.
///
/// @param credential file with the launcher's own credential at the proxy, which never enters a
///   container; with it, nothing starts whose start the proxy has not taken. Empty in drills and
///   tests, whose containers are on nobody's record
/// @param restarts how often, at most, an agent that ended badly is started again; see
///   docs/decisions/36
public record Supervision(Optional<Path> credential, int restarts) {

    /// The most that can be asked for: what comes back more often wants a person.
    public static final int MAX_RESTARTS = 10;

    /// Not recorded, not restarted.
    public static final Supervision NONE = new Supervision(Optional.empty(), 0);

    public Supervision {
        if (restarts < 0 || restarts > MAX_RESTARTS) {
            throw new LaunchException(
                    Code.INVALID_REQUEST, "expected 0 to %d restarts".formatted(MAX_RESTARTS));
        }
    }

    /// @throws LaunchException if this work cannot be started again as often
    void require(Work work) {
        if (restarts > 0 && work instanceof Work.Lines) {
            throw new LaunchException(
                    Code.INVALID_REQUEST,
                    "expected no restarts with tasks as lines: lines that were read cannot be given"
                            + " again; start it again with those that have no result");
        }
    }
}
