package dev.casemate.cli;

import dev.casemate.container.evidence.EvidenceException;
import dev.casemate.container.evidence.Verifier;
import dev.casemate.manifest.Json;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "verify",
        description = {
            "Holds an image against its signature, components, provenance and analysis.",
            "Exit code 0 if everything belongs together, 1 if not."
        },
        mixinStandardHelpOptions = true)
final class VerifyCommand implements Callable<Integer> {

    @Parameters(index = "0", description = "The OCI archive, or a directory of the same layout.")
    private Path image;

    @Option(
            names = "--key",
            required = true,
            description = "A trusted public key in PEM; may be given several times.")
    private List<Path> keys;

    @Option(names = "--json", description = "Prints one JSON object.")
    private boolean json;

    @Override
    public Integer call() {
        try {
            var found = Verifier.verify(image, keys);
            if (json) {
                System.out.println(found.toJson().with("verified", Json.of(true)).text());
                return 0;
            }
            found.checks().forEach(check -> line(check.name(), check.detail()));
            line("verified", found.reference());
            return 0;
        } catch (EvidenceException e) {
            if (json) {
                System.out.println(
                        Json.object()
                                .put("verified", false)
                                .put("code", e.code().name())
                                .build()
                                .text());
            }
            System.err.println("not verified: " + e.getMessage());
            return Main.FINDING;
        }
    }

    private static void line(String name, String detail) {
        System.out.println(name + " ".repeat(14 - name.length()) + detail);
    }
}
