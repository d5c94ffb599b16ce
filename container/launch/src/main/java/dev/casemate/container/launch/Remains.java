package dev.casemate.container.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Takes away everything that carries a launch's name. Every step may find that there is nothing,
/// and none keeps the next from being tried.
final class Remains {

    private static final Duration STEP = Duration.ofSeconds(30);

    private final Commands commands;

    Remains(Commands commands) {
        this.commands = commands;
    }

    /// @return what could not be taken away, a line each; the launch's directory then stays, so
    ///   that the next launch tries again
    List<String> remove(LaunchFiles files) {
        var id = files.id();
        var failures = new ArrayList<String>();
        // The agent first: nothing that holds it goes before it does.
        attempt(
                failures,
                List.of("podman", "rm", "--force", "--ignore", "--time", "0", id.container()),
                "");
        if (!failures.isEmpty()) {
            return failures;
        }
        var link = Path.of("/sys/class/net", id.hostLink());
        if (Files.exists(link)) {
            attempt(failures, List.of("ip", "link", "delete", id.hostLink()), "");
        }
        if (Files.exists(Path.of("/run/netns", id.namespace()))) {
            attempt(failures, List.of("ip", "netns", "delete", id.namespace()), "");
        }
        // Declaring a table that is there changes nothing, so that deleting it always finds one.
        var table = id.table();
        attempt(
                failures,
                List.of("nft", "-f", "-"),
                "table inet %1$s {}\ndelete table inet %1$s\n".formatted(table));
        if (isMounted(files.mount())) {
            attempt(failures, List.of("umount", files.mount().toString()), "");
        }
        if (failures.isEmpty()) {
            delete(files.directory(), failures);
        }
        return failures;
    }

    private void attempt(List<String> failures, List<String> step, String input) {
        try {
            var outcome = commands.run(step, input, STEP);
            if (!outcome.succeeded()) {
                failures.add(
                        "casemate: expected %s to succeed while cleaning up; run it again as root"
                                .formatted(String.join(" ", step)));
            }
        } catch (LaunchException e) {
            failures.add("casemate: " + e.getMessage());
        }
    }

    private static boolean isMounted(Path directory) {
        try (var mounts = Files.lines(Path.of("/proc/self/mounts"))) {
            return mounts.anyMatch(mount -> mount.split(" ", 3)[1].equals(directory.toString()));
        } catch (IOException e) {
            return true;
        }
    }

    private static void delete(Path directory, List<String> failures) {
        try (var tree = Files.walk(directory)) {
            for (var path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (NoSuchFileException gone) {
            // Nothing is left to delete.
        } catch (IOException e) {
            failures.add("casemate: expected to delete " + directory);
        }
    }
}
