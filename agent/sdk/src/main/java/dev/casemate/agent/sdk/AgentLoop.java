package dev.casemate.agent.sdk;

import dev.casemate.manifest.Correlation;
import java.time.InstantSource;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Lets a model work on a task with the tools of one manifest, within the limits of that manifest.
///
/// Nothing runs but the tools that were compiled in, with arguments that hold; every call that the
/// model asks for is answered to it and recorded, whatever became of it.
///
/// @param model whom to ask, and by which of the manifest's names: `modelName`
/// @param clock wall clock, for the deadline; asked from several threads
/// @param random must be unguessable outside tests: it draws the word that frames tool results.
///   Used on the run's thread alone
/// @param approver asked before each call of a tool that requires it
public record AgentLoop(
        ToolSet tools,
        ChatModel model,
        String modelName,
        Correlation correlation,
        InstantSource clock,
        RandomGenerator random,
        Approver approver,
        RunListener listener) {

    public AgentLoop {
        if (!tools.manifest().models().contains(modelName)) {
            throw new IllegalArgumentException("expected one of the manifest's models");
        }
    }

    /// Runs one task to its end, on the calling thread. Interrupting that thread cancels the run.
    /// Calls that only read run on threads of their own, several at a time.
    ///
    /// @param task what is asked of the agent; trusted, wherever it came from
    /// @return after the last event was told; the run's failures are in it, none is thrown
    public RunReport run(String task) {
        return new Run(this, task, Optional.empty()).toEnd();
    }

    /// The same, as part of a trace that somebody else has begun.
    public RunReport run(String task, TraceContext parent) {
        return new Run(this, task, Optional.of(parent)).toEnd();
    }
}
