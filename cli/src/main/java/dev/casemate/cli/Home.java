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

    /// The jars that agents are compiled, run and tested with, as the last build left them.
    static Path agentLibraries() {
        return directory().resolve("cli/target/agent-libraries");
    }

    /// The same as a repository for Maven.
    static Path repository() {
        return directory().resolve("target/repository");
    }

    /// What is kept between builds of images.
    static Path imageCache() {
        return directory().resolve("target/image-cache");
    }

    /// What is kept of jars between analyses.
    static Path analysisCache() {
        return directory().resolve("target/analysis-cache");
    }
}
