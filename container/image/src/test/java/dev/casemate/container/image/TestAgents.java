package dev.casemate.container.image;

import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.CanonicalJson;
import dev.casemate.manifest.Limits;
import dev.casemate.manifest.Prompt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/// Manifests and jars for tests.
final class TestAgents {

    private TestAgents() {}

    static AgentManifest manifest(String name) {
        return new AgentManifest(
                name,
                "1.2.3",
                "tests",
                "Answers nothing",
                new Prompt("You are a test.", "Nothing.", List.of("Refuse everything.")),
                List.of("model"),
                List.of(),
                List.of(),
                new Limits(
                        1,
                        1,
                        1000,
                        Duration.ofMinutes(1),
                        1,
                        1000,
                        256 << 20,
                        1 << 20,
                        100,
                        1 << 20),
                Set.of(),
                Optional.empty());
    }

    /// A jar with the compiled manifest and these classes of the test's class path.
    static Path agentJar(Path jar, AgentManifest manifest, Class<?>... classes) throws IOException {
        return jar(
                jar,
                Map.of(AgentManifest.RESOURCE, CanonicalJson.bytes(manifest.toJson())),
                classes);
    }

    /// A jar with these files, these classes and what is nested in them; the same bytes each time.
    static Path jar(Path jar, Map<String, byte[]> files, Class<?>... classes) throws IOException {
        var entries = new TreeMap<>(files);
        for (var type : classes) {
            addClass(type, entries);
        }
        try (var out = new JarOutputStream(Files.newOutputStream(jar))) {
            for (var file : entries.entrySet()) {
                var entry = new JarEntry(file.getKey());
                entry.setTime(0);
                out.putNextEntry(entry);
                out.write(file.getValue());
            }
        }
        return jar;
    }

    private static void addClass(Class<?> type, Map<String, byte[]> entries) throws IOException {
        var name = type.getName().replace('.', '/') + ".class";
        try (var in = TestAgents.class.getClassLoader().getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("expected on the class path: " + name);
            }
            entries.put(name, in.readAllBytes());
        }
        for (var nested : type.getDeclaredClasses()) {
            addClass(nested, entries);
        }
    }
}
