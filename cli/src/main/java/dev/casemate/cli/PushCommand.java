package dev.casemate.cli;

import dev.casemate.container.evidence.Registry;
import dev.casemate.container.evidence.Verifier;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "push",
        description = "Verifies an image, and copies it with its evidence to a registry (skopeo).",
        mixinStandardHelpOptions = true)
final class PushCommand implements Callable<Integer> {

    @Parameters(index = "0", description = "The OCI archive.")
    private Path image;

    @Parameters(index = "1", description = "The repository: host/path, without a tag.")
    private String repository;

    @Option(
            names = "--key",
            required = true,
            description = "A trusted public key in PEM; may be given several times.")
    private List<Path> keys;

    @Option(names = "--plain-http", description = "For a registry on loopback.")
    private boolean plainHttp;

    @Option(
            names = "--gpg",
            paramLabel = "FINGERPRINT",
            description = "Signs with this key of gpg's too, for a podman that takes only that.")
    private @Nullable String fingerprint;

    @Option(names = "--gpg-home", description = "Where gpg has its keys; default: the user's own.")
    private @Nullable Path gpgHome;

    @Option(
            names = "--lookaside",
            paramLabel = "DIRECTORY",
            description = "Where gpg's signature goes; to be served to the podman that pulls.")
    private @Nullable Path lookaside;

    @Override
    public Integer call() throws IOException {
        if ((fingerprint == null) != (lookaside == null)) {
            throw new CommandLine.ParameterException(
                    new CommandLine(this), "expected --gpg and --lookaside together");
        }
        var verified = Verifier.verify(image, keys);
        var registry = new Registry(repository);
        registry.push(image, verified, verified.agent().version(), plainHttp);
        System.out.println("pushed    " + repository + "@" + verified.image());
        if (fingerprint != null && lookaside != null) {
            System.out.println(
                    "signature "
                            + registry.signForPodman(
                                    verified,
                                    fingerprint,
                                    Optional.ofNullable(gpgHome),
                                    lookaside));
        }
        return 0;
    }
}
