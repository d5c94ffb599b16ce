package dev.casemate.manifest;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A small valid manifest, for tests to read, write and break.
final class Samples {

    private Samples() {}

    static AgentManifest manifest() {
        var schema =
                (Json.Obj)
                        JsonReader.read(
                                """
                                {"type":"object","properties":{"symbol":{"type":"string","maxLength":6}},
                                 "required":["symbol"],"additionalProperties":false}
                                """);
        return new AgentManifest(
                "market-analyst",
                "1.0.0",
                "commodities desk",
                "Answers questions on commodity markets",
                new Prompt("A market analyst.", "Commodity markets.", List.of("Anything else.")),
                List.of("gpt-4o-mini"),
                List.of(
                        new ToolSpec(
                                "get_current_prices",
                                "Current price of a commodity",
                                Effect.READ,
                                List.of("prices"),
                                ToolSpec.Handling.within(Duration.ofSeconds(30)),
                                schema)),
                List.of(new Destination("prices", Destination.Protocol.HTTPS)),
                new Limits(
                        8,
                        16,
                        20_000,
                        Duration.ofSeconds(60),
                        3,
                        1000,
                        1L << 28,
                        1L << 24,
                        64,
                        1L << 24),
                Set.of(Capability.NETWORK_CONNECT),
                Optional.empty());
    }
}
