package dev.casemate.container.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What podman takes from a registry on loopback, by its own policy.
class RegistryTest {

    @TempDir private Path directory;
    private Programs.Registry server;
    private Registry registry;
    private Signer signer;

    @BeforeEach
    void start() throws Exception {
        Programs.require("docker-registry", "skopeo", "podman", "gpg", "gpgconf");
        assumeTrue("root".equals(System.getProperty("user.name")), "pulling here needs root");
        server = Programs.Registry.start(directory);
        registry = new Registry("127.0.0.1:" + server.port() + "/agents/test-agent");
        SigningKeys.create(directory.resolve("k.pem"), directory.resolve("k.pub"));
        signer = Signer.keyFile(directory.resolve("k.pem"), Optional.empty());
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    private Verification push(String purpose, String tag) throws IOException {
        var image = new TestImage(purpose);
        var archive = image.write(directory.resolve("plain.tar"));
        var signed = directory.resolve("signed.tar");
        var verified =
                ImageEvidence.attach(archive, TestImage.facts(), image.analysis(), signer, signed);
        registry.push(signed, verified, tag, true);
        return verified;
    }

    private Programs.Ended pull(String tag, String policy, String signatures) throws Exception {
        var home = directory.resolve("home");
        var settings = Files.createDirectories(home.resolve(".config/containers/registries.d"));
        Files.writeString(settings.resolve("casemate.yaml"), signatures);
        var file = Files.writeString(directory.resolve("policy.json"), policy);
        return Programs.end(
                Map.of("HOME", home.toString()),
                "podman",
                "--root",
                directory.resolve("root").toString(),
                "--runroot",
                directory.resolve("run").toString(),
                "--storage-driver",
                "vfs",
                "pull",
                "--quiet",
                "--tls-verify=false",
                "--signature-policy",
                file.toString(),
                registry.repository() + ":" + tag);
    }

    private Path gpgKey(String name) throws Exception {
        var home =
                Files.createDirectory(
                        directory.resolve(name),
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rwx------")));
        Programs.run(
                Map.of(),
                "gpg",
                "--homedir",
                home.toString(),
                "--batch",
                "--passphrase",
                "",
                "--quick-gen-key",
                name,
                "rsa3072",
                "sign",
                "never");
        Programs.run(
                Map.of(),
                "gpg",
                "--homedir",
                home.toString(),
                "--batch",
                "--armor",
                "--output",
                directory.resolve(name + ".asc").toString(),
                "--export");
        return home;
    }

    @Test
    void podmansPolicyRefusesWhatIsUnsignedTamperedOrWronglySigned() throws Exception {
        var ours = gpgKey("ours");
        var theirs = gpgKey("theirs");
        var lookaside = directory.resolve("lookaside");
        var signatures = registry.signatures("file://" + lookaside);
        var policy = registry.policy("localhost/test-agent", directory.resolve("ours.asc"), true);
        try {
            var image = push("Answers", "1");
            assertThat(pull("1", policy, signatures).output()).contains("signature was required");

            registry.signForPodman(image, "theirs", Optional.of(theirs), lookaside);
            assertThat(pull("1", policy, signatures).code()).isNotZero();

            var signature = registry.signForPodman(image, "ours", Optional.of(ours), lookaside);
            var taken = pull("1", policy, signatures);
            assertThat(taken.code()).as(taken.output()).isZero();
            assertThat("sha256:" + taken.output().strip()).isEqualTo(image.imageId().value());

            var tampered = push("Answers otherwise", "2");
            var place =
                    Path.of(
                            signature
                                    .toString()
                                    .replace(
                                            DigestSet.hex(image.image()),
                                            DigestSet.hex(tampered.image())));
            Files.createDirectories(place.getParent());
            Files.copy(signature, place);
            assertThat(pull("2", policy, signatures).code()).isNotZero();
            assertThat(
                            pull(
                                            "1",
                                            registry.policy(
                                                    "localhost/another",
                                                    directory.resolve("ours.asc"),
                                                    true),
                                            signatures)
                                    .code())
                    .isNotZero();
        } finally {
            for (var home : List.of(ours, theirs)) {
                Programs.run(
                        Map.of(), "gpgconf", "--homedir", home.toString(), "--kill", "gpg-agent");
            }
        }
    }

    @Test
    void signatureAndAttestationsLieBesideTheImage() throws Exception {
        var image = push("Answers", "1");
        var tags =
                Programs.run(
                        Map.of(),
                        "skopeo",
                        "list-tags",
                        "--tls-verify=false",
                        "docker://" + registry.repository());
        assertThat(tags)
                .contains(Index.signatureTag(image.image()), Index.attestationTag(image.image()));
    }

    @Test
    void podmansPolicyHoldsTheAttachedSignature() throws Exception {
        push("Answers", "1");
        SigningKeys.create(directory.resolve("other.pem"), directory.resolve("other.pub"));
        var signatures = registry.signatures("");
        var identity = "localhost/test-agent";
        var refused =
                pull(
                        "1",
                        registry.policy(identity, directory.resolve("other.pub"), false),
                        signatures);
        assertThat(refused.code()).isNotZero();
        var taken =
                pull("1", registry.policy(identity, directory.resolve("k.pub"), false), signatures);
        assumeTrue(
                !taken.output().contains("sigstore disabled"),
                "this podman was built without sigstore: it refuses every attached signature");
        assertThat(taken.code()).as(taken.output()).isZero();
    }

    @Test
    void aRepositoryHasAPathAndNoTag() {
        for (var wrong : List.of("host", "host/name:tag", "host/../name", "-host name/x")) {
            assertThatExceptionOfType(EvidenceException.class)
                    .isThrownBy(() -> new Registry(wrong));
        }
    }
}
