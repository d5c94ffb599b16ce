package dev.casemate.agent.testkit;

import java.time.Duration;
import java.util.List;

/// All runs of a case.
///
/// @param runs empty where the case was skipped: it has no script, and there is no model
record CaseResult(EvaluationCase of, List<RunResult> runs) {

    CaseResult {
        runs = List.copyOf(runs);
    }

    PassRate rate() {
        return new PassRate((int) runs.stream().filter(RunResult::passed).count(), runs.size());
    }

    boolean skipped() {
        return runs.isEmpty();
    }

    Duration took() {
        return runs.stream().map(RunResult::took).reduce(Duration.ZERO, Duration::plus);
    }
}
