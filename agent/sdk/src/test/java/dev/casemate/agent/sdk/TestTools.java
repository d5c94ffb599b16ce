package dev.casemate.agent.sdk;

import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.Effect;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.Limits;
import dev.casemate.manifest.Prompt;
import dev.casemate.manifest.ToolSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// A tool set that runs whatever it is asked to run: only the loop stands in front of it.
final class TestTools implements ToolSet {

    private static final Limits LIMITS =
            new Limits(
                    10,
                    10,
                    100_000,
                    Duration.ofSeconds(60),
                    2,
                    1000,
                    1 << 28,
                    1 << 20,
                    64,
                    1 << 20);

    private final AgentManifest manifest;
    private final Function<Json, ToolOutcome> body;

    /// The names of the tools that ran.
    final List<String> ran = Collections.synchronizedList(new ArrayList<>());

    TestTools(AgentManifest manifest, Function<Json, ToolOutcome> body) {
        this.manifest = manifest;
        this.body = body;
    }

    static TestTools answering(String text) {
        return new TestTools(manifest(LIMITS, "look_up"), _ -> new ToolOutcome.Answered(text));
    }

    static TestTools limitedTo(Limits limits) {
        return new TestTools(manifest(limits, "look_up"), _ -> new ToolOutcome.Answered("nothing"));
    }

    static AgentManifest manifest(Limits limits, String... tools) {
        return new AgentManifest(
                "tester",
                "1",
                "quality",
                "Tests the loop",
                new Prompt("You are a test.", "Tests.", List.of("Anything else.")),
                List.of("test-model"),
                List.of(tools).stream().map(TestTools::tool).toList(),
                List.of(),
                limits,
                Set.of(),
                Optional.empty());
    }

    private static ToolSpec tool(String name) {
        return new ToolSpec(
                name,
                "Looks something up",
                Effect.READ,
                List.of(),
                ToolSpec.Handling.within(Duration.ofSeconds(30)),
                Json.object().put("type", "object").put("additionalProperties", false).build());
    }

    static Limits limits() {
        return LIMITS;
    }

    @Override
    public AgentManifest manifest() {
        return manifest;
    }

    @Override
    public Optional<ToolOutcome.Refused> check(String tool, Json arguments) {
        return Optional.empty();
    }

    @Override
    public ToolOutcome call(String tool, Json arguments, IdempotencyKey key) {
        ran.add(tool);
        return body.apply(arguments);
    }
}
