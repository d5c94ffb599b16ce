package dev.casemate.container.launch;

import dev.casemate.container.launch.LaunchException.Code;
import dev.casemate.manifest.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// What bounds a launch whose launcher is not root.
///
/// Where the user has control groups of his own (cgroups v2, delegated) they bound it as they do
/// for root. Elsewhere podman drops the limits, and what is left are the limits that the kernel
/// sets to a process: they hold an agent because it is one process and can start no other.
///
/// @param controlGroups whether they are there and bound processor, memory and processes
/// @param processors numbers of those that this process may use
record Rootless(boolean controlGroups, List<Integer> processors) {

    // A thread's stack counts whole, however little of it is used.
    private static final long STACK_BYTES = 1 << 20;
    private static final int MILLIS_OF_ONE = 1000;

    Rootless {
        processors = List.copyOf(processors);
    }

    /// In front of podman: from whom the agent inherits how many processors it runs on. It cannot
    /// change that: the call is not on its list.
    List<String> start(Limits limits) {
        int wanted = (limits.cpuMillis() + MILLIS_OF_ONE - 1) / MILLIS_OF_ONE;
        var granted =
                processors.stream()
                        .limit(Math.max(1, wanted))
                        .map(String::valueOf)
                        .collect(Collectors.joining(","));
        return List.of("taskset", "--cpu-list", granted);
    }

    /// The memory that it may write to, and the processes of its user, who is this user's agents
    /// alone. The JVM is told as well, because it asks control groups and finds none.
    static List<String> processLimits(Limits limits) {
        long data = limits.memoryBytes() + limits.pids() * STACK_BYTES;
        return List.of(
                "--ulimit=data=%1$d:%1$d".formatted(data),
                "--ulimit=nproc=%1$d:%1$d".formatted(limits.pids()),
                "--env=JDK_JAVA_OPTIONS=-XX:MaxRAM=" + limits.memoryBytes());
    }

    /// @param status the text of `/proc/self/status`
    static List<Integer> processors(String status) {
        return status.lines()
                .filter(line -> line.startsWith("Cpus_allowed_list:"))
                .flatMap(line -> Arrays.stream(line.substring(line.indexOf(':') + 1).split(",")))
                .map(range -> range.strip().split("-", 2))
                .flatMapToInt(ends ->
                        IntStream.rangeClosed(
                                Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1])))
                .boxed()
                .toList();
    }

    /// The directory of this user's launches. It holds secrets, so it is in memory and closed to
    /// everybody else.
    ///
    /// @param runtimeDirectory what the session names as the user's own, if there is a session
    static Path base(Optional<String> runtimeDirectory, int user) {
        var base =
                runtimeDirectory
                        .map(directory -> Path.of(directory, "casemate-launch"))
                        .orElse(Path.of("/dev/shm", "casemate-launch-" + user));
        try {
            var parent = base.getParent();
            if (!Files.getFileStore(parent).type().equals("tmpfs")) {
                throw new LaunchException(
                        Code.FILES,
                        "expected a file system in memory at %s, for secrets; set XDG_RUNTIME_DIR to one that is yours"
                                .formatted(parent));
            }
            if (Files.exists(base) && !Files.getAttribute(base, "unix:uid").equals(user)) {
                throw new LaunchException(
                        Code.FILES, "expected the directory %s to be yours".formatted(base));
            }
            return base;
        } catch (IOException e) {
            throw new LaunchException(Code.FILES, "expected to use the directory " + base, e);
        }
    }

    static int user() {
        try {
            return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        } catch (IOException e) {
            throw new LaunchException(Code.UNSUPPORTED_MACHINE, "expected a mounted /proc", e);
        }
    }

    static boolean isRoot() {
        return user() == 0;
    }
}
