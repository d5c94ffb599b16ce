package dev.casemate.container.launch;

import dev.casemate.container.launch.LaunchException.Code;
import dev.casemate.manifest.Digest;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.JsonReader;
import dev.casemate.manifest.ManifestException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/// Docker, with its engine on this machine and as root.
///
/// It puts a container into no namespace that it has not made itself. So a container that only
/// waits makes it, the network is set up in it from outside, and the agent joins it afterwards.
///
/// @param file of the program, because the agent's command line is started without a path
/// @param host where the engine listens: `unix://` and a path
record Docker(String file, String host) implements Engine {

    static final String PROGRAM = "docker";
    static final String HOST = "unix:///var/run/docker.sock";

    /// What is asked of a container's state: the number of its process, and its id.
    private static final String PROCESS = "{{.State.Pid}} {{.Id}}";

    private static final Duration START = Duration.ofMinutes(2);
    private static final Pattern PROCESS_FORM = Pattern.compile("([1-9][0-9]*) ([0-9a-f]{64})");
    private static final Pattern VERSION = Pattern.compile("([0-9]{1,4})\\.([0-9]{1,4})\\..*");

    @Override
    public String note() {
        return PROGRAM + " " + host + " " + file;
    }

    @Override
    public String program() {
        return PROGRAM;
    }

    @Override
    public List<String> command(String... words) {
        var command = new ArrayList<>(List.of(file));
        command.addAll(options());
        command.addAll(List.of(words));
        return List.copyOf(command);
    }

    /// Nobody's settings are read: a proxy that they name would come into the agent's environment.
    List<String> options() {
        return List.of("--config=/nonexistent", "--host=" + host);
    }

    @Override
    public void require(Commands commands) {
        if (!host.matches("unix:///\\S+")) {
            throw unsupported(
                    "Docker's engine on this machine; set DOCKER_HOST to its socket, unix:// and a path");
        }
        requireFit(info(commands));
    }

    private static void requireFit(Json.Obj info) {
        requireVersion(info.text("ServerVersion").orElse(""));
        var options = texts(info, "SecurityOptions");
        if (options.contains("name=rootless")) {
            throw unsupported(
                    "an engine of Docker that runs as root; without root agents are contained with podman, which can stand beside it");
        }
        if (options.contains("name=userns")) {
            throw unsupported(
                    "an engine of Docker without userns-remap: secrets are files of the agent's user; install podman beside it");
        }
        if (info.get("DriverStatus").map(Json::toString).orElse("").contains("io.containerd.")) {
            throw unsupported(
                    "Docker's own image store, which names an image by its configuration; set \"features\": {\"containerd-snapshotter\": false} in /etc/docker/daemon.json, or install podman");
        }
        for (var bound : List.of("MemoryLimit", "SwapLimit", "CpuCfsQuota", "PidsLimit")) {
            if (!info.get(bound).equals(Optional.of(Json.of(true)))) {
                throw unsupported(
                        "Docker's %s to be true: it drops the limits that the kernel does not offer"
                                .formatted(bound));
            }
        }
    }

    private static void requireVersion(String version) {
        var found = VERSION.matcher(version);
        if (!found.matches()
                || Integer.parseInt(found.group(1)) * 1000 + Integer.parseInt(found.group(2))
                        < 20_010) {
            throw unsupported("an engine of Docker 20.10 or later");
        }
    }

    private Json.Obj info(Commands commands) {
        var said = commands.run(command("info", "--format", "{{json .}}"), "", HostMachine.QUICK);
        var line = said.output().lines().filter(text -> text.startsWith("{")).findFirst();
        try {
            if (said.succeeded()
                    && line.isPresent()
                    && JsonReader.read(line.get()) instanceof Json.Obj info) {
                return info;
            }
        } catch (ManifestException e) {
            throw new LaunchException(
                    Code.UNSUPPORTED_MACHINE, "expected Docker's account of itself", e);
        }
        throw unsupported("Docker's engine to answer; start it, or install podman");
    }

    private static List<String> texts(Json.Obj object, String name) {
        return object.get(name).orElse(new Json.Null()) instanceof Json.Arr(var items)
                ? items.stream()
                        .filter(Json.Str.class::isInstance)
                        .map(item -> ((Json.Str) item).value())
                        .toList()
                : List.of();
    }

    private static LaunchException unsupported(String expected) {
        return new LaunchException(Code.UNSUPPORTED_MACHINE, "expected " + expected);
    }

    @Override
    public Path store(Commands commands) {
        return Path.of(
                commands.require(
                        Code.UNSUPPORTED_MACHINE,
                        command("info", "--format", "{{.DockerRootDir}}"),
                        "",
                        HostMachine.QUICK));
    }

    /// What an image brings along, Docker adds to the agent's world. Ours bring nothing, and no
    /// other is taken.
    @Override
    public boolean holds(Commands commands, Digest image) {
        var found =
                commands.run(
                        command(
                                "image",
                                "inspect",
                                "--format",
                                "{{.Id}} {{len .Config.Env}} {{len .Config.Volumes}}",
                                image.value()),
                        "",
                        HostMachine.QUICK);
        return found.succeeded() && found.output().strip().equals(image.value() + " 0 0");
    }

    @Override
    public void load(Commands commands, Path archive, OciArchive contents) {
        DockerLoad.run(command("load", "--quiet"), archive, contents);
    }

    @Override
    public boolean entersNamespaces() {
        return false;
    }

    @Override
    public void makeNamespace(Commands commands, LaunchPlan plan, LaunchFiles files) {
        var id = plan.id();
        try {
            write(files.waiting(), WaitingProgram.file(), "r-xr-xr-x");
            write(files.empty(), new byte[0], "r--r--r--");
            startHolder(commands, plan.holder().orElseThrow());
            var process = holderProcess(commands, id);
            for (var step :
                    List.of(
                            List.of("ip", "netns", "attach", id.namespace(), process),
                            // Docker gives it a loopback interface; the agent has none.
                            List.of("ip", "-n", id.namespace(), "link", "set", "lo", "down"))) {
                commands.require(Code.NETWORK_SETUP, step, "", HostMachine.QUICK);
            }
        } catch (IOException e) {
            throw new LaunchException(
                    Code.FILES, "expected to write the launch's files under " + files.base(), e);
        }
    }

    private static void startHolder(Commands commands, List<String> command) {
        var said = commands.run(command, "", START);
        if (!said.succeeded()) {
            var why = said.output().lines().filter(line -> line.contains("rror")).findFirst();
            throw new LaunchException(
                    Code.NETWORK_SETUP,
                    "expected the container that holds the network to start; Docker ended with %d: %s"
                            .formatted(said.exit(), why.orElse("it said nothing")));
        }
    }

    private static void write(Path file, byte[] content, String permissions) throws IOException {
        Files.write(file, content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    /// Of an engine on another machine, in another sense of numbers, the process is not here, or is
    /// another one.
    private String holderProcess(Commands commands, LaunchId id) throws IOException {
        var said =
                commands.require(
                        Code.NETWORK_SETUP,
                        command("inspect", "--type=container", "--format", PROCESS, id.holder()),
                        "",
                        HostMachine.QUICK);
        var found = PROCESS_FORM.matcher(said);
        var groups =
                found.matches() ? Path.of("/proc", found.group(1), "cgroup") : Path.of("/nowhere");
        if (!Files.exists(groups) || !Files.readString(groups).contains(found.group(2))) {
            throw new LaunchException(
                    Code.NETWORK_SETUP,
                    "expected the container that holds the network to run on this machine");
        }
        return found.group(1);
    }

    @Override
    public Optional<List<String>> holder(
            LaunchRequest request, Digest image, LaunchId id, LaunchFiles files) {
        return Optional.of(DockerArguments.holder(this, request.without(), image, id, files));
    }

    @Override
    public List<String> agent(
            LaunchRequest request, Digest image, LaunchId id, HostFacts host, LaunchFiles files) {
        if (request.without().contains(Control.CAPABILITIES)) {
            throw new LaunchException(
                    Code.INVALID_REQUEST,
                    "expected podman where the capabilities' control is off: Docker gives none to a user who is not root, so that a drill would show nothing");
        }
        return DockerArguments.agent(this, request, image, id, host, files);
    }

    @Override
    public OptionalLong process(Commands commands, LaunchFiles files) {
        var said =
                commands.run(
                        command(
                                "inspect",
                                "--type=container",
                                "--format",
                                PROCESS,
                                files.id().container()),
                        "",
                        HostMachine.QUICK);
        var found = PROCESS_FORM.matcher(said.output().strip());
        return said.succeeded() && found.matches()
                ? OptionalLong.of(Long.parseLong(found.group(1)))
                : OptionalLong.empty();
    }

    /// The agent first: nothing that holds it goes before it does.
    @Override
    public List<List<String>> removal(LaunchId id) {
        return List.of(
                command("rm", "--force", "--volumes", id.container()),
                command("rm", "--force", "--volumes", id.holder()));
    }
}
