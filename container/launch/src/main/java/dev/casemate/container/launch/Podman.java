package dev.casemate.container.launch;

import dev.casemate.container.launch.LaunchException.Code;
import dev.casemate.manifest.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/// podman, of root or of any other user.
record Podman() implements Engine {

    static final String PROGRAM = "podman";

    private static final Pattern VERSION = Pattern.compile("([0-9]+)\\.([0-9]+)");
    private static final Duration LOAD = Duration.ofMinutes(5);

    @Override
    public String note() {
        return PROGRAM;
    }

    @Override
    public String program() {
        return PROGRAM;
    }

    @Override
    public List<String> command(String... words) {
        var command = new ArrayList<>(List.of(PROGRAM));
        command.addAll(List.of(words));
        return List.copyOf(command);
    }

    @Override
    public void require(Commands commands) {
        var version =
                commands.require(
                        Code.UNSUPPORTED_MACHINE, command("--version"), "", HostMachine.QUICK);
        var found = VERSION.matcher(version);
        if (!found.find()
                || Integer.parseInt(found.group(1)) * 1000 + Integer.parseInt(found.group(2))
                        < 4003) {
            throw new LaunchException(
                    Code.UNSUPPORTED_MACHINE,
                    "expected podman 4.3 or later; install it from this system's packages or a newer release of it");
        }
    }

    @Override
    public Path store(Commands commands) {
        return Path.of(
                commands.require(
                        Code.UNSUPPORTED_MACHINE,
                        command("info", "--format", "{{.Store.GraphRoot}}"),
                        "",
                        HostMachine.QUICK));
    }

    @Override
    public boolean holds(Commands commands, Digest image) {
        var found =
                commands.run(
                        command("image", "inspect", "--format", "{{.Id}}", image.value()),
                        "",
                        HostMachine.QUICK);
        return found.succeeded() && ("sha256:" + found.output().strip()).equals(image.value());
    }

    /// `podman load` takes no archive that has the image's evidence in it as well; `pull` does.
    @Override
    public void load(Commands commands, Path archive, OciArchive contents) {
        if (archive.toString().indexOf(':') >= 0) {
            throw new LaunchException(
                    Code.INVALID_REQUEST, "expected the path of the archive without a colon");
        }
        var source = "oci-archive:" + archive.toAbsolutePath() + ":" + contents.name();
        commands.require(Code.COMMAND_FAILED, command("pull", "--quiet", source), "", LOAD);
    }

    @Override
    public boolean entersNamespaces() {
        return true;
    }

    @Override
    public void makeNamespace(Commands commands, LaunchPlan plan, LaunchFiles files) {
        // The first step of the network's plan makes it.
    }

    @Override
    public Optional<List<String>> holder(
            LaunchRequest request, Digest image, LaunchId id, LaunchFiles files) {
        return Optional.empty();
    }

    @Override
    public List<String> agent(
            LaunchRequest request, Digest image, LaunchId id, HostFacts host, LaunchFiles files) {
        return PodmanArguments.of(request, image, id, host, files);
    }

    @Override
    public OptionalLong process(Commands commands, LaunchFiles files) {
        try {
            return OptionalLong.of(Long.parseLong(Files.readString(files.process()).strip()));
        } catch (IOException | NumberFormatException notYet) {
            return OptionalLong.empty();
        }
    }

    @Override
    public List<List<String>> removal(LaunchId id) {
        return List.of(command("rm", "--force", "--ignore", "--time", "0", id.container()));
    }
}
