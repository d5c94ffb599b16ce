package dev.casemate.agent.sdk;

import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.Json;

/// All that an agent can do, as the compiler wrote it: there is no way to add to it.
public interface ToolSet {

    /// The manifest that was compiled together with these tools.
    AgentManifest manifest();

    /// Validates the arguments and, only if they hold, runs the tool.
    ///
    /// @param tool as the model named it; anything at all
    /// @param arguments as the model gave them; anything at all
    /// @param key names this call; a tool that writes hands it on
    /// @return never throws for what the model sent, nor for what the tool threw
    ToolOutcome call(String tool, Json arguments, IdempotencyKey key);
}
