package dev.casemate.container.image;

import dev.casemate.container.image.ImageException.Code;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// A processor that images are made for: the one that the build runs on.
enum ImagePlatform {
    AMD64(62, "x86_64-linux-gnu"),
    ARM64(183, "aarch64-linux-gnu");

    private final int elfMachine;
    private final String multiarch;

    ImagePlatform(int elfMachine, String multiarch) {
        this.elfMachine = elfMachine;
        this.multiarch = multiarch;
    }

    /// The platform of this machine.
    static ImagePlatform current() {
        return of(System.getProperty("os.name"), System.getProperty("os.arch"));
    }

    static ImagePlatform of(String system, String processor) {
        if (system.equals("Linux")) {
            switch (processor) {
                case "amd64", "x86_64" -> {
                    return AMD64;
                }
                case "aarch64" -> {
                    return ARM64;
                }
                default -> {}
            }
        }
        throw new ImageException(
                Code.UNSUPPORTED_PLATFORM,
                "expected Linux on amd64 or arm64, this is " + system + " on " + processor);
    }

    /// The name of the processor in OCI documents.
    String ociName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// `e_machine` of its binaries.
    int elfMachine() {
        return elfMachine;
    }

    /// Where shared libraries lie: where the dynamic linkers of Debian and of Fedora, and of those
    /// derived from them, look, in that order.
    List<Path> libraryDirectories() {
        return List.of(
                Path.of("/lib", multiarch),
                Path.of("/usr/lib", multiarch),
                Path.of("/lib64"),
                Path.of("/usr/lib64"));
    }
}
