package dev.casemate.proxy.gateway;

import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.Digest;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.ManifestException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The agents that may connect, each with the manifest that was admitted for it.
///
/// A manifest file that is not the admitted one shuts out its agent and no other.
final class AgentRegistry {

    private static final System.Logger LOG = System.getLogger(AgentRegistry.class.getName());
    private static final String SCHEME = "Bearer ";

    /// An agent whose credential was presented.
    ///
    /// @param gate its admitted manifest; empty if the file is not what was admitted
    /// @param role whether it is the agent itself, or who launches it
    record Identity(String team, Digest digest, Optional<ManifestGate> gate, Role role) {

        /// @throws GatewayException `CREDENTIAL_OF_ANOTHER_ROLE`
        void require(Role expected) {
            if (role != expected) {
                throw new GatewayException(
                        ErrorCode.CREDENTIAL_OF_ANOTHER_ROLE,
                        switch (expected) {
                            case AGENT ->
                                    "expected the agent's credential; a launcher's tells of containers alone";
                            case LAUNCHER ->
                                    "expected the launcher's credential; an agent tells of no containers";
                        });
            }
        }

        /// The agent's name, for records and labels.
        Optional<String> name() {
            return gate.map(admitted -> admitted.manifest().name());
        }

        /// @throws GatewayException `MANIFEST_NOT_ADMITTED`
        ManifestGate admitted() {
            return gate.orElseThrow(() ->
                    new GatewayException(
                            ErrorCode.MANIFEST_NOT_ADMITTED,
                            "expected the manifest that was admitted as " + digest,
                            Json.object().put("manifest", digest.value()).build()));
        }
    }

    /// What a credential is for. Neither may do what the other may.
    enum Role {
        /// Runs in the container: prompts, events and spans.
        AGENT,
        /// Starts the container: what becomes of it. Its credential never enters one.
        LAUNCHER
    }

    private static final class Entry {
        private final byte[] credentialHash;
        private final Identity identity;

        Entry(byte[] credentialHash, Identity identity) {
            this.credentialHash = credentialHash;
            this.identity = identity;
        }
    }

    private final List<Entry> entries = new ArrayList<>();

    AgentRegistry(List<GatewayConfig.Agent> agents) {
        for (var agent : agents) {
            var gate = read(agent.manifest(), agent.digest()).map(ManifestGate::new);
            entries.add(
                    new Entry(
                            agent.credentialSha256().bytes(),
                            new Identity(agent.team(), agent.digest(), gate, Role.AGENT)));
            agent.launcherCredentialSha256()
                    .ifPresent(hash ->
                            entries.add(
                                    new Entry(
                                            hash.bytes(),
                                            new Identity(
                                                    agent.team(),
                                                    agent.digest(),
                                                    gate,
                                                    Role.LAUNCHER))));
        }
    }

    private static Optional<AgentManifest> read(Path file, Digest admitted) {
        try {
            if (Files.size(file) <= AgentManifest.MAX_BYTES) {
                var manifest = AgentManifest.read(Files.readAllBytes(file));
                if (manifest.digest().equals(admitted)) {
                    return Optional.of(manifest);
                }
            }
            LOG.log(
                    System.Logger.Level.WARNING,
                    "manifest {0} is not the one admitted as {1}: its agent stays outside",
                    file,
                    admitted);
        } catch (IOException | ManifestException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "manifest {0} cannot be read: its agent stays outside ({1})",
                    file,
                    e.getMessage());
        }
        return Optional.empty();
    }

    /// The agents that are admitted now.
    List<AgentManifest> admitted() {
        return entries.stream()
                .filter(entry -> entry.identity.role() == Role.AGENT)
                .flatMap(entry -> entry.identity.gate().stream())
                .map(ManifestGate::manifest)
                .toList();
    }

    /// Finds whose credential this is, in the same time whoever it is.
    ///
    /// @param authorization the header's value
    /// @param apiKey of the header `x-api-key`, where Anthropic's clients put it
    /// @throws GatewayException `UNKNOWN_AGENT`, also where both name one and they differ
    Identity identify(Optional<String> authorization, Optional<String> apiKey) {
        var bearer =
                authorization
                        .filter(value -> value.regionMatches(true, 0, SCHEME, 0, SCHEME.length()))
                        .map(value -> value.substring(SCHEME.length()).strip());
        var key = apiKey.map(String::strip);
        var credential = authorization.isPresent() ? bearer : key;
        Identity found = null;
        if (credential.isPresent() && key.or(() -> credential).equals(credential)) {
            var hash = sha256(credential.get());
            for (var entry : entries) {
                if (MessageDigest.isEqual(hash, entry.credentialHash)) {
                    found = entry.identity;
                }
            }
        }
        if (found == null) {
            throw new GatewayException(
                    ErrorCode.UNKNOWN_AGENT,
                    "expected an agent's credential as \"Authorization: Bearer ...\" or \"x-api-key: ...\"");
        }
        return found;
    }

    private static byte[] sha256(String credential) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(credential.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
