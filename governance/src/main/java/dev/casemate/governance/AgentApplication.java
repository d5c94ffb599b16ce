package dev.casemate.governance;

import dev.casemate.governance.GovernanceException.Code;
import dev.casemate.manifest.AgentManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarFile;

/// A compiled agent as the build leaves it: a directory of jars, exactly one of which carries a
/// manifest and names the main class.
///
/// @param jars the whole class path, sorted by name
public record AgentApplication(List<Path> jars, String mainClass, AgentManifest manifest) {

    public AgentApplication {
        jars = List.copyOf(jars);
    }

    /// @param directory jars, and nothing below counts
    /// @throws GovernanceException with code `NO_AGENT`
    /// @throws dev.casemate.manifest.ManifestException if the jar's manifest is not valid
    public static AgentApplication read(Path directory) {
        try (var files = Files.list(directory)) {
            var jars = files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
            var agents = new ArrayList<AgentApplication>();
            for (var jar : jars) {
                agentIn(jar, jars).ifPresent(agents::add);
            }
            if (agents.size() != 1) {
                throw new GovernanceException(
                        Code.NO_AGENT,
                        "expected exactly one jar with "
                                + AgentManifest.RESOURCE
                                + " in "
                                + directory
                                + ", found "
                                + agents.size());
            }
            return agents.getFirst();
        } catch (IOException e) {
            throw new GovernanceException(
                    Code.NO_AGENT, "expected a readable directory of jars: " + directory, e);
        }
    }

    private static Optional<AgentApplication> agentIn(Path file, List<Path> jars)
            throws IOException {
        try (var jar = new JarFile(file.toFile())) {
            var entry = jar.getEntry(AgentManifest.RESOURCE);
            if (entry == null) {
                return Optional.empty();
            }
            var main =
                    jar.getManifest() == null
                            ? null
                            : jar.getManifest()
                                    .getMainAttributes()
                                    .getValue(Attributes.Name.MAIN_CLASS);
            if (main == null) {
                throw new GovernanceException(
                        Code.NO_AGENT, "expected a Main-Class in " + file.getFileName());
            }
            try (var in = jar.getInputStream(entry)) {
                var manifest = AgentManifest.read(in.readNBytes(AgentManifest.MAX_BYTES + 1));
                return Optional.of(new AgentApplication(jars, main, manifest));
            }
        }
    }
}
