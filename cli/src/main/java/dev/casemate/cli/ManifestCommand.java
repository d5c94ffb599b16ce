package dev.casemate.cli;

import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.ManifestException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "manifest",
        description = {
            "Checks a manifest that was written by hand, and prints the digest to admit.",
            "Where it is wrong, the exit code is 1 and the message says at which place."
        },
        mixinStandardHelpOptions = true)
final class ManifestCommand implements Callable<Integer> {

    @Parameters(index = "0", description = "The manifest, as JSON.")
    private Path file;

    @Override
    public Integer call() throws IOException {
        try (var in = Files.newInputStream(file)) {
            var manifest = AgentManifest.read(in.readNBytes(AgentManifest.MAX_BYTES + 1));
            System.out.println("manifest " + manifest.digest());
            return 0;
        } catch (ManifestException e) {
            System.err.println("casemate: " + file + ": " + e.getMessage());
            return Main.FINDING;
        }
    }
}
