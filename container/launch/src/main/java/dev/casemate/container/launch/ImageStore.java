package dev.casemate.container.launch;

import dev.casemate.container.launch.LaunchException.Code;
import dev.casemate.manifest.Digest;
import java.nio.file.Path;

/// The engine's store of images, where an image is only ever named by its id.
final class ImageStore {

    private final Commands commands;
    private final Engine engine;

    ImageStore(Commands commands, Engine engine) {
        this.commands = commands;
        this.engine = engine;
    }

    /// Loads the archive unless its image is there already, and makes sure that it then is.
    void load(Path archive, OciArchive contents) {
        if (engine.holds(commands, contents.image())) {
            return;
        }
        engine.load(commands, archive, contents);
        if (!engine.holds(commands, contents.image())) {
            throw new LaunchException(
                    Code.IMAGE_MISMATCH,
                    "expected the loaded image to be the one in the archive; build it again");
        }
    }

    void remove(Digest image) {
        if (engine.holds(commands, image)) {
            commands.require(
                    Code.COMMAND_FAILED,
                    engine.command("image", "rm", image.value()),
                    "",
                    HostMachine.QUICK);
        }
    }
}
