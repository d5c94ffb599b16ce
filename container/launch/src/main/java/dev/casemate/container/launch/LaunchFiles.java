package dev.casemate.container.launch;

import java.nio.file.Path;

/// Where one launch keeps its files on the host.
///
/// @param base the directory of all launches; root's alone
record LaunchFiles(Path base, LaunchId id) {

    /// The directory of all launches on this machine.
    static final Path BASE = Path.of("/run/casemate-launch");

    Path directory() {
        return base.resolve(id.text());
    }

    /// Names the process that the launch belongs to.
    Path owner() {
        return directory().resolve("owner");
    }

    /// Mounted into the container; a file system in memory, because it holds secrets.
    Path mount() {
        return directory().resolve("mount");
    }

    /// Where podman writes the number of the container's process.
    Path process() {
        return directory().resolve("process");
    }

    /// Names the engine that runs the container.
    Path engine() {
        return directory().resolve("engine");
    }

    /// What the container that holds the network runs, where one does.
    Path waiting() {
        return directory().resolve("waiting");
    }

    /// Empty, for what is to be empty inside.
    Path empty() {
        return directory().resolve("empty");
    }

    /// Leads to the network namespace, where that has no name.
    Path network() {
        return directory().resolve("network");
    }

    Path seccomp() {
        return directory().resolve("seccomp.json");
    }
}
