package dev.casemate.container.launch.probe;

import dev.casemate.container.launch.probe.Attempt.Kind;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Ways to reach files that are not the agent's.
final class FileAttempts {

    private static final List<String> DIRECTORIES =
            List.of(
                    "/",
                    "/app",
                    "/etc",
                    "/opt/java",
                    "/run",
                    "/run/casemate",
                    "/dev",
                    "/dev/shm",
                    "/dev/mqueue",
                    "/var/tmp",
                    "/sys/fs/cgroup");

    // Opened for writing, and closed again: that is proof enough.
    private static final List<String> WRITABLE =
            List.of(
                    "/app/manifest.json",
                    "/run/casemate/deployment.json",
                    "/run/casemate/hosts",
                    "/proc/self/mem",
                    "/proc/sys/kernel/core_pattern",
                    "/proc/sysrq-trigger",
                    "/sys/fs/cgroup/memory/memory.limit_in_bytes");

    private static final List<String> READABLE =
            List.of(
                    "/etc/shadow",
                    "/proc/1/environ",
                    "/proc/kcore",
                    "/proc/slabinfo",
                    "/proc/vmallocinfo",
                    "/dev/mem",
                    "/var/run/docker.sock",
                    "/run/podman/podman.sock");

    private FileAttempts() {}

    static List<Attempt> all() {
        var attempts = new ArrayList<Attempt>();
        for (var directory : DIRECTORIES) {
            attempts.add(new Attempt("write in " + directory, Kind.FILES, () -> create(directory)));
        }
        for (var file : WRITABLE) {
            attempts.add(new Attempt("open for writing " + file, Kind.FILES, () -> write(file)));
        }
        for (var file : READABLE) {
            attempts.add(new Attempt("read " + file, Kind.FILES, () -> read(file)));
        }
        attempts.add(
                new Attempt("write and copy a file in /tmp", Kind.ALLOWED, FileAttempts::copy));
        attempts.add(
                new Attempt(
                        "read a file that nobody may read",
                        Kind.FILES,
                        FileAttempts::readUnreadable));
        return attempts;
    }

    private static String create(String directory) throws Throwable {
        var file = Path.of(directory, "probe-" + System.nanoTime());
        Files.write(file, new byte[] {'?'}, StandardOpenOption.CREATE_NEW);
        Files.delete(file);
        return "written";
    }

    private static String write(String file) throws Throwable {
        try (var channel = FileChannel.open(Path.of(file), StandardOpenOption.WRITE)) {
            return "opened, " + channel.isOpen();
        }
    }

    private static String read(String file) throws Throwable {
        try (var stream = Files.newInputStream(Path.of(file))) {
            return "read, first byte " + stream.read();
        }
    }

    private static String copy() throws Throwable {
        var first = Path.of("/tmp", "probe-first");
        var second = Path.of("/tmp", "probe-second");
        try {
            Files.writeString(first, "first");
            Files.copy(first, second);
            return "copied " + Files.size(second) + " bytes";
        } finally {
            Files.deleteIfExists(first);
            Files.deleteIfExists(second);
        }
    }

    /// A file without any permission: only the capability DAC_OVERRIDE reads it.
    private static String readUnreadable() throws Throwable {
        var file = Path.of("/tmp", "probe-unreadable");
        try {
            Files.newByteChannel(
                            file,
                            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                            PosixFilePermissions.asFileAttribute(Set.of()))
                    .close();
            return read(file.toString());
        } finally {
            Files.deleteIfExists(file);
        }
    }
}
