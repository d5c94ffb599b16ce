package dev.casemate.cli;

import dev.casemate.container.evidence.Registry;
import dev.casemate.container.evidence.SigningKeys;
import dev.casemate.container.evidence.TrustedKey;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "key",
        description = "Makes keys that sign images, and what podman needs to hold images to them.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class KeyCommand implements Runnable {

    @Override
    public void run() {
        CommandLine.usage(this, System.out);
    }

    @Command(
            name = "create",
            description = "Makes a pair of keys: ECDSA on P-256.",
            mixinStandardHelpOptions = true)
    int create(
            @Parameters(index = "0", description = "Where the private key goes; not there yet.")
                    Path privateKey,
            @Parameters(index = "1", description = "Where the public key goes; not there yet.")
                    Path publicKey,
            @Option(
                            names = "--password-file",
                            description = "Its first line encrypts the private key.")
                    @Nullable Path passwordFile) {
        var key = SigningKeys.create(privateKey, publicKey, Optional.ofNullable(passwordFile));
        System.out.println("key sha256:" + key.id());
        return 0;
    }

    @Command(
            name = "show",
            description = "Prints a public key's id, as `casemate verify` prints it.",
            mixinStandardHelpOptions = true)
    int show(@Parameters(index = "0", description = "The public key.") Path publicKey) {
        System.out.println("key sha256:" + TrustedKey.read(publicKey).id());
        return 0;
    }

    @Command(
            name = "policy",
            description = {
                "Prints /etc/containers/policy.json for one repository, and a file for"
                        + " /etc/containers/registries.d.",
                "With --lookaside for signatures of gpg, else for those in the registry."
            },
            mixinStandardHelpOptions = true)
    int policy(
            @Parameters(index = "0", description = "The repository: host/path, without a tag.")
                    String repository,
            @Parameters(index = "1", description = "What signatures name: localhost/name.")
                    String identity,
            @Parameters(index = "2", description = "The public key's place where images are run.")
                    Path key,
            @Option(names = "--lookaside", defaultValue = "", description = "Its URL.")
                    String lookaside) {
        var registry = new Registry(repository);
        System.out.println(registry.policy(identity, key, !lookaside.isEmpty()));
        System.out.print(registry.signatures(lookaside));
        return 0;
    }
}
