package dev.casemate.container.launch;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What to say about a program that is not here: the one command that brings it, and with it every
/// other one that a launch would miss next.
///
/// @param present whether this machine has a program of that name
/// @param root whether the command can be run as it stands
record MissingProgram(Predicate<String> present, boolean root) {

    private static final List<String> NEEDED = List.of("podman", "runc", "ip");
    private static final List<String> NEEDED_AS_ROOT = List.of("nft", "skopeo");
    private static final List<String> NEEDED_AS_USER = List.of("newuidmap", "unshare", "taskset");

    /// Where the name of a package is not that of its program; one column for each of [#MANAGERS].
    private static final Map<String, List<String>> PACKAGES =
            Map.of(
                    "nft", List.of("nftables", "nftables", "nftables"),
                    "ip", List.of("iproute2", "iproute", "iproute2"),
                    "newuidmap", List.of("uidmap", "shadow-utils", "shadow"),
                    "nsenter", List.of("util-linux", "util-linux", "util-linux"),
                    "unshare", List.of("util-linux", "util-linux", "util-linux"),
                    "taskset", List.of("util-linux", "util-linux", "util-linux"));

    private static final List<String> MANAGERS = List.of("apt-get", "dnf", "zypper");

    static MissingProgram here() {
        return new MissingProgram(
                MissingProgram::isHere, "root".equals(System.getProperty("user.name")));
    }

    /// @param program that could not be started
    String help(String program) {
        // Root may have Docker in podman's place.
        boolean docker = present.test(Docker.PROGRAM);
        var missing = new TreeSet<String>();
        missing.add(program);
        Stream.concat(NEEDED.stream(), (root ? NEEDED_AS_ROOT : NEEDED_AS_USER).stream())
                .filter(present.negate())
                .filter(needed -> !(docker && root && needed.equals(Podman.PROGRAM)))
                .forEach(missing::add);
        var hint =
                docker && missing.contains(Podman.PROGRAM)
                        ? " (Docker is here, but contains agents for root alone; podman can stand beside it)"
                        : "";
        return "expected the program %s on the path; %s%s"
                .formatted(
                        program,
                        command(missing)
                                .map(text -> "install it with: " + text)
                                .orElse(
                                        "install "
                                                + String.join(", ", missing)
                                                + " with this system's package manager"),
                        hint);
    }

    private Optional<String> command(TreeSet<String> missing) {
        return MANAGERS.stream()
                .filter(present)
                .findFirst()
                .map(manager ->
                        "%s%s install -y %s"
                                .formatted(
                                        root ? "" : "sudo ",
                                        manager,
                                        missing.stream()
                                                .map(program -> packageOf(program, manager))
                                                .distinct()
                                                .collect(Collectors.joining(" "))));
    }

    private static String packageOf(String program, String manager) {
        var names = PACKAGES.get(program);
        return names == null ? program : names.get(MANAGERS.indexOf(manager));
    }

    private static boolean isHere(String program) {
        return find(program).isPresent();
    }

    /// Where a program is, on the path or, if it is a package manager, where those are.
    static Optional<Path> find(String program) {
        var path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        var folders =
                MANAGERS.contains(program)
                        ? Stream.of("/usr/bin", "/bin", "/usr/sbin")
                        : Stream.of(path.split(":", -1)).filter(folder -> !folder.isEmpty());
        return folders.map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
