package dev.casemate.agent.testkit;

import dev.casemate.agent.sdk.RunReport;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// One run of a case.
///
/// @param failures what did not hold; empty if the run passed
/// @param notes what was left out, for example a judge that a script has no use for
/// @param report empty where the run itself could not be made
record RunResult(
        List<String> failures, List<String> notes, Optional<RunReport> report, Duration took) {

    RunResult {
        failures = List.copyOf(failures);
        notes = List.copyOf(notes);
    }

    boolean passed() {
        return failures.isEmpty();
    }
}
