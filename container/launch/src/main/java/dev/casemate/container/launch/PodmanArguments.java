package dev.casemate.container.launch;

import dev.casemate.manifest.Deployment;
import dev.casemate.manifest.Digest;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.Limits;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// The command line of `podman run`, made from the manifest alone. What Docker takes in the same
/// words, [DockerArguments] takes from here.
final class PodmanArguments {

    /// Nobody on the host has this number.
    static final int USER = 65_532;

    /// Descriptors; each connection is one, and the runtime and the jars some forty.
    static final int DESCRIPTORS = 1024;

    /// The kernel counts a user's processes over all containers, so this bounds all agents
    /// together; the container's own bound is the manifest's.
    static final int ALL_AGENTS_PROCESSES = 8192;

    // What an attack may take in a drill without limits: more than any manifest of a test grants,
    // less than would hurt the machine.
    static final String DRILL_TMP_BYTES = "1073741824";
    static final String DRILL_PIDS = "4096";
    static final int DRILL_DESCRIPTORS = 4096;

    private PodmanArguments() {}

    static List<String> of(
            LaunchRequest request, Digest image, LaunchId id, HostFacts host, LaunchFiles files) {
        var without = request.without();
        var arguments = new ArrayList<String>();
        var bounds = host.rootless().filter(rootless -> !rootless.controlGroups());
        if (!without.contains(Control.LIMITS)) {
            bounds.ifPresent(
                    rootless -> arguments.addAll(rootless.start(request.manifest().limits())));
        }
        arguments.addAll(List.of("podman", "--runtime", "runc", "run"));
        arguments.addAll(process(id, files));
        if (request.work() instanceof Work.Lines) {
            arguments.addAll(List.of("--interactive", "--attach=stdin"));
        }
        arguments.addAll(world(id, files, host, without));
        arguments.add(tmp(request.manifest().limits(), without) + ",notmpcopyup");
        // podman mounts message queues even where it mounts no shared memory.
        arguments.add("--security-opt=mask=/dev/mqueue");
        arguments.addAll(rights(files, without));
        arguments.addAll(bounds(request.manifest().limits(), host, without));
        arguments.addAll(descriptors(without));
        if (request.work() instanceof Work.Program(var directory, var command, _)) {
            arguments.add("--entrypoint=" + Json.strings(command).text());
            arguments.add(
                    "--volume=%s:%s:ro,exec,nosuid,nodev,private"
                            .formatted(directory, Work.Program.DIRECTORY));
        }
        arguments.add(image.value());
        arguments.addAll(request.work().arguments());
        return List.copyOf(arguments);
    }

    private static List<String> process(LaunchId id, LaunchFiles files) {
        return List.of(
                "--name=" + id.container(),
                "--pull=never",
                "--restart=no",
                "--pidfile=" + files.process(),
                "--log-driver=none",
                "--attach=stdout",
                "--attach=stderr",
                // A terminal signals the whole group, podman as well: what it gets, the agent gets.
                "--sig-proxy=true",
                "--systemd=false",
                "--sdnotify=ignore",
                "--no-healthcheck");
    }

    /// Name spaces, the file systems, and nothing of the host's in the environment.
    private static List<String> world(
            LaunchId id, LaunchFiles files, HostFacts host, Set<Control> without) {
        var readOnly = !without.contains(Control.READ_ONLY);
        var world =
                new ArrayList<>(
                        List.of(
                                "--network=ns:"
                                        + (host.rootless().isPresent()
                                                ? files.network()
                                                : "/run/netns/" + id.namespace()),
                                "--hostname=agent",
                                "--ipc=none",
                                "--cgroupns=private",
                                "--no-hosts",
                                "--dns=none",
                                "--unsetenv-all",
                                "--http-proxy=false",
                                "--passwd=false",
                                "--image-volume=ignore",
                                "--volume=%s:%s:%s,noexec,nosuid,nodev,private"
                                        .formatted(
                                                files.mount(),
                                                Deployment.DIRECTORY,
                                                readOnly ? "ro" : "rw")));
        if (readOnly) {
            world.addAll(List.of("--read-only", "--read-only-tmpfs=false"));
        }
        return world;
    }

    static String tmp(Limits limits, Set<Control> without) {
        return "--tmpfs=/tmp:rw,size=%s,mode=1777,%snosuid,nodev"
                .formatted(
                        without.contains(Control.LIMITS) ? DRILL_TMP_BYTES : limits.tmpBytes(),
                        without.contains(Control.READ_ONLY) ? "exec," : "noexec,");
    }

    static List<String> rights(LaunchFiles files, Set<Control> without) {
        var rights = new ArrayList<String>();
        rights.add(
                "--security-opt=seccomp="
                        + (without.contains(Control.SECCOMP) ? "unconfined" : files.seccomp()));
        // On in every launch: without it runc loads the list of system calls before it is done
        // itself.
        rights.add("--security-opt=no-new-privileges");
        rights.add(without.contains(Control.CAPABILITIES) ? "--cap-add=all" : "--cap-drop=all");
        rights.add(
                without.contains(Control.USER) ? "--user=0:0" : "--user=%1$d:%1$d".formatted(USER));
        return rights;
    }

    static List<String> bounds(Limits limits, HostFacts host, Set<Control> without) {
        var all = "--ulimit=nproc=%1$d:%1$d".formatted(ALL_AGENTS_PROCESSES);
        if (without.contains(Control.LIMITS)) {
            return List.of("--pids-limit=" + DRILL_PIDS, all);
        }
        if (host.rootless().filter(rootless -> !rootless.controlGroups()).isPresent()) {
            return Rootless.processLimits(limits);
        }
        var arguments = new ArrayList<>(limits(limits, host));
        arguments.add(all);
        return arguments;
    }

    static List<String> descriptors(Set<Control> without) {
        int descriptors = without.contains(Control.LIMITS) ? DRILL_DESCRIPTORS : DESCRIPTORS;
        return List.of("--ulimit=nofile=%1$d:%1$d".formatted(descriptors), "--ulimit=core=0:0");
    }

    private static List<String> limits(Limits limits, HostFacts host) {
        var arguments =
                new ArrayList<>(
                        List.of(
                                "--memory=" + limits.memoryBytes(),
                                // Equal to the memory: no swap.
                                "--memory-swap=" + limits.memoryBytes(),
                                "--cpus=" + BigDecimal.valueOf(limits.cpuMillis(), 3),
                                "--pids-limit=" + limits.pids()));
        host.disk()
                .ifPresent(disk -> {
                    var bound = disk + ":" + limits.ioBytesPerSecond();
                    arguments.add("--device-read-bps=" + bound);
                    arguments.add("--device-write-bps=" + bound);
                });
        return arguments;
    }
}
