package dev.casemate.agent.sdk;

import dev.casemate.manifest.AgentManifest;
import java.io.IOException;
import java.io.UncheckedIOException;

/// The process of a test's agent, for signals that would end the test's own.
final class EndedAgent {

    private EndedAgent() {}

    public static void main(String[] arguments) throws IOException {
        AgentManifest manifest;
        try (var in = ClassLoader.getSystemResourceAsStream(AgentManifest.RESOURCE)) {
            manifest = AgentManifest.read(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        AgentProcess.main(
                arguments, _ -> new TestTools(manifest, _ -> new ToolOutcome.Answered("one")));
    }
}
