package dev.casemate.agent.sdk;

import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.Effect;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.JsonReader;
import dev.casemate.manifest.Limits;
import dev.casemate.manifest.Prompt;
import dev.casemate.manifest.ToolSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;

/// Tools that do what a test wrote. A call with the argument `wrong` does not hold its schema.
final class FakeTools implements ToolSet {

    /// The arguments that every tool takes.
    private static final Json.Obj SCHEMA =
            (Json.Obj)
                    JsonReader.read(
                            """
                            {"type":"object","additionalProperties":false,"properties":{
                            "n":{"type":"integer"},"to":{"type":"string"},"text":{"type":"string"},
                            "lines":{"type":"array"},"letter":{"type":"object"}}}\
                            """);

    private final List<ToolSpec> specs = new ArrayList<>();
    private final Map<String, BiFunction<Json, IdempotencyKey, ToolOutcome>> bodies =
            new HashMap<>();
    private Limits limits = limits(100, 10);
    private Duration timeout = Duration.ofSeconds(30);
    private Optional<Duration> approval = Optional.empty();
    private List<String> trusted = List.of();

    /// The names of the tools that ran, as they began.
    final List<String> ran = Collections.synchronizedList(new ArrayList<>());

    /// The keys that they were given.
    final List<IdempotencyKey> keys = Collections.synchronizedList(new ArrayList<>());

    static Limits limits(int toolCalls, int identicalCalls) {
        return limits(toolCalls, identicalCalls, Duration.ofSeconds(60));
    }

    static Limits limits(int toolCalls, int identicalCalls, Duration deadline) {
        return new Limits(20, toolCalls, 1_000_000, deadline, identicalCalls, 1, 1, 1, 1, 1);
    }

    FakeTools limitedTo(Limits limits) {
        this.limits = limits;
        return this;
    }

    /// The next tool has this much time.
    FakeTools within(Duration time) {
        timeout = time;
        return this;
    }

    /// Each call of the next tool waits for a human for so long.
    FakeTools approvedWithin(Duration time) {
        approval = Optional.of(time);
        return this;
    }

    /// These arguments of the next tool are trusted.
    FakeTools trusting(String... arguments) {
        trusted = List.of(arguments);
        return this;
    }

    FakeTools reads(String name, Function<Json, String> body) {
        return tool(name, Effect.READ, (json, _) -> new ToolOutcome.Answered(body.apply(json)));
    }

    FakeTools writes(String name, Function<Json, String> body) {
        return tool(name, Effect.WRITE, (json, _) -> new ToolOutcome.Answered(body.apply(json)));
    }

    FakeTools tool(String name, Effect effect, BiFunction<Json, IdempotencyKey, ToolOutcome> body) {
        specs.add(
                new ToolSpec(
                        name,
                        "Does what " + name.replace('_', ' ') + " says",
                        effect,
                        List.of(),
                        new ToolSpec.Handling(Set.of(), timeout, approval, trusted),
                        SCHEMA));
        bodies.put(name, body);
        timeout = Duration.ofSeconds(30);
        approval = Optional.empty();
        trusted = List.of();
        return this;
    }

    @Override
    public AgentManifest manifest() {
        return new AgentManifest(
                "tester",
                "1",
                "quality",
                "Tests the loop",
                new Prompt("You are a test.", "Tests.", List.of("Anything else.")),
                List.of("test-model"),
                specs,
                List.of(),
                limits,
                Set.of(),
                Optional.empty());
    }

    @Override
    public Optional<ToolOutcome.Refused> check(String tool, Json arguments) {
        return arguments instanceof Json.Obj object && object.get("wrong").isPresent()
                ? Optional.of(
                        new ToolOutcome.Refused(
                                ToolOutcome.Refusal.INVALID_ARGUMENTS, "Leave out wrong."))
                : Optional.empty();
    }

    @Override
    public ToolOutcome call(String tool, Json arguments, IdempotencyKey key) {
        ran.add(tool);
        keys.add(key);
        return Objects.requireNonNull(bodies.get(tool)).apply(arguments, key);
    }
}
