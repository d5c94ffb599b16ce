package dev.casemate.cli;

import dev.casemate.agent.analyzer.AgentApplication;
import dev.casemate.container.evidence.BuildFacts;
import dev.casemate.container.evidence.ImageEvidence;
import dev.casemate.container.evidence.Signer;
import dev.casemate.container.image.AgentImage;
import dev.casemate.container.image.BuiltImage;
import dev.casemate.container.image.ImageRequest;
import dev.casemate.manifest.CanonicalJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "build",
        description = {
            "Builds, tests, evaluates and analyzes an agent, and then makes its sealed and signed image.",
            "Exit code 1: a gate did not hold, which is named; or with --verify, another image."
        },
        mixinStandardHelpOptions = true)
final class BuildCommand implements Callable<Integer> {

    @Parameters(
            index = "0",
            paramLabel = "AGENT",
            description =
                    "The agent's Maven project; or a directory of its jars, libraries included, whose"
                            + " tests then are not run.")
    private Path agent;

    @Option(
            names = "--output",
            description =
                    "Where the OCI archive goes; default: NAME.oci.tar in the project's target.")
    private @Nullable Path output;

    @Option(names = "--manifest", description = "Where a copy of the agent's manifest goes.")
    private @Nullable Path manifestCopy;

    @Option(
            names = "--revision",
            description = "Version-control revision of the sources; default: what git says.")
    private @Nullable String revision;

    @Option(
            names = "--suite",
            description = "The evaluation suite; default: the project's folder evaluation.")
    private @Nullable Path suite;

    @ArgGroup(multiplicity = "1")
    private Purpose purpose = new Purpose();

    /// What the image is made for.
    static final class Purpose {
        @ArgGroup(exclusive = false)
        private @Nullable SigningKey key;

        @Option(
                names = "--unsigned",
                description = "Without evidence: `casemate run` refuses such an image.")
        private boolean unsigned;

        @Option(
                names = "--verify",
                paramLabel = "IMAGE",
                description =
                        "Makes the image of the same sources again, and compares; signs nothing.")
        private @Nullable Path image;
    }

    /// Who signs.
    static final class SigningKey {
        @ArgGroup(multiplicity = "1")
        private Place place = new Place();

        static final class Place {
            @Option(names = "--key", description = "Private key, PEM; see `casemate key`.")
            private @Nullable Path file;

            @ArgGroup(exclusive = false)
            private @Nullable Slot slot;
        }

        static final class Slot {
            @Option(
                    names = "--pkcs11",
                    required = true,
                    description = "Configuration of Java's PKCS#11 provider.")
            private Path configuration;

            @Option(names = "--pkcs11-alias", required = true, description = "The key's label.")
            private String alias;

            @Option(names = "--pkcs11-pin-file", required = true, description = "File of the PIN.")
            private Path pin;
        }

        @Option(names = "--key-password-file", description = "Of an encrypted key file.")
        private @Nullable Path password;

        Signer signer() {
            var slot = place.slot;
            if (slot != null) {
                return Signer.pkcs11(slot.configuration, slot.alias, slot.pin);
            }
            return Signer.keyFile(
                    Objects.requireNonNull(place.file), Optional.ofNullable(password));
        }
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        var started = Clock.systemUTC().instant();
        try {
            var project = AgentProject.in(agent);
            return purpose.image == null
                    ? build(project, started)
                    : new Rebuild(project, agent, purpose.image).compare();
        } catch (Gates.Closed e) {
            System.err.println("not built: " + e.getMessage());
            return Main.FINDING;
        }
    }

    private int build(Optional<AgentProject> project, Instant started)
            throws IOException, InterruptedException, Gates.Closed {
        // Before anything that takes time: a key that cannot sign is no reason to wait for tests.
        var signer = Optional.ofNullable(purpose.key).map(SigningKey::signer);
        var gates = new Gates(project, agent, Optional.ofNullable(suite), System.err::println);
        gates.ask();
        var application = gates.application();
        var manifest = application.manifest();
        var sources = Revision.of(agent);
        var named =
                Optional.ofNullable(revision)
                        .or(() -> sources.map(Revision::commit))
                        .orElse("unknown");
        var request = request(application, named);
        var target = target(project, manifest.name());
        var image = AgentImage.build(request, target, Home.imageCache(), System.err::println);
        if (purpose.unsigned) {
            System.err.println("WARNING: unsigned, and without evidence");
        } else if (signer.isPresent()) {
            System.err.println("evidence: SBOM, provenance, certificate, signature");
            ImageEvidence.attach(
                    target,
                    new BuildFacts(
                            sources.flatMap(Revision::origin).orElse("unknown"),
                            named,
                            gates.passed(),
                            started,
                            Clock.systemUTC().instant(),
                            Map.of("agent", manifest.name(), "version", manifest.version())),
                    gates.analysis(),
                    signer.get(),
                    target);
        }
        if (manifestCopy != null) {
            Files.write(manifestCopy, CanonicalJson.bytes(manifest.toJson()));
        }
        print(image, signer);
        return 0;
    }

    static ImageRequest request(AgentApplication application, String revision) {
        var manifest = application.manifest();
        return new ImageRequest(
                "localhost/" + manifest.name() + ":" + manifest.version(),
                application.jars(),
                application.mainClass(),
                manifest,
                revision);
    }

    private Path target(Optional<AgentProject> project, String name) {
        if (output != null) {
            return output;
        }
        return project.map(it -> it.directory().resolve("target/" + name + ".oci.tar"))
                .orElseThrow(() ->
                        new CommandLine.ParameterException(
                                new CommandLine(this),
                                "expected --output with a directory of jars"));
    }

    private static void print(BuiltImage image, Optional<Signer> signer) {
        System.out.println("image    " + image.reference());
        System.out.println("archive  " + image.archive());
        System.out.println("digest   " + image.digest());
        System.out.println("manifest " + image.agentManifest());
        System.out.println(
                signer.map(it -> "key      sha256:" + it.publicKey().id())
                        .orElse("unsigned: `casemate run` refuses this image"));
    }
}
