package dev.casemate.proxy.gateway;

import dev.casemate.manifest.Digest;
import dev.casemate.manifest.Json;
import dev.casemate.proxy.finops.Budget;
import dev.casemate.proxy.finops.Price;
import dev.casemate.proxy.policy.Policy;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/// Everything that an operator decides about one gateway, read and checked as a whole before
/// anything starts. It holds paths of secrets, never secrets.
///
/// @param budgets at least what the operator wrote; none means that nothing bounds spending
/// @param policy the effective rules, with the operator's own on top of the defaults
public record GatewayConfig(
        Listen listen,
        Admin admin,
        LedgerFiles ledger,
        TrafficLimits limits,
        List<Upstream> upstreams,
        List<Model> models,
        List<Agent> agents,
        List<Budget> budgets,
        Policy policy) {

    public GatewayConfig {
        upstreams = List.copyOf(upstreams);
        models = List.copyOf(models);
        agents = List.copyOf(agents);
        budgets = List.copyOf(budgets);
        Objects.requireNonNull(policy);
    }

    /// Reads the YAML file; relative paths in it are relative to the file.
    ///
    /// @throws ConfigException naming file, line and key
    public static GatewayConfig read(Path yaml) {
        return ConfigReader.read(yaml);
    }

    /// Where agents connect: TLS only.
    ///
    /// @param port 0 for any free one
    /// @param keyStore PKCS#12
    public record Listen(String host, int port, Path keyStore, Path keyStorePasswordFile) {}

    /// Where the operator's tools connect: plain HTTP, loopback only.
    public record Admin(String host, int port) {}

    /// @param origin the log's name in its checkpoints
    /// @param signingKey made on the first start
    public record LedgerFiles(Path directory, Path signingKey, String origin) {}

    /// Every limit is set; there is no "unlimited".
    ///
    /// @param bodyBytes of one request, however it is framed
    /// @param headerBytes of one request's header fields together
    /// @param upstream from the first byte sent to the last byte received
    /// @param idle how long a peer may owe the gateway bytes
    /// @param concurrentExchanges on the agent side, all agents together
    /// @param answerBytes of one upstream's answer, stream or not
    public record TrafficLimits(
            int bodyBytes,
            int headerBytes,
            Duration upstream,
            Duration idle,
            int concurrentExchanges,
            int answerBytes) {

        static final int MAX_BODY_BYTES = 8 << 20;

        /// The limits of a configuration that names none.
        public static TrafficLimits defaults() {
            return new TrafficLimits(
                    2 << 20,
                    16 << 10,
                    Duration.ofSeconds(120),
                    Duration.ofSeconds(60),
                    2_000,
                    MAX_BODY_BYTES);
        }
    }

    /// A provider of models.
    ///
    /// @param format in which it is asked
    /// @param url up to and including `/v1`; plain HTTP only to a loopback address
    /// @param certificateAuthority PEM; empty for the platform's own
    /// @param keyFile the key; empty for an upstream that asks for none
    public record Upstream(
            String name,
            WireFormat format,
            URI url,
            Optional<Path> certificateAuthority,
            Optional<Path> keyFile) {}

    /// A model as agents name it.
    ///
    /// @param fallbacks upstreams to turn to, in this order, where the one before refused or could
    ///   not be reached; of the same format
    /// @param upstreamModel as its upstreams name it
    /// @param maxOutputTokens the most that one answer may have
    /// @param outputLimitField the member that tells an upstream so that speaks `openai_chat`
    /// @param price empty: the model is known, but nothing may be spent on it
    public record Model(
            String name,
            String upstream,
            List<String> fallbacks,
            String upstreamModel,
            int maxOutputTokens,
            String outputLimitField,
            Optional<Price> price) {
        public Model {
            fallbacks = List.copyOf(fallbacks);
        }

        /// Every upstream that may get a prompt for it, in the order in which they are asked.
        List<String> upstreams() {
            return Stream.concat(Stream.of(upstream), fallbacks.stream()).toList();
        }
    }

    /// An agent that may connect.
    ///
    /// @param manifest file of its manifest
    /// @param digest of the manifest that was admitted
    /// @param credentialSha256 32 bytes: what its bearer credential hashes to
    /// @param launcherCredentialSha256 the same of its launcher's, which tells of its containers
    ///   and may do nothing else; empty where no launcher does
    public record Agent(
            Path manifest,
            Digest digest,
            String team,
            CredentialHash credentialSha256,
            Optional<CredentialHash> launcherCredentialSha256) {}

    /// SHA-256 of a credential, compared in constant time.
    public record CredentialHash(String hex) {
        public CredentialHash {
            if (HexFormat.of().parseHex(hex).length != 32) {
                throw new IllegalArgumentException("expected 64 hexadecimal digits");
            }
        }

        byte[] bytes() {
            return HexFormat.of().parseHex(hex);
        }
    }

    Optional<Model> model(String name) {
        return models.stream().filter(model -> model.name().equals(name)).findFirst();
    }

    /// The wire format in which a model is asked.
    WireFormat formatOf(Model model) {
        return upstreams.stream()
                .filter(upstream -> upstream.name().equals(model.upstream()))
                .findFirst()
                .orElseThrow()
                .format();
    }

    /// Names the configuration that an exchange ran under: upstreams, prices, models, agents and
    /// policy.
    String version() {
        var document =
                Json.object()
                        .put("policy", policy.version())
                        .put("upstreams", upstreams.toString())
                        .put("models", models.toString())
                        .put("agents", agents.stream().map(a -> a.digest().value()).toList() + "")
                        .put("budgets", budgets.toString())
                        .put("limits", limits.toString())
                        .build();
        return Digest.of(document).value();
    }
}
