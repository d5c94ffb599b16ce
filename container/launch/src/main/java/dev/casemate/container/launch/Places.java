package dev.casemate.container.launch;

import dev.casemate.container.launch.LaunchException.Code;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Which launches there are on this machine, as directories: one per launch, with the process that
/// it belongs to. Whoever takes a place first takes away what dead launches left.
final class Places {

    private static final Set<PosixFilePermission> ROOT_ONLY =
            PosixFilePermissions.fromString("rwx------");
    // A file lock is held per process; threads of one process need one of their own.
    private static final ReentrantLock THREADS = new ReentrantLock();
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Path base;
    private final Remains remains;

    Places(Path base, Remains remains) {
        this.base = base;
        this.remains = remains;
    }

    /// @param errors hears of leftovers that could not be taken away
    LaunchId take(Consumer<String> errors) {
        THREADS.lock();
        try {
            Files.createDirectories(base, PosixFilePermissions.asFileAttribute(ROOT_ONLY));
            Files.setPosixFilePermissions(base, ROOT_ONLY);
            try (var channel =
                            FileChannel.open(
                                    base.resolve("lock"),
                                    StandardOpenOption.CREATE,
                                    StandardOpenOption.WRITE);
                    var lock = channel.lock()) {
                if (!lock.isValid()) {
                    throw new IOException("expected a file lock");
                }
                sweep(errors);
                return claim();
            }
        } catch (IOException e) {
            throw new LaunchException(
                    Code.FILES, "expected to keep the state of launches in " + base, e);
        } finally {
            THREADS.unlock();
        }
    }

    private LaunchId claim() throws IOException {
        var taken = launches().stream().map(LaunchId::slot).collect(Collectors.toSet());
        int slot =
                IntStream.range(0, LaunchId.SLOTS)
                        .filter(free -> !taken.contains(free))
                        .findFirst()
                        .orElseThrow(() ->
                                new LaunchException(
                                        Code.TOO_MANY_LAUNCHES,
                                        "expected fewer than %d launches at once"
                                                .formatted(LaunchId.SLOTS)));
        var nonce = new byte[4];
        RANDOM.nextBytes(nonce);
        var id = new LaunchId(slot, HexFormat.of().formatHex(nonce));
        var files = new LaunchFiles(base, id);
        Files.createDirectory(files.directory(), PosixFilePermissions.asFileAttribute(ROOT_ONLY));
        Files.writeString(files.owner(), owner(ProcessHandle.current().pid()));
        return id;
    }

    private void sweep(Consumer<String> errors) throws IOException {
        for (var id : launches()) {
            var files = new LaunchFiles(base, id);
            if (!alive(files)) {
                remains.remove(files).forEach(errors);
            }
        }
    }

    private List<LaunchId> launches() throws IOException {
        try (var directories = Files.list(base)) {
            return directories
                    .map(directory -> String.valueOf(directory.getFileName()))
                    .flatMap(name -> LaunchId.parse(name).stream())
                    .toList();
        }
    }

    private static boolean alive(LaunchFiles files) {
        try {
            var text = Files.readString(files.owner()).strip();
            return text.equals(owner(Long.parseLong(text.split(" ", 2)[0])));
        } catch (IOException | NumberFormatException e) {
            return false;
        }
    }

    /// The number of a process and when it started, in the kernel's ticks: that tells it from a
    /// later one with its number, and does not move with the clock.
    private static String owner(long pid) throws IOException {
        var state = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
        // The name, in parentheses, may hold anything; the 22nd field is the 20th after it.
        var fields = state.substring(state.lastIndexOf(')') + 2).split(" ", -1);
        return pid + " " + fields[19];
    }
}
