package dev.casemate.container.launch;

import dev.casemate.manifest.Deployment;
import dev.casemate.manifest.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// The command lines of `docker run`, made from the manifest alone.
final class DockerArguments {

    /// What Docker sets of its own accord. A name without a value is taken out of it, as long as
    /// the client's environment has none of that name either.
    private static final List<String> UNSET = List.of("PATH", "HOSTNAME");

    /// Docker writes the machine's name service into these. Empty ones stand over them, so that
    /// there is none to ask, and no name but those that the launch gives.
    private static final List<String> NAME_FILES =
            List.of("/etc/hosts", "/etc/resolv.conf", "/etc/hostname");

    private static final List<String> OPEN =
            List.of("net.ipv6.conf.all.disable_ipv6", "net.ipv6.conf.default.disable_ipv6");

    private static final String WAITING = "/waiting";
    private static final long HOLDER_BYTES = 32 << 20;

    private DockerArguments() {}

    /// The container that makes the namespace: its one process waits, and can start no other.
    static List<String> holder(
            Docker docker, Set<Control> without, Digest image, LaunchId id, LaunchFiles files) {
        var arguments = new ArrayList<>(docker.command("run", "--detach"));
        arguments.addAll(process(id.holder()));
        arguments.addAll(
                List.of(
                        "--network=none",
                        // The agent shares it.
                        "--hostname=agent",
                        "--read-only",
                        bind(files.waiting().toString(), WAITING) + ",readonly",
                        "--entrypoint=" + WAITING,
                        "--workdir=/",
                        "--cap-drop=all",
                        "--security-opt=no-new-privileges",
                        "--user=%1$d:%1$d".formatted(PodmanArguments.USER),
                        "--memory=" + HOLDER_BYTES,
                        "--memory-swap=" + HOLDER_BYTES,
                        "--pids-limit=1",
                        "--ulimit=core=0:0"));
        if (without.contains(Control.NETWORK)) {
            // Docker switches version 6 off; nothing is to be held back here.
            OPEN.forEach(name -> arguments.add("--sysctl=" + name + "=0"));
        }
        if (!without.contains(Control.SECCOMP)) {
            arguments.add("--security-opt=seccomp=" + files.seccomp());
        }
        arguments.addAll(names(files));
        arguments.add(image.value());
        return List.copyOf(arguments);
    }

    static List<String> agent(
            Docker docker,
            LaunchRequest request,
            Digest image,
            LaunchId id,
            HostFacts host,
            LaunchFiles files) {
        var without = request.without();
        var limits = request.manifest().limits();
        var arguments = new ArrayList<>(List.of("env"));
        UNSET.forEach(name -> arguments.add("--unset=" + name));
        arguments.addAll(docker.command("run", "--attach=stdout", "--attach=stderr"));
        UNSET.forEach(name -> arguments.add("--env=" + name));
        arguments.addAll(process(id.container()));
        arguments.add("--sig-proxy=true");
        if (request.work() instanceof Work.Lines) {
            arguments.addAll(List.of("--interactive", "--attach=stdin"));
        }
        arguments.addAll(world(id, files, without));
        arguments.add(PodmanArguments.tmp(limits, without));
        arguments.addAll(PodmanArguments.rights(files, without));
        arguments.addAll(PodmanArguments.bounds(limits, host, without));
        arguments.addAll(PodmanArguments.descriptors(without));
        arguments.addAll(program(request.work(), image));
        return List.copyOf(arguments);
    }

    /// What the engine's settings could say otherwise for every container, is said.
    private static List<String> process(String name) {
        return List.of(
                "--name=" + name,
                "--pull=never",
                "--restart=no",
                "--runtime=runc",
                "--init=false",
                "--log-driver=none",
                "--no-healthcheck",
                "--ipc=none",
                "--cgroupns=private",
                "--userns=host");
    }

    private static List<String> world(LaunchId id, LaunchFiles files, Set<Control> without) {
        var world =
                new ArrayList<>(
                        List.of(
                                "--network=container:" + id.holder(),
                                // As the host has it mounted: Docker has no words for noexec.
                                bind(files.mount().toString(), Deployment.DIRECTORY),
                                // In place of the message queues.
                                "--tmpfs=/dev/mqueue:ro,size=4096,mode=0,noexec,nosuid,nodev"));
        world.addAll(names(files));
        if (!without.contains(Control.READ_ONLY)) {
            world.add("--read-only");
        }
        return world;
    }

    private static List<String> names(LaunchFiles files) {
        return NAME_FILES.stream()
                .map(file -> bind(files.empty().toString(), file) + ",readonly")
                .toList();
    }

    private static String bind(String source, String target) {
        return "--mount=type=bind,source=%s,target=%s".formatted(source, target);
    }

    private static List<String> program(Work work, Digest image) {
        var words = new ArrayList<String>();
        if (work instanceof Work.Program(var directory, var command, _)) {
            words.add("--entrypoint=" + command.getFirst());
            words.add("--volume=%s:%s:ro".formatted(directory, Work.Program.DIRECTORY));
            words.add(image.value());
            words.addAll(command.subList(1, command.size()));
        } else {
            words.add(image.value());
        }
        words.addAll(work.arguments());
        return words;
    }
}
