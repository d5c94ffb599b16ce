package dev.casemate.cli;

import java.nio.file.Path;

/// Where the clone is, as the `casemate` script says.
final class Home {

    private Home() {}

    static Path directory() {
        return Path.of(System.getProperty("casemate.home", ".")).toAbsolutePath().normalize();
    }

    /// The compiled example with its libraries.
    static Path exampleApplication() {
        return directory().resolve("examples/market-analyst/target/app");
    }

    static Path exampleRehearsal() {
        return directory().resolve("examples/market-analyst/rehearsal");
    }

    /// What is kept between builds of images.
    static Path imageCache() {
        return directory().resolve("target/image-cache");
    }
}
