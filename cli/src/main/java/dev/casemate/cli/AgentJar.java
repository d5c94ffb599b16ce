package dev.casemate.cli;

import dev.casemate.agent.analyzer.AgentApplication;
import dev.casemate.manifest.AgentManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarFile;

/// Where an agent's manifest is read from; no code is.
final class AgentJar {

    private AgentJar() {}

    /// @param agent the agent's own jar, or the directory of it and its libraries
    static AgentManifest manifest(Path agent) throws IOException {
        if (Files.isDirectory(agent)) {
            return AgentApplication.read(agent).manifest();
        }
        try (var jar = new JarFile(agent.toFile())) {
            var entry = jar.getEntry(AgentManifest.RESOURCE);
            if (entry == null) {
                throw new IOException("expected " + AgentManifest.RESOURCE + " in " + agent);
            }
            try (var in = jar.getInputStream(entry)) {
                return AgentManifest.read(in.readNBytes(AgentManifest.MAX_BYTES + 1));
            }
        }
    }
}
