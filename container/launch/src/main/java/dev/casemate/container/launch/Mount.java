package dev.casemate.container.launch;

import dev.casemate.container.launch.LaunchException.Code;
import dev.casemate.container.launch.LaunchPlan.MountedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Writes the directory that the agent reads: in memory, root's, and secrets for the agent's user.
final class Mount {

    /// The largest certificate file or secret.
    static final int MAX_FILE_BYTES = 1 << 20;

    private static final String RIGHTS = "noexec,nosuid,nodev";
    private static final String FILE_SYSTEM = "size=64m,mode=0700," + RIGHTS;

    private final Commands commands;
    private final boolean root;

    Mount(Commands commands) {
        this(commands, true);
    }

    /// @param root whether a file system can be mounted; without root the directory of launches is
    ///   in memory itself
    Mount(Commands commands, boolean root) {
        this.commands = commands;
        this.root = root;
    }

    void write(LaunchPlan plan, LaunchFiles files, Set<Control> without) {
        try {
            if (plan.seccomp().isPresent()) {
                Files.writeString(files.seccomp(), plan.seccomp().get().text());
            }
            Files.createDirectory(files.mount());
            if (root) {
                commands.require(
                        Code.FILES,
                        List.of(
                                "mount",
                                "-t",
                                "tmpfs",
                                "-o",
                                FILE_SYSTEM,
                                "tmpfs",
                                files.mount().toString()),
                        "",
                        HostMachine.QUICK);
            }
            int reader = without.contains(Control.USER) ? 0 : PodmanArguments.USER;
            for (var file : plan.files()) {
                write(files.mount(), file, reader);
            }
            if (!root) {
                handOver(plan, files, reader);
            }
            Files.setPosixFilePermissions(
                    files.mount(), PosixFilePermissions.fromString("r-xr-xr-x"));
            if (root && !without.contains(Control.READ_ONLY)) {
                // An engine that says nothing of it hands the mount on as it is.
                commands.require(
                        Code.FILES,
                        List.of(
                                "mount",
                                "-o",
                                "remount,bind,ro," + RIGHTS,
                                files.mount().toString()),
                        "",
                        HostMachine.QUICK);
            }
        } catch (IOException e) {
            throw new LaunchException(
                    Code.FILES, "expected to write the launch's files under " + files.base(), e);
        }
    }

    /// The agent's user is a number of this user's, and who may give files to it is podman.
    private void handOver(LaunchPlan plan, LaunchFiles files, int reader) {
        var command = new ArrayList<>(List.of("podman", "unshare", "chown", reader + ":" + reader));
        int fixed = command.size();
        plan.files().stream()
                .filter(MountedFile::secret)
                .forEach(file -> command.add(files.mount().resolve(file.name()).toString()));
        if (command.size() > fixed) {
            commands.require(Code.FILES, command, "", HostMachine.QUICK);
        }
    }

    private void write(Path directory, MountedFile file, int reader) throws IOException {
        var path = directory.resolve(file.name());
        Files.createFile(
                path,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        if (file.source().isPresent()) {
            Files.write(path, content(file.source().get()));
        } else {
            Files.writeString(path, file.text());
        }
        if (file.secret() && root) {
            Files.setAttribute(path, "unix:uid", reader);
            Files.setAttribute(path, "unix:gid", reader);
        }
        Files.setPosixFilePermissions(
                path, PosixFilePermissions.fromString(file.secret() ? "r--------" : "r--r--r--"));
    }

    private static byte[] content(Path source) {
        try (var stream = Files.newInputStream(source)) {
            var content = stream.readNBytes(MAX_FILE_BYTES + 1);
            if (content.length > MAX_FILE_BYTES) {
                throw new LaunchException(
                        Code.FILES,
                        "expected at most %d bytes in %s".formatted(MAX_FILE_BYTES, source));
            }
            return content;
        } catch (IOException e) {
            throw new LaunchException(
                    Code.FILES,
                    "expected a readable certificate or secret in the file " + source,
                    e);
        }
    }
}
