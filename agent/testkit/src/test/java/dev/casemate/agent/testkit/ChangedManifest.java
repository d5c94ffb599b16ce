package dev.casemate.agent.testkit;

import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.Prompt;
import dev.casemate.manifest.ToolSpec;
import java.util.List;

/// The manifest of [Samples] with one thing changed.
final class ChangedManifest {

    private ChangedManifest() {}

    static AgentManifest withAnotherDescription() {
        var was = Samples.MANIFEST;
        var tools =
                was.tools().stream()
                        .map(tool ->
                                new ToolSpec(
                                        tool.name(),
                                        tool.description() + ".",
                                        tool.effect(),
                                        tool.destinations(),
                                        tool.handling(),
                                        tool.inputSchema()))
                        .toList();
        return with(was.prompt(), tools);
    }

    static AgentManifest withAnotherPersona() {
        var was = Samples.MANIFEST;
        return with(new Prompt("You guess.", "Prices.", List.of("All else.")), was.tools());
    }

    private static AgentManifest with(Prompt prompt, List<ToolSpec> tools) {
        var was = Samples.MANIFEST;
        return new AgentManifest(
                was.name(),
                was.version(),
                was.owner(),
                was.purpose(),
                prompt,
                was.models(),
                tools,
                was.destinations(),
                was.limits(),
                was.capabilities(),
                was.approval());
    }
}
