package dev.casemate.container.launch;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/// The kernel's resource controllers that this machine offers to containers.
///
/// Where one is missing, engines drop the limit with a warning and start the container all the
/// same: so a launch asks first.
final class Controllers {

    /// Without these there is no bound on processor, memory or processes.
    static final Set<String> NEEDED = Set.of("cpu", "memory", "pids");

    private Controllers() {}

    /// @param mountInfo the text of `/proc/self/mountinfo`
    /// @param unified reads `cgroup.controllers` of a unified hierarchy, by its mount point
    /// @return those of [#NEEDED] that are mounted nowhere
    static Set<String> missing(String mountInfo, Function<String, String> unified) {
        var missing = new TreeSet<>(NEEDED);
        for (var line : mountInfo.split("\n", -1)) {
            var halves = line.split(" - ", 2);
            var mount = halves[0].split(" ", -1);
            var file = halves.length == 2 ? halves[1].split(" ", -1) : new String[0];
            if (mount.length < 5 || file.length < 3) {
                continue;
            }
            if (file[0].equals("cgroup")) {
                List.of(file[2].split(",", -1)).forEach(missing::remove);
            } else if (file[0].equals("cgroup2")) {
                List.of(unified.apply(mount[4]).strip().split("\\s+", -1)).forEach(missing::remove);
            }
        }
        return missing;
    }
}
