package dev.casemate.container.launch;

import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.Capability;
import dev.casemate.manifest.Correlation;
import dev.casemate.manifest.Destination;
import dev.casemate.manifest.Destination.Protocol;
import dev.casemate.manifest.Digest;
import dev.casemate.manifest.Effect;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.JsonReader;
import dev.casemate.manifest.Limits;
import dev.casemate.manifest.Prompt;
import dev.casemate.manifest.ToolSpec;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// An agent with two destinations, and launches of it.
final class Examples {

    static final String MODEL = "gpt-4o-mini";
    static final Digest IMAGE = Digest.of(new byte[] {1});
    static final LaunchId ID = new LaunchId(300, "0a1b2c3d");
    static final LaunchFiles FILES = new LaunchFiles(LaunchFiles.BASE, ID);

    static final Limits LIMITS =
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
                    50L << 20);

    static final HostFacts HOST =
            new HostFacts(true, Set.of("127.0.0.1", "10.1.2.3"), false, Optional.of("/dev/sda"));

    private Examples() {}

    static AgentManifest agent() {
        return agent(LIMITS);
    }

    static AgentManifest agent(Limits limits) {
        var schema =
                (Json.Obj)
                        JsonReader.read(
                                "{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{}}");
        return new AgentManifest(
                "market-analyst",
                "1.0.0",
                "commodities",
                "Answers questions",
                new Prompt("You answer.", "Markets.", List.of("Anything else.")),
                List.of(MODEL),
                List.of(
                        new ToolSpec(
                                "get_current_prices",
                                "Prices",
                                Effect.READ,
                                List.of("prices"),
                                ToolSpec.Handling.within(Duration.ofSeconds(30)),
                                schema),
                        new ToolSpec(
                                "query_database",
                                "Queries",
                                Effect.READ,
                                List.of("warehouse"),
                                ToolSpec.Handling.within(Duration.ofSeconds(30)),
                                schema)),
                List.of(
                        new Destination("prices", Protocol.HTTPS),
                        new Destination("warehouse", Protocol.POSTGRESQL)),
                limits,
                Set.of(Capability.NETWORK_CONNECT),
                Optional.empty());
    }

    static Binding binding(String name, String address, int port) {
        return new Binding(
                name,
                name + ".casemate.test",
                new InetSocketAddress(InetAddress.ofLiteral(address), port),
                Optional.empty(),
                Optional.empty());
    }

    static Binding proxy() {
        return new Binding(
                Binding.PROXY,
                "proxy.casemate.test",
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 18_443),
                Optional.of(Path.of("/etc/proxy/ca.pem")),
                Optional.of(Path.of("/etc/proxy/key")));
    }

    static LaunchRequest request(Control... without) {
        return request(
                List.of(
                        binding("prices", "10.1.2.3", 20_443),
                        binding("warehouse", "172.16.9.9", 15_432)),
                without);
    }

    static LaunchRequest request(List<Binding> destinations, Control... without) {
        return new LaunchRequest(
                Path.of("agent.tar"),
                "localhost/market-analyst:1.0.0",
                agent(),
                new Correlation("run-1", "workflow-1", "transaction-1"),
                MODEL,
                proxy(),
                destinations,
                List.of("What is the price of copper?"),
                Set.of(without));
    }

    static LaunchPlan plan(Control... without) {
        return LaunchPlan.of(request(without), IMAGE, ID, HOST, FILES);
    }
}
