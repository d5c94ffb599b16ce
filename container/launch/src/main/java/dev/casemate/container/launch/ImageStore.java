package dev.casemate.container.launch;

import dev.casemate.container.launch.LaunchException.Code;
import dev.casemate.manifest.Digest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// podman's store of images, where an image is only ever named by its id.
final class ImageStore {

    private static final Duration LOAD = Duration.ofMinutes(5);

    private final Commands commands;

    ImageStore(Commands commands) {
        this.commands = commands;
    }

    /// Loads the archive unless its image is there already, and makes sure that it then is.
    ///
    /// `podman load` takes no archive that has the image's evidence in it as well; `pull` does.
    ///
    /// @param name the image's, in the archive
    void load(Path archive, String name, Digest image) {
        if (holds(image)) {
            return;
        }
        if (archive.toString().indexOf(':') >= 0) {
            throw new LaunchException(
                    Code.INVALID_REQUEST, "expected the path of the archive without a colon");
        }
        commands.require(
                Code.COMMAND_FAILED,
                List.of(
                        "podman",
                        "pull",
                        "--quiet",
                        "oci-archive:" + archive.toAbsolutePath() + ":" + name),
                "",
                LOAD);
        if (!holds(image)) {
            throw new LaunchException(
                    Code.IMAGE_MISMATCH,
                    "expected the loaded image to be the one in the archive; build it again");
        }
    }

    private boolean holds(Digest image) {
        var found =
                commands.run(
                        List.of("podman", "image", "inspect", "--format", "{{.Id}}", image.value()),
                        "",
                        HostMachine.QUICK);
        return found.succeeded() && ("sha256:" + found.output().strip()).equals(image.value());
    }

    void remove(Digest image) {
        if (holds(image)) {
            commands.require(
                    Code.COMMAND_FAILED,
                    List.of("podman", "image", "rm", image.value()),
                    "",
                    HostMachine.QUICK);
        }
    }
}
