package dev.casemate.container.launch;

import dev.casemate.container.launch.LaunchException.Code;
import java.io.IOException;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// The machine that launches run on: whether it can contain an agent, and the facts that a plan
/// needs.
final class HostMachine {

    static final Duration QUICK = Duration.ofSeconds(20);

    private static final Pattern GO = Pattern.compile("(?m)^go: go1\\.([0-9]+)");

    /// From this version on, Go puts its heap at a random address.
    private static final int GO_WITH_RANDOM_HEAP = 26;

    private final Commands commands;

    HostMachine(Commands commands) {
        this.commands = commands;
    }

    /// @throws LaunchException naming the first thing that is missing
    HostFacts facts() {
        return facts(false);
    }

    /// @param processLimits whether they will do where a user has no control groups
    HostFacts facts(boolean processLimits) {
        requireLinux();
        if (!Rootless.isRoot()) {
            return rootless(processLimits);
        }
        requireControllers();
        var engine = Engine.here();
        engine.require(commands);
        for (var program : List.of(List.of("nft", "--version"), List.of("ip", "-Version"))) {
            commands.require(Code.UNSUPPORTED_MACHINE, program, "", QUICK);
        }
        return new HostFacts(
                execOnce(), addresses(), simulated(), disk(engine), Optional.empty(), engine);
    }

    /// What a user without root has: the same programs, but no packet rules, and control groups
    /// only where the system has handed him some.
    private HostFacts rootless(boolean processLimits) {
        var engine = new Podman();
        engine.require(commands);
        for (var program : List.of("ip -Version", "unshare --version", "taskset --version")) {
            commands.require(Code.UNSUPPORTED_MACHINE, List.of(program.split(" ")), "", QUICK);
        }
        var users =
                commands.require(
                        Code.UNSUPPORTED_MACHINE,
                        List.of("podman", "unshare", "cat", "/proc/self/uid_map"),
                        "",
                        QUICK);
        if (!covers(users, PodmanArguments.USER)) {
            throw new LaunchException(
                    Code.UNSUPPORTED_MACHINE,
                    "expected 65536 user numbers of this user's own in /etc/subuid and /etc/subgid; as root: usermod --add-subuids 100000-165535 --add-subgids 100000-165535 USER");
        }
        var controllers =
                commands.require(
                        Code.UNSUPPORTED_MACHINE,
                        List.of("podman", "info", "--format", "{{.Host.CgroupControllers}}"),
                        "",
                        QUICK);
        var own = Set.of(lastLine(controllers).replaceAll("[\\[\\]]", "").strip().split("\\s+"));
        boolean bounded = own.containsAll(Controllers.NEEDED);
        if (!bounded && !processLimits) {
            throw new LaunchException(
                    Code.UNSUPPORTED_MACHINE,
                    "expected the control groups cpu, memory and pids to be this user's: run as root, or accept the limits of a process in their place with --process-limits");
        }
        return new HostFacts(
                execOnce(),
                addresses(),
                false,
                own.contains("io") ? disk(engine) : Optional.empty(),
                Optional.of(new Rootless(bounded, processors())),
                engine);
    }

    private static String lastLine(String text) {
        return text.substring(text.lastIndexOf('\n') + 1);
    }

    /// @param map lines of `FIRST OUTSIDE COUNT`, as /proc/self/uid_map has them
    static boolean covers(String map, long number) {
        return map.lines()
                .map(line -> line.strip().split("\\s+"))
                .filter(words -> words.length == 3 && words[0].matches("[0-9]+"))
                .anyMatch(words -> {
                    long first = Long.parseLong(words[0]);
                    return first <= number && number < first + Long.parseLong(words[2]);
                });
    }

    private static List<Integer> processors() {
        try {
            return Rootless.processors(Files.readString(Path.of("/proc/self/status")));
        } catch (IOException e) {
            throw new LaunchException(Code.UNSUPPORTED_MACHINE, "expected a mounted /proc", e);
        }
    }

    private static void requireLinux() {
        if (!System.getProperty("os.name", "").equals("Linux")
                || !System.getProperty("os.arch", "").equals("amd64")) {
            throw new LaunchException(
                    Code.UNSUPPORTED_MACHINE, "expected Linux on x86-64: the system calls are its");
        }
    }

    private static void requireControllers() {
        try {
            var mounts = Files.readString(Path.of("/proc/self/mountinfo"));
            var missing = Controllers.missing(mounts, HostMachine::unifiedControllers);
            if (!missing.isEmpty()) {
                throw new LaunchException(
                        Code.UNSUPPORTED_MACHINE,
                        "expected the control groups %s to be mounted: without them nothing is bounded"
                                .formatted(String.join(", ", missing)));
            }
        } catch (IOException e) {
            throw new LaunchException(Code.UNSUPPORTED_MACHINE, "expected a mounted /proc", e);
        }
    }

    private static String unifiedControllers(String mountPoint) {
        try {
            return Files.readString(Path.of(mountPoint, "cgroup.controllers"));
        } catch (IOException none) {
            return "";
        }
    }

    private boolean execOnce() {
        var version =
                commands.require(Code.UNSUPPORTED_MACHINE, List.of("runc", "--version"), "", QUICK);
        var go = GO.matcher(version);
        return go.find() && Integer.parseInt(go.group(1)) < GO_WITH_RANDOM_HEAP;
    }

    private static Set<String> addresses() {
        try {
            var addresses = new HashSet<String>();
            NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .forEach(address -> addresses.add(address.getHostAddress()));
            return addresses;
        } catch (SocketException e) {
            throw new LaunchException(
                    Code.UNSUPPORTED_MACHINE, "expected readable network interfaces", e);
        }
    }

    /// Nothing is up but what a simulated world is made of: there is no way out to be held.
    private static boolean simulated() {
        try {
            return NetworkInterface.getByName(NetworkPlan.SIMULATED_LINK) != null
                    && NetworkInterface.networkInterfaces()
                            .filter(HostMachine::isUp)
                            .map(NetworkInterface::getName)
                            .allMatch(name -> NetworkPlan.SIMULATED.matcher(name).matches());
        } catch (SocketException e) {
            return false;
        }
    }

    private static boolean isUp(NetworkInterface link) {
        try {
            return link.isUp();
        } catch (SocketException e) {
            return true;
        }
    }

    /// The disk under the engine's store; empty where it is no disk, or none with a limit of its
    /// own.
    private Optional<String> disk(Engine engine) {
        var store = engine.store(commands);
        try {
            long device = ((Number) Files.getAttribute(store, "unix:dev")).longValue();
            var entry = Path.of("/sys/dev/block/%d:%d".formatted(major(device), minor(device)));
            if (!Files.exists(entry)) {
                return Optional.empty();
            }
            var place = entry.toRealPath();
            // Bandwidth is limited per disk, not per partition.
            var parts = place.getNameCount();
            int last = Files.exists(place.resolve("partition")) ? parts - 2 : parts - 1;
            var node = Path.of("/dev").resolve(place.getName(last));
            return Files.exists(node) ? Optional.of(node.toString()) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static long major(long device) {
        return (device >>> 8) & 0xfff;
    }

    private static long minor(long device) {
        return (device & 0xff) | ((device >>> 12) & 0xfff00);
    }
}
