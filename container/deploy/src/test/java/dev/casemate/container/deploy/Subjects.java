package dev.casemate.container.deploy;

import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.Correlation;
import dev.casemate.manifest.Destination;
import dev.casemate.manifest.Destination.Protocol;
import dev.casemate.manifest.Effect;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.JsonReader;
import dev.casemate.manifest.Limits;
import dev.casemate.manifest.Prompt;
import dev.casemate.manifest.ToolSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// An agent and a proxy, and a place for them on each platform.
final class Subjects {

    static final String CERTIFICATES =
            """
            -----BEGIN CERTIFICATE-----
            MIIBszCCAVmgAwIBAgIUQ2FzZW1hdGUgdGVzdCBjZXJ0aWZpY2F0ZTAKBggqhkjO
            PQQDAjAAMB4XDTI2MDEwMTAwMDAwMFoXDTM2MDEwMTAwMDAwMFow
            -----END CERTIFICATE-----
            """;

    static final String CONFIGURATION =
            """
            # A proxy.
            listen: {host: 0.0.0.0, port: 8443, keyStore: proxy.p12, keyStorePasswordFile: proxy.password}

            ledger: {directory: /var/lib/casemate/ledger, signingKey: /var/lib/casemate/ledger.key}
            """;

    private Subjects() {}

    static List<Place> places() {
        return List.of(
                new Place.Kubernetes(
                        "agents",
                        Optional.of(new Place.RuntimeClass("gvisor", "runsc")),
                        true,
                        Optional.of("casemate"),
                        List.of("agents"),
                        Optional.of("fast")),
                new Place.Ecs(
                        "eu-central-1",
                        "vpc-0123456789abcdef0",
                        "agents",
                        List.of("subnet-0123456789abcdef0", "subnet-0123456789abcdef1"),
                        "sg-0123456789abcdef0",
                        "pl-01234567",
                        "arn:aws:ecr:eu-central-1:123456789012:repository/agents",
                        image("files"),
                        Optional.of(
                                new Place.LedgerFileSystem(
                                        "fs-0123456789abcdef0", "sg-0123456789abcdef1"))),
                new Place.Spcs(
                        "CASEMATE", "AGENTS", "AGENT_POOL", "CASEMATE.AGENTS.IMAGES", "AGENT_ROLE"),
                new Place.Podman("10.213.7.0", Optional.of("/dev/sda")));
    }

    static List<Subject> all() {
        return List.of(task("What is the price of copper?"), worker(), proxy());
    }

    static String image(String name) {
        return "registry.test/" + name + "@sha256:" + "0".repeat(64);
    }

    static Target target(String name, int port, Optional<String> secret) {
        return new Target(
                name, name + ".test", "10.0.0." + (port % 250), port, certificates(), secret);
    }

    private static Optional<String> certificates() {
        return Optional.of(CERTIFICATES);
    }

    static ContainedAgent task(String task) {
        return agent(manifest("1.0.0"), Optional.of(task), 1, image("market-analyst"));
    }

    static ContainedAgent worker() {
        return agent(manifest("1.0.0"), Optional.empty(), 2, image("market-analyst"));
    }

    static ContainedAgent agent(
            AgentManifest manifest, Optional<String> task, int replicas, String image) {
        return new ContainedAgent(
                manifest,
                image,
                new Correlation("run-1", "workflow-1", "transaction-1"),
                "gpt-4o-mini",
                target("proxy", 8443, Optional.of("analyst-credential")),
                List.of(target("prices", 443, Optional.empty())),
                task,
                replicas,
                systemCalls());
    }

    static InferenceProxy proxy() {
        return proxy(CONFIGURATION);
    }

    static InferenceProxy proxy(String configuration) {
        return new InferenceProxy(
                image("casemate-proxy"),
                configuration,
                Map.of("market-analyst.json", manifest("1.0.0").toJson().text()),
                List.of(
                        new SecretFile("proxy.p12", "proxy-keystore"),
                        new SecretFile("proxy.password", "proxy-password"),
                        new SecretFile("provider.key", "provider-key")),
                List.of(
                        new Target(
                                "provider",
                                "api.provider.test",
                                "10.0.9.1",
                                443,
                                Optional.empty(),
                                Optional.empty())),
                new Inbound("10.0.0.193", 8443, List.of("10.1.0.0/16", "10.2.0.0/16")),
                2,
                new Bounds(2_000, 1L << 30, 64L << 20, 512, Optional.empty()),
                20L << 30);
    }

    static Json.Obj systemCalls() {
        return (Json.Obj)
                JsonReader.read(
                        """
                        {"defaultAction": "SCMP_ACT_ERRNO", "defaultErrnoRet": 1,
                         "architectures": ["SCMP_ARCH_X86_64"],
                         "syscalls": [{"names": ["read", "write"], "action": "SCMP_ACT_ALLOW"}]}
                        """);
    }

    static AgentManifest manifest(String version) {
        var schema =
                (Json.Obj)
                        JsonReader.read(
                                "{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{}}");
        return new AgentManifest(
                "market-analyst",
                version,
                "commodities",
                "Answers questions",
                new Prompt("You answer.", "Markets.", List.of("Anything else.")),
                List.of("gpt-4o-mini"),
                List.of(
                        new ToolSpec(
                                "get_current_prices",
                                "Prices",
                                Effect.READ,
                                List.of("prices"),
                                ToolSpec.Handling.within(Duration.ofSeconds(30)),
                                schema)),
                List.of(new Destination("prices", Protocol.HTTPS)),
                new Limits(
                        10,
                        20,
                        10_000,
                        Duration.ofSeconds(60),
                        3,
                        1500,
                        384L << 20,
                        16L << 20,
                        128,
                        50L << 20),
                Set.of(),
                Optional.empty());
    }
}
