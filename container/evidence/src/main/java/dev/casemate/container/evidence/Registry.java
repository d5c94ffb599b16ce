package dev.casemate.container.evidence;

import dev.casemate.container.evidence.EvidenceException.Code;
import dev.casemate.manifest.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// A repository of a registry: takes a verified image with what is attached to it, and tells what
/// podman there has to be configured with.
///
/// @param repository `host[:port]/path`, without a tag
public record Registry(String repository) {

    private static final Pattern REPOSITORY =
            Pattern.compile("[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[a-z0-9]+([._-]+[a-z0-9]+)*)+");
    private static final int PUSH_MINUTES = 30;
    private static final int SIGN_MINUTES = 2;

    public Registry {
        if (!REPOSITORY.matcher(repository).matches()) {
            throw new EvidenceException(
                    Code.COMMAND_FAILED, "expected a repository as host/path, without a tag");
        }
    }

    /// Copies image, signature and attestations with skopeo, which finds its credentials itself.
    ///
    /// @param archive what `verified` was found of; skopeo is told the digest by the tag names, and
    ///   refuses to change any
    /// @param tag of the image there
    /// @param plainHttp for a registry on loopback
    public void push(Path archive, Verification verified, String tag, boolean plainHttp) {
        var names = new ArrayList<List<String>>();
        names.add(List.of(verified.reference(), tag));
        for (var name :
                List.of(
                        Index.signatureTag(verified.image()),
                        Index.attestationTag(verified.image()))) {
            names.add(List.of(name, name));
        }
        for (var name : names) {
            run(
                    PUSH_MINUTES,
                    // The archive was verified here; the machine's policy is about what it runs.
                    List.of(
                            "skopeo",
                            "--insecure-policy",
                            "copy",
                            "--quiet",
                            "--preserve-digests",
                            "--dest-tls-verify=" + !plainHttp,
                            "oci-archive:" + archive.toAbsolutePath() + ":" + name.getFirst(),
                            "docker://" + repository + ":" + name.getLast()));
        }
    }

    /// Signs with gpg, for a podman that verifies nothing else, into a directory that its
    /// `lookaside` names.
    ///
    /// @param fingerprint of a secret key that gpg has
    /// @param gpgHome empty for the user's own
    /// @return the signature's file
    public Path signForPodman(
            Verification verified, String fingerprint, Optional<Path> gpgHome, Path lookaside) {
        var path = repository.substring(repository.indexOf('/') + 1);
        try {
            var directory =
                    Files.createDirectories(
                            lookaside.resolve(
                                    path + "@" + verified.image().value().replace(':', '=')));
            var payload = Files.createTempFile("casemate-", ".json");
            var signature = directory.resolve("signature-1");
            try {
                Files.write(
                        payload,
                        SimpleSigning.payload(
                                SimpleSigning.OPENPGP, verified.reference(), verified.image()));
                var command = new ArrayList<>(List.of("gpg", "--batch", "--yes"));
                gpgHome.ifPresent(home -> command.addAll(List.of("--homedir", home.toString())));
                command.addAll(List.of("--local-user", fingerprint));
                command.addAll(List.of("--output", signature.toString()));
                command.addAll(List.of("--sign", payload.toString()));
                run(SIGN_MINUTES, command);
            } finally {
                Files.delete(payload);
            }
            return signature;
        } catch (IOException e) {
            throw new EvidenceException(
                    Code.WRITE_FAILED, "expected to write below the lookaside directory", e);
        }
    }

    /// What `/etc/containers/policy.json` needs so that podman takes from this repository only what
    /// was signed, and from nowhere else anything.
    ///
    /// @param identity the repository that signatures name, `localhost/name`
    /// @param key where the public key lies on the machine that pulls
    /// @param gpg whether it is a key of gpg's, for a podman that verifies nothing else
    public String policy(String identity, Path key, boolean gpg) {
        var rule = Json.object().put("type", gpg ? "signedBy" : "sigstoreSigned");
        if (gpg) {
            rule.put("keyType", "GPGKeys");
        }
        rule.put("keyPath", key.toString())
                .put(
                        "signedIdentity",
                        Json.object()
                                .put("type", "exactRepository")
                                .put("dockerRepository", identity)
                                .build());
        return Json.object()
                .put("default", Json.array(List.of(Json.object().put("type", "reject").build())))
                .put(
                        "transports",
                        Json.object()
                                .put(
                                        "docker",
                                        Json.object()
                                                .put(repository, Json.array(List.of(rule.build())))
                                                .build())
                                .build())
                .build()
                .text();
    }

    /// What a file in `/etc/containers/registries.d` says of where signatures are.
    ///
    /// @param lookaside empty text for signatures that are attached in the registry
    public String signatures(String lookaside) {
        return "docker:\n  "
                + repository
                + ":\n    "
                + (lookaside.isEmpty()
                        ? "use-sigstore-attachments: true"
                        : "lookaside: " + lookaside)
                + "\n";
    }

    private static void run(int minutes, List<String> command) {
        try {
            var process =
                    new ProcessBuilder(command)
                            .redirectInput(
                                    ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start();
            if (process.waitFor(minutes, TimeUnit.MINUTES) && process.exitValue() == 0) {
                return;
            }
            process.destroyForcibly();
        } catch (IOException e) {
            throw new EvidenceException(
                    Code.COMMAND_FAILED, "expected the program " + command.getFirst(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new EvidenceException(
                Code.COMMAND_FAILED, "expected " + command.getFirst() + " to succeed; see above");
    }
}
