package dev.casemate.agent.sdk;

import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.Json;
import java.util.Optional;

/// All that an agent can do, as the compiler wrote it: there is no way to add to it.
public interface ToolSet {

    /// The manifest that was compiled together with these tools.
    AgentManifest manifest();

    /// Validates the arguments as [#call] does, and runs nothing: a human who is asked to allow a
    /// call is shown only what could run.
    ///
    /// @return why a call would be refused; empty if it would run. What the constructor of a record
    ///   refuses is seen by [#call] alone
    Optional<ToolOutcome.Refused> check(String tool, Json arguments);

    /// Validates the arguments and, only if they hold, runs the tool.
    ///
    /// @param tool as the model named it; anything at all
    /// @param arguments as the model gave them; anything at all
    /// @param key names this call; a tool that writes hands it on
    /// @return never throws for what the model sent, nor for what the tool threw
    ToolOutcome call(String tool, Json arguments, IdempotencyKey key);
}
