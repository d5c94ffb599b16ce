package dev.casemate.cli;

import dev.casemate.governance.Identity;
import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.CanonicalJson;
import dev.casemate.manifest.Digest;
import dev.casemate.manifest.Json;
import dev.casemate.proxy.gateway.Gateway;
import dev.casemate.proxy.gateway.GatewayConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A proxy on loopback for one evaluation, in front of a model that has none: what is evaluated
/// asks through the same policy, budget and ledger as in earnest, and no second client is needed.
final class EvaluationProxy implements AutoCloseable {

    private static final String LOOPBACK = "127.0.0.1";
    private static final String TEAM = "evaluation";

    /// The model, and what it costs per million tokens.
    ///
    /// @param url up to and including `/v1`
    /// @param keyFile the provider's key; null where none is needed
    record Upstream(
            URI url, @Nullable Path keyFile, String inputUsd, String outputUsd, String budgetUsd) {}

    /// One agent that asks: by which name, and what the provider calls that model.
    record Asking(AgentManifest manifest, String model, String upstreamModel) {}

    private final Path directory;
    private final Gateway gateway;

    private EvaluationProxy(Path directory, Gateway gateway) {
        this.directory = directory;
        this.gateway = gateway;
    }

    /// @param directory that is made, and in which the ledger stays
    static EvaluationProxy start(Path directory, Upstream upstream, List<Asking> agents)
            throws IOException {
        Files.createDirectories(directory);
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        Identity.create(directory, "proxy", List.of("localhost", LOOPBACK));
        for (var agent : agents) {
            Files.writeString(credential(directory, agent), Identity.randomToken());
            Files.write(
                    directory.resolve(agent.manifest().name() + ".json"),
                    CanonicalJson.bytes(agent.manifest().toJson()));
        }
        var config =
                Files.writeString(
                        directory.resolve("casemate.yaml"), yaml(directory, upstream, agents));
        return new EvaluationProxy(directory, Gateway.start(GatewayConfig.read(config)));
    }

    private static Path credential(Path directory, Asking agent) {
        return directory.resolve(agent.manifest().name() + ".key");
    }

    private static String yaml(Path directory, Upstream upstream, List<Asking> agents)
            throws IOException {
        var models = new ArrayList<String>();
        var admitted = new ArrayList<String>();
        for (var agent : agents) {
            models.add(
                    """
                      - {name: %s, upstream: model, upstreamModel: %s, maxOutputTokens: 4096,
                         inputUsdPerMillion: "%s", cachedInputUsdPerMillion: "%s", outputUsdPerMillion: "%s"}
                    """
                            .formatted(
                                    quoted(agent.model()),
                                    quoted(agent.upstreamModel()),
                                    upstream.inputUsd(),
                                    upstream.inputUsd(),
                                    upstream.outputUsd()));
            var token = Files.readString(credential(directory, agent)).strip();
            admitted.add(
                    """
                      - {manifest: %s.json, digest: "%s", team: %s, credentialSha256: "%s"}
                    """
                            .formatted(
                                    agent.manifest().name(),
                                    agent.manifest().digest(),
                                    TEAM,
                                    Digest.of(token.getBytes(StandardCharsets.UTF_8))
                                            .value()
                                            .substring("sha256:".length())));
        }
        var key =
                Optional.ofNullable(upstream.keyFile())
                        .map(file -> ", keyFile: " + quoted(file.toAbsolutePath().toString()))
                        .orElse("");
        return """
        listen: {host: %s, port: 0, keyStore: proxy.p12, keyStorePasswordFile: proxy.password}
        admin: {host: %s, port: 0}
        ledger: {directory: ledger, signingKey: ledger.key}
        upstreams:
          - {name: model, url: %s%s}
        models:
        %sagents:
        %sbudgets:
          - {name: evaluation, subject: team, value: %s, period: day, limitUsd: "%s", alertPercent: 80}
        """
                .formatted(
                        LOOPBACK,
                        LOOPBACK,
                        quoted(upstream.url().toString()),
                        key,
                        String.join("", models),
                        String.join("", admitted),
                        TEAM,
                        upstream.budgetUsd());
    }

    /// JSON's quotes and escapes are YAML's.
    private static String quoted(String text) {
        return Json.of(text).text();
    }

    ProxyAccess access(Asking agent) {
        return new ProxyAccess(
                LOOPBACK,
                gateway.port(),
                directory.resolve("proxy.pem"),
                credential(directory, agent),
                agent.manifest(),
                agent.model());
    }

    /// The ledger stays; what identified the agents and the proxy does not.
    @Override
    public void close() {
        gateway.close();
        try (var files = Files.list(directory)) {
            for (var file : files.toList()) {
                var name = file.getFileName().toString();
                if (name.equals("proxy.p12")
                        || name.equals("proxy.password")
                        || (name.endsWith(".key") && !name.startsWith("ledger"))) {
                    Files.delete(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
