package dev.casemate.agent.processor;

import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.ToolSpec;
import java.util.List;
import java.util.OptionalInt;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;

/// An agent that compiles.
///
/// @param tools in the order of the manifest's
record AgentModel(TypeElement type, AgentManifest manifest, List<ToolModel> tools) {

    /// @param spec what the manifest says of it
    /// @param keyAt which parameter is the [dev.casemate.agent.sdk.IdempotencyKey], if one is
    record ToolModel(
            ExecutableElement method,
            ToolSpec spec,
            List<Argument> arguments,
            OptionalInt keyAt,
            Result result) {}
}
