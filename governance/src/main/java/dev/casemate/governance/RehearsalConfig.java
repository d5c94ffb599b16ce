package dev.casemate.governance;

import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.Digest;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// The proxy's configuration for a rehearsal, as an operator would write it.
final class RehearsalConfig {

    /// The workflow whose budget is small enough for a drill to exhaust.
    static final String FRUGAL_WORKFLOW = "drill-runaway";

    private RehearsalConfig() {}

    static String yaml(
            AgentManifest manifest,
            String credential,
            String launcherCredential,
            Optional<RealModel> real,
            int rehearsalPort) {
        var upstream =
                real.map(model ->
                                "url: \"%s\", keyFile: \"%s\""
                                        .formatted(model.url(), model.keyFile().toAbsolutePath()))
                        .orElse(
                                "url: \"https://127.0.0.1:%d/v1\", certificateAuthority: model.pem"
                                        .formatted(rehearsalPort));
        var name = manifest.models().getFirst();
        return """
        # Written for one rehearsal. A configuration in earnest has the same form.
        listen: {host: 127.0.0.1, port: 0, keyStore: proxy.p12, keyStorePasswordFile: proxy.password}
        admin: {host: 127.0.0.1, port: 0}
        ledger: {directory: ledger, signingKey: ledger.key}
        upstreams:
          - {name: model, %s}
        models:
          # What agents ask for, where it is sent, and what it costs per million tokens.
          - {name: "%s", upstream: model, upstreamModel: "%s", maxOutputTokens: 1024,
             inputUsdPerMillion: "%s", cachedInputUsdPerMillion: "%s", outputUsdPerMillion: "%s"}
        agents:
          # Only this digest of the manifest is admitted; only the holder of the key is this agent.
          - {manifest: manifest.json, digest: "%s", team: rehearsal, credentialSha256: "%s",
             launcherCredentialSha256: "%s"}
        budgets:
          - {name: agent-daily, subject: agent, value: %s, period: day, limitUsd: "5.00", alertPercent: 80}
          - {name: frugal, subject: workflow, value: %s, period: day, limitUsd: "0.01", alertPercent: 80}
        """
                .formatted(
                        upstream,
                        name,
                        real.map(RealModel::model).orElse(name),
                        real.map(RealModel::inputUsdPerMillion).orElse("0.15"),
                        real.map(RealModel::inputUsdPerMillion).orElse("0.075"),
                        real.map(RealModel::outputUsdPerMillion).orElse("0.60"),
                        manifest.digest(),
                        hash(credential),
                        hash(launcherCredential),
                        manifest.name(),
                        FRUGAL_WORKFLOW);
    }

    private static String hash(String credential) {
        return Digest.of(credential.strip().getBytes(StandardCharsets.UTF_8))
                .value()
                .substring("sha256:".length());
    }
}
