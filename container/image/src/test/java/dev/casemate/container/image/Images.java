package dev.casemate.container.image;

import dev.casemate.manifest.AgentManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The images that the tests look at, each built once: linking a runtime takes seconds.
final class Images {

    static final AgentManifest MANIFEST = TestAgents.manifest("test-agent");

    private static final Path DIRECTORY = Path.of("target", "image-tests").toAbsolutePath();
    private static final List<String> PROGRESS = Collections.synchronizedList(new ArrayList<>());

    private static final Map<String, BuiltImage> BUILT = new HashMap<>();

    /// Not a lock of its own for each: the machine has few processors.
    private static final Object LOCK = new Object();

    private Images() {}

    static {
        FileTree.delete(DIRECTORY);
    }

    /// A directory of one test, empty at first.
    static Path directory(String name) throws IOException {
        return Files.createDirectories(DIRECTORY.resolve(name));
    }

    /// [AttackProgram] and [FeatureProgram] as an agent, built from nothing in this directory.
    static BuiltImage agent(String work) throws IOException {
        synchronized (LOCK) {
            var built = BUILT.get(work);
            return built != null ? built : agentAgain(work);
        }
    }

    /// The same, built once more with what earlier builds left.
    static BuiltImage agentAgain(String work) throws IOException {
        synchronized (LOCK) {
            var directory = directory(work);
            var image =
                    AgentImage.build(
                            request(agentJar(directory)),
                            directory.resolve("agent.tar"),
                            directory.resolve("work"),
                            PROGRESS::add);
            BUILT.put(work, image);
            return image;
        }
    }

    static BuiltImage unsealed() throws IOException {
        synchronized (LOCK) {
            var directory = directory("first");
            return AgentImage.buildUnsealed(
                    request(agentJar(directory)),
                    directory.resolve("unsealed.tar"),
                    directory.resolve("work"),
                    PROGRESS::add);
        }
    }

    /// The runtime of the images built by [#agent] or [#unsealed] in the directory `first`.
    static Path runtime(boolean sealed) throws IOException {
        synchronized (LOCK) {
            var jars = AgentJars.read(List.of(agentJar(directory("first"))));
            var modules = RuntimeModules.forPackages(jars.packages());
            return new RuntimeLinker(directory("first").resolve("work/runtimes"), PROGRESS::add)
                    .link(modules.included(), modules.named(jars.named()), sealed);
        }
    }

    static Path agentJar(Path directory) throws IOException {
        return TestAgents.agentJar(
                directory.resolve("agent.jar"),
                MANIFEST,
                AttackProgram.class,
                FeatureProgram.class);
    }

    static ImageRequest request(Path... jars) {
        return new ImageRequest(
                "localhost/casemate-test-" + ProcessHandle.current().pid() + ":1",
                List.of(jars),
                FeatureProgram.class.getName(),
                MANIFEST,
                "0123abc");
    }

    /// What the builds said so far.
    static List<String> progress() {
        return List.copyOf(PROGRESS);
    }
}
