package dev.casemate.container.launch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// The `/tmp` of a contained process, held so that it can still be looked at when the process is
/// gone: a file system in memory goes with the last process that has it, and a program that fills
/// it may end in the same millisecond.
final class TemporaryFiles implements AutoCloseable {

    private static final Path OWN_DESCRIPTORS = Path.of("/proc/self/fd");

    private final DirectoryStream<Path> held;
    private final Path place;

    private TemporaryFiles(DirectoryStream<Path> held, Path place) {
        this.held = held;
        this.place = place;
    }

    /// @return empty if the process is gone, or its `/tmp` may not be looked at
    @SuppressWarnings("StreamResourceLeak") // Holding it is the purpose; #close lets go.
    static Optional<TemporaryFiles> of(long process) {
        var inside = Path.of("/proc", Long.toString(process), "root", "tmp");
        try {
            var held = Files.newDirectoryStream(inside);
            var place = place(inside);
            if (place.isEmpty()) {
                held.close();
            }
            return place.map(path -> new TemporaryFiles(held, path));
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    /// The descriptor that holds it, found by its file system: each has a number of its own.
    private static Optional<Path> place(Path inside) {
        try (var descriptors = Files.list(OWN_DESCRIPTORS)) {
            var device = Files.getAttribute(inside, "unix:dev");
            return descriptors.filter(path -> isOn(path, device)).findFirst();
        } catch (IOException | UncheckedIOException gone) {
            return Optional.empty();
        }
    }

    private static boolean isOn(Path descriptor, Object device) {
        try {
            return Files.getAttribute(descriptor, "unix:dev").equals(device);
        } catch (IOException closed) {
            return false;
        }
    }

    Meters read() {
        var file = place.toFile();
        long total = file.getTotalSpace();
        return total == 0
                ? Meters.NONE
                : new Meters(
                        Map.of(
                                Meter.TEMPORARY_BYTES,
                                total - file.getFreeSpace(),
                                Meter.TEMPORARY_FREE_BYTES,
                                file.getFreeSpace()));
    }

    @Override
    public void close() {
        try {
            held.close();
        } catch (IOException e) {
            // It is only let go of; there is nobody to tell.
            return;
        }
    }
}
