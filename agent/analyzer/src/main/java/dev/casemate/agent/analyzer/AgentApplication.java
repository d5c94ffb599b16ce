package dev.casemate.agent.analyzer;

import dev.casemate.agent.analyzer.AnalyzerException.Code;
import dev.casemate.manifest.AgentManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
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
    /// @throws AnalyzerException with code `NO_AGENT`
    /// @throws dev.casemate.manifest.ManifestException if the jar's manifest is not valid
    public static AgentApplication read(Path directory) {
        var jars = jarsIn(directory);
        var agents = jars.stream().filter(jar -> manifestIn(jar).isPresent()).toList();
        if (agents.size() != 1) {
            throw new AnalyzerException(
                    Code.NO_AGENT,
                    "expected exactly one jar with "
                            + AgentManifest.RESOURCE
                            + " in "
                            + directory
                            + ", found "
                            + agents.size());
        }
        var agent = agents.getFirst();
        var main =
                JarAttributes.read(agent)
                        .main()
                        .orElseThrow(() ->
                                new AnalyzerException(
                                        Code.NO_AGENT,
                                        "expected a Main-Class in " + agent.getFileName()));
        return new AgentApplication(jars, main, manifestIn(agent).orElseThrow());
    }

    /// The jars of a directory, sorted by name.
    static List<Path> jarsIn(Path directory) {
        try (var files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
        } catch (IOException e) {
            throw new AnalyzerException(
                    Code.NO_AGENT, "expected a readable directory of jars: " + directory, e);
        }
    }

    static Optional<AgentManifest> manifestIn(Path file) {
        try (var jar = new JarFile(file.toFile())) {
            var entry = jar.getEntry(AgentManifest.RESOURCE);
            if (entry == null) {
                return Optional.empty();
            }
            try (var in = jar.getInputStream(entry)) {
                return Optional.of(AgentManifest.read(in.readNBytes(AgentManifest.MAX_BYTES + 1)));
            }
        } catch (IOException e) {
            throw new AnalyzerException(
                    Code.UNREADABLE_JAR, "expected a whole jar: " + file.getFileName(), e);
        }
    }
}
