package dev.casemate.agent.sdk;

import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.Correlation;
import java.util.List;
import java.util.Optional;

/// What happened in one run.
///
/// @param manifest that the run was held to
/// @param calls every call that the model asked for, in order, executed or not
/// @param steps answers asked of the model
/// @param tokens as reported by the model, or counted from above where it did not report
/// @param conversation all messages; every call has its answer in it, the last ones included
/// @param eventsLost how many events the listener failed on
public record RunReport(
        AgentManifest manifest,
        Correlation correlation,
        RunEnd end,
        List<Call> calls,
        int steps,
        TokenCount tokens,
        List<ChatMessage> conversation,
        int eventsLost) {

    /// One call and what became of it.
    ///
    /// @param approval what was decided, and by whom; empty where nobody was asked
    public record Call(ToolCall call, ToolOutcome outcome, Optional<Approver.Decision> approval) {

        /// The tool as the model named it.
        public String tool() {
            return call.name();
        }
    }

    public RunReport {
        calls = List.copyOf(calls);
        conversation = List.copyOf(conversation);
    }

    /// The final answer; empty if the run ended in another way.
    public Optional<String> answer() {
        return end instanceof RunEnd.Answered(var text) ? Optional.of(text) : Optional.empty();
    }
}
