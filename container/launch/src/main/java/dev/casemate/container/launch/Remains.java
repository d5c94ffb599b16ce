package dev.casemate.container.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Takes away everything that carries a launch's name. Every step may find that there is nothing,
/// and none keeps the next from being tried.
final class Remains {

    private static final Duration STEP = Duration.ofSeconds(30);

    private final Commands commands;
    private final boolean root;

    Remains(Commands commands) {
        this(commands, true);
    }

    /// @param root whether launches have links, rules and mounts; without root they have none
    Remains(Commands commands, boolean root) {
        this.commands = commands;
        this.root = root;
    }

    /// @return what could not be taken away, a line each; the launch's directory then stays, so
    ///   that the next launch tries again
    List<String> remove(LaunchFiles files) {
        var failures = new ArrayList<String>();
        // The agent first: nothing that holds it goes before it does.
        for (var step : removal(files, failures)) {
            attempt(failures, step, "");
            if (!failures.isEmpty()) {
                return failures;
            }
        }
        if (!failures.isEmpty()) {
            return failures;
        }
        if (root) {
            removeNetwork(files, failures);
        }
        if (failures.isEmpty()) {
            delete(files.directory(), failures);
        }
        return failures;
    }

    /// Of the engine that the launch had, whatever this machine's is by now.
    private static List<List<String>> removal(LaunchFiles files, List<String> failures) {
        try {
            return Engine.of(files).removal(files.id());
        } catch (LaunchException e) {
            failures.add("casemate: " + e.getMessage());
            return List.of();
        }
    }

    private void removeNetwork(LaunchFiles files, List<String> failures) {
        var id = files.id();
        // Asked of ip, not of /sys, which may show another namespace's links.
        if (isLink(id.hostLink())) {
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
    }

    private void attempt(List<String> failures, List<String> step, String input) {
        try {
            var outcome = commands.run(step, input, STEP);
            if (!outcome.succeeded()) {
                failures.add(
                        "casemate: expected %s to succeed while cleaning up; run it again as the same user"
                                .formatted(String.join(" ", step)));
            }
        } catch (LaunchException e) {
            failures.add("casemate: " + e.getMessage());
        }
    }

    private boolean isLink(String name) {
        try {
            return commands.run(List.of("ip", "link", "show", "dev", name), "", STEP).succeeded();
        } catch (LaunchException unknown) {
            return true;
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
            var paths = tree.sorted(Comparator.reverseOrder()).toList();
            for (var path : paths) {
                if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                    Files.setPosixFilePermissions(
                            path, PosixFilePermissions.fromString("rwx------"));
                }
            }
            for (var path : paths) {
                Files.deleteIfExists(path);
            }
        } catch (NoSuchFileException gone) {
            // Nothing is left to delete.
        } catch (IOException e) {
            failures.add("casemate: expected to delete " + directory);
        }
    }
}
