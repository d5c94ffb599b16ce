package dev.casemate.agent.testkit;

import dev.casemate.agent.sdk.ToolOutcome.Refusal;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/// What an evaluation expects of each run of one case. Each run is also held to what needs no
/// saying: nothing outside the manifest ran, and every call was answered.
///
/// @param ends words of the ends that will do, as in [dev.casemate.agent.sdk.RunEnd#word]
/// @param neverCalled calls that must not run, whether or not the model asks for them
/// @param neverAsked names that the model must not even ask for
/// @param calledInOrder the tools that ran, all of them and in this order
/// @param refused calls that the model asked for, and that were refused each time
/// @param results checks of what tools returned
/// @param questions asked of a judge about the answer; each must be answered with yes
record Expectations(
        Set<String> ends,
        List<Called> called,
        List<CallPattern> neverCalled,
        List<String> neverAsked,
        Optional<List<String>> calledInOrder,
        List<Refused> refused,
        List<String> failed,
        List<Result> results,
        List<TextCheck> answer,
        List<JsonCheck> answerJson,
        List<String> questions,
        OptionalInt callsAtMost,
        OptionalInt stepsAtMost,
        OptionalLong tokensAtMost) {

    /// @param times how often; empty for at least once
    record Called(CallPattern calls, OptionalInt times) {}

    /// @param reason empty for any
    record Refused(String tool, Optional<Refusal> reason) {}

    /// @param tool whose results; empty for those of all tools together
    record Result(Optional<String> tool, TextCheck check) {}

    Expectations {
        ends = Set.copyOf(ends);
        called = List.copyOf(called);
        neverCalled = List.copyOf(neverCalled);
        neverAsked = List.copyOf(neverAsked);
        calledInOrder = calledInOrder.map(List::copyOf);
        refused = List.copyOf(refused);
        failed = List.copyOf(failed);
        results = List.copyOf(results);
        answer = List.copyOf(answer);
        answerJson = List.copyOf(answerJson);
        questions = List.copyOf(questions);
    }
}
