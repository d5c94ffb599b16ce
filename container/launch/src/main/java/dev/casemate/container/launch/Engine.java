package dev.casemate.container.launch;

import dev.casemate.container.launch.LaunchException.Code;
import dev.casemate.manifest.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/// The program that makes containers: podman, or Docker where podman is not. It holds only what
/// differs between the two; what a launch is stands in [LaunchPlan].
sealed interface Engine permits Podman, Docker {

    /// The engine of this machine for this process's user.
    static Engine here() {
        return of(
                MissingProgram::find,
                Rootless.isRoot(),
                Optional.ofNullable(System.getenv("DOCKER_HOST")));
    }

    /// @param find leads from a program's name to its file
    /// @param host where Docker's engine listens, if it is said
    static Engine of(Function<String, Optional<Path>> find, boolean root, Optional<String> host) {
        var docker = find.apply(Docker.PROGRAM);
        return root && docker.isPresent() && find.apply(Podman.PROGRAM).isEmpty()
                ? new Docker(docker.get().toString(), host.orElse(Docker.HOST))
                : new Podman();
    }

    /// The engine that a launch was noted with; this machine's where none was, because then it had
    /// started nothing.
    static Engine of(LaunchFiles files) {
        try {
            return parse(Files.readString(files.engine()));
        } catch (NoSuchFileException unnoted) {
            return here();
        } catch (IOException e) {
            throw new LaunchException(Code.FILES, "expected to read " + files.engine(), e);
        }
    }

    private static Engine parse(String note) {
        var words = note.strip().split(" ", 3);
        if (words.length == 3 && words[0].equals(Docker.PROGRAM)) {
            return new Docker(words[2], words[1]);
        } else if (words.length == 1 && words[0].equals(Podman.PROGRAM)) {
            return new Podman();
        }
        throw new LaunchException(Code.FILES, "expected the note of a launch's engine");
    }

    /// Notes the engine with a launch, so that whoever cleans up after it asks the right one.
    default void note(LaunchFiles files) {
        try {
            Files.writeString(files.engine(), note());
        } catch (IOException e) {
            throw new LaunchException(Code.FILES, "expected to write " + files.engine(), e);
        }
    }

    /// Itself in one line.
    String note();

    /// What its program is called.
    String program();

    /// A command line of this engine.
    List<String> command(String... words);

    /// @throws LaunchException if this engine cannot contain an agent
    void require(Commands commands);

    /// The directory that it keeps images in.
    Path store(Commands commands);

    /// Whether its store has an image with this id.
    boolean holds(Commands commands, Digest image);

    /// Reads an archive into its store.
    void load(Commands commands, Path archive, OciArchive contents);

    /// Whether a container can be put into a network namespace that it finds ready.
    boolean entersNamespaces();

    /// Makes the network namespace of a launch, where the engine cannot enter one.
    void makeNamespace(Commands commands, LaunchPlan plan, LaunchFiles files);

    /// The command line that makes a namespace, if the engine needs one.
    Optional<List<String>> holder(
            LaunchRequest request, Digest image, LaunchId id, LaunchFiles files);

    /// The command line of the agent.
    List<String> agent(
            LaunchRequest request, Digest image, LaunchId id, HostFacts host, LaunchFiles files);

    /// The number of the agent's process once there is one.
    OptionalLong process(Commands commands, LaunchFiles files);

    /// The command lines that take away whatever a launch has of this engine's, in order. Each
    /// succeeds where there is nothing.
    List<List<String>> removal(LaunchId id);
}
