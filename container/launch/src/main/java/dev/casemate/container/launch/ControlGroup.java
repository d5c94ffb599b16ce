package dev.casemate.container.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/// The control group of one process, on whichever hierarchies the machine has mounted: the single
/// one of version 2, one for each controller of version 1, or both side by side.
final class ControlGroup {

    /// How a file of a control group says a number.
    private enum Form {
        /// Alone.
        NUMBER,
        /// On a line of its own, after its key.
        AFTER_KEY,
        /// `8:0 Read 4096`, a line for each device.
        OF_DEVICES,
        /// `8:0 rbytes=4096 wbytes=0`, a line for each device.
        MEMBER_OF_DEVICES
    }

    /// One place where a meter can stand.
    private record Reading(Meter meter, String file, Form form, String key, long divisor) {
        Reading(Meter meter, String file, Form form, String key) {
            this(meter, file, form, key, 1);
        }
    }

    // Version 2 first: where both have a file, its numbers are about the whole group.
    private static final List<Reading> READINGS =
            List.of(
                    new Reading(Meter.MEMORY_PEAK_BYTES, "memory.peak", Form.NUMBER, ""),
                    new Reading(
                            Meter.MEMORY_PEAK_BYTES, "memory.max_usage_in_bytes", Form.NUMBER, ""),
                    new Reading(Meter.MEMORY_LIMIT_HITS, "memory.events", Form.AFTER_KEY, "max"),
                    new Reading(Meter.MEMORY_LIMIT_HITS, "memory.failcnt", Form.NUMBER, ""),
                    new Reading(Meter.MEMORY_KILLS, "memory.events", Form.AFTER_KEY, "oom_kill"),
                    new Reading(
                            Meter.MEMORY_KILLS, "memory.oom_control", Form.AFTER_KEY, "oom_kill"),
                    new Reading(Meter.PROCESSES_PEAK, "pids.peak", Form.NUMBER, ""),
                    new Reading(Meter.PROCESSES_REFUSED, "pids.events", Form.AFTER_KEY, "max"),
                    new Reading(Meter.PROCESSOR_MICROS, "cpu.stat", Form.AFTER_KEY, "usage_usec"),
                    new Reading(Meter.PROCESSOR_MICROS, "cpuacct.usage", Form.NUMBER, "", 1_000),
                    new Reading(Meter.PROCESSOR_PERIODS, "cpu.stat", Form.AFTER_KEY, "nr_periods"),
                    new Reading(
                            Meter.PROCESSOR_PERIODS_THROTTLED,
                            "cpu.stat",
                            Form.AFTER_KEY,
                            "nr_throttled"),
                    new Reading(Meter.READ_BYTES, "io.stat", Form.MEMBER_OF_DEVICES, "rbytes"),
                    new Reading(
                            Meter.READ_BYTES,
                            "blkio.throttle.io_service_bytes",
                            Form.OF_DEVICES,
                            "Read"),
                    new Reading(Meter.WRITTEN_BYTES, "io.stat", Form.MEMBER_OF_DEVICES, "wbytes"),
                    new Reading(
                            Meter.WRITTEN_BYTES,
                            "blkio.throttle.io_service_bytes",
                            Form.OF_DEVICES,
                            "Write"));

    private final List<Path> directories;

    private ControlGroup(List<Path> directories) {
        this.directories = List.copyOf(directories);
    }

    /// @param groups the text of `/proc/PID/cgroup`
    /// @param mountInfo the text of `/proc/self/mountinfo`
    static ControlGroup of(String groups, String mountInfo) {
        var directories = new ArrayList<Path>();
        for (var line : groups.lines().toList()) {
            var parts = line.split(":", 3);
            if (parts.length == 3) {
                mountInfo
                        .lines()
                        .flatMap(mount -> directory(mount, parts[1], parts[2]).stream())
                        .filter(found -> !directories.contains(found))
                        .forEach(directories::add);
            }
        }
        return new ControlGroup(directories);
    }

    private static List<Path> directory(String mount, String controllers, String group) {
        var halves = mount.split(" - ", 2);
        var place = halves[0].split(" ", -1);
        var file = halves.length == 2 ? halves[1].split(" ", -1) : new String[0];
        if (place.length < 5 || file.length < 3) {
            return List.of();
        }
        boolean holds =
                controllers.isEmpty()
                        ? file[0].equals("cgroup2")
                        : file[0].equals("cgroup")
                                && List.of(file[2].split(",", -1))
                                        .containsAll(List.of(controllers.split(",", -1)));
        // Where only a part of a hierarchy is mounted, paths begin at that part.
        var root = place[3].equals("/") ? "" : place[3];
        return holds && group.startsWith(root)
                ? List.of(Path.of(place[4] + group.substring(root.length())))
                : List.of();
    }

    /// Whatever can be read now.
    Meters read() {
        var values = new EnumMap<Meter, Long>(Meter.class);
        for (var reading : READINGS) {
            if (!values.containsKey(reading.meter())) {
                value(reading)
                        .ifPresent(value -> values.put(reading.meter(), value / reading.divisor()));
            }
        }
        return new Meters(Map.copyOf(values));
    }

    /// What it moves from and to the disks whose bandwidth is bounded.
    List<DiskFlow> disks() {
        return DiskFlow.of(directories);
    }

    private OptionalLong value(Reading reading) {
        return directories.stream()
                .map(directory -> value(directory.resolve(reading.file()), reading))
                .filter(OptionalLong::isPresent)
                .findFirst()
                .orElse(OptionalLong.empty());
    }

    /// Empty where another hierarchy has it, or none: then it is not seen.
    private static OptionalLong value(Path file, Reading reading) {
        try {
            return value(Files.readString(file), reading);
        } catch (IOException | NumberFormatException notHere) {
            return OptionalLong.empty();
        }
    }

    private static OptionalLong value(String text, Reading reading) {
        if (reading.form() == Form.NUMBER) {
            return OptionalLong.of(Long.parseLong(text.strip()));
        }
        var found =
                text.lines()
                        .map(line -> line.split(" ", -1))
                        .flatMap(words -> number(words, reading).stream())
                        .toList();
        return found.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(found.stream().mapToLong(Long::parseLong).sum());
    }

    private static List<String> number(String[] words, Reading reading) {
        return switch (reading.form()) {
            case NUMBER -> List.of(words[0]);
            case AFTER_KEY ->
                    words.length == 2 && words[0].equals(reading.key())
                            ? List.of(words[1])
                            : List.of();
            case OF_DEVICES ->
                    words.length == 3 && words[1].equals(reading.key())
                            ? List.of(words[2])
                            : List.of();
            case MEMBER_OF_DEVICES ->
                    List.of(words).stream()
                            .filter(word -> word.startsWith(reading.key() + "="))
                            .map(word -> word.substring(reading.key().length() + 1))
                            .toList();
        };
    }
}
