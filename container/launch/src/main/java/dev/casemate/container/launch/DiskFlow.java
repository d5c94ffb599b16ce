package dev.casemate.container.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What a control group reads from one disk, or writes to it, beside what the kernel grants it
/// there. The grant is read where the kernel keeps it, so that what nobody set is not held against
/// anybody.
///
/// @param way the disk and the direction
/// @param bytesPerSecond the grant
/// @param bytes counted since there is the group; version 1 counts what was asked for, held back or
///   not, version 2 what was let through
record DiskFlow(String way, long bytesPerSecond, long bytes) {

    private static final List<String> WAYS = List.of("Read", "Write");

    /// @param directories of the group, on each hierarchy
    /// @return empty where no bandwidth is bounded, or nothing can be read
    static List<DiskFlow> of(List<Path> directories) {
        var flows = new ArrayList<DiskFlow>();
        for (var directory : directories) {
            for (var way : WAYS) {
                flows.addAll(
                        joined(
                                way,
                                words(directory, "blkio.throttle.%s_bps_device", way),
                                words(directory, "blkio.throttle.io_service_bytes", way)));
                flows.addAll(
                        joined(
                                way,
                                words(directory, "io.max", way),
                                words(directory, "io.stat", way)));
            }
        }
        return List.copyOf(flows);
    }

    /// A disk that a group has not touched has no count yet: that is nothing, where there are
    /// counts.
    private static List<DiskFlow> joined(
            String way, Optional<Map<String, Long>> grants, Optional<Map<String, Long>> counts) {
        if (grants.isEmpty() || counts.isEmpty()) {
            return List.of();
        }
        return grants.get().entrySet().stream()
                .filter(grant -> grant.getValue() > 0)
                .map(grant ->
                        new DiskFlow(
                                grant.getKey() + " " + way,
                                grant.getValue(),
                                counts.get().getOrDefault(grant.getKey(), 0L)))
                .toList();
    }

    /// The numbers of a file, by disk: `8:0 4096`, `8:0 Read 4096`, or `8:0 rbps=4096 wbps=max`.
    private static Optional<Map<String, Long>> words(Path directory, String file, String way) {
        var path = directory.resolve(file.formatted(way.toLowerCase(Locale.ROOT)));
        var numbers = new HashMap<String, Long>();
        try {
            for (var line : Files.readAllLines(path)) {
                var words = List.of(line.strip().split(" +"));
                number(words, way).ifPresent(number -> numbers.put(words.getFirst(), number));
            }
            return Optional.of(numbers);
        } catch (IOException | NumberFormatException notHere) {
            return Optional.empty();
        }
    }

    private static Optional<Long> number(List<String> words, String way) {
        if (words.size() == 2 && !words.getLast().contains("=")) {
            // `Total 4096` is of no disk.
            return words.getFirst().contains(":")
                    ? Optional.of(Long.valueOf(words.getLast()))
                    : Optional.empty();
        } else if (words.size() == 3 && words.get(1).equals(way)) {
            return Optional.of(Long.valueOf(words.getLast()));
        }
        var initial = Character.toString(Character.toLowerCase(way.charAt(0)));
        return words.stream()
                .filter(word ->
                        word.startsWith(initial + "bytes=") || word.startsWith(initial + "bps="))
                .map(word -> word.substring(word.indexOf('=') + 1))
                .filter(number -> !number.equals("max"))
                .map(Long::valueOf)
                .findFirst();
    }
}
