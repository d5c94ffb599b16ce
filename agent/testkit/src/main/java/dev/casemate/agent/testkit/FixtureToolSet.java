package dev.casemate.agent.testkit;

import dev.casemate.agent.sdk.IdempotencyKey;
import dev.casemate.agent.sdk.ToolOutcome;
import dev.casemate.agent.sdk.ToolOutcome.Refusal;
import dev.casemate.agent.sdk.ToolSet;
import dev.casemate.agent.testkit.BoundedMatch.Found;
import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.ToolSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Tools that answer what a test wrote: the manifest's names and schemas, and none of the agent's
/// code.
///
/// A call must hold the tool's schema, as in earnest, before a fixture answers it. A call that no
/// fixture covers fails with [#NO_FIXTURE].
public final class FixtureToolSet implements ToolSet {

    /// The failure of a call that no fixture covers.
    public static final String NO_FIXTURE = "no_fixture";

    /// What a model reads of a tool that threw.
    static final String FAILED_TEXT = "The tool failed. Do not call it again.";

    private final AgentManifest manifest;
    private final Map<String, ArgumentsSchema> schemas;
    private final List<Fixture> fixtures;

    FixtureToolSet(
            AgentManifest manifest, Map<String, ArgumentsSchema> schemas, List<Fixture> fixtures) {
        this.manifest = manifest;
        this.schemas = schemas;
        this.fixtures = List.copyOf(fixtures);
    }

    /// Tools that answer nothing yet.
    public static FixtureToolSet of(AgentManifest manifest) {
        return new FixtureToolSet(manifest, schemas(manifest), List.of());
    }

    static Map<String, ArgumentsSchema> schemas(AgentManifest manifest) {
        return manifest.tools().stream()
                .collect(
                        Collectors.toUnmodifiableMap(
                                ToolSpec::name,
                                (Function<ToolSpec, ArgumentsSchema>) ArgumentsSchema::new));
    }

    /// The same, where every other call of the tool answers this.
    public FixtureToolSet answering(String tool, String result) {
        return with(CallPattern.any(tool), new ToolOutcome.Answered(result));
    }

    /// The same, where calls with these arguments answer this; arguments that are not named may
    /// have any value.
    public FixtureToolSet answering(String tool, Json.Obj arguments, String result) {
        return with(
                new CallPattern(tool, arguments.members(), Map.of()),
                new ToolOutcome.Answered(result));
    }

    /// The same, where every other call of the tool throws.
    public FixtureToolSet failing(String tool, String exception) {
        return with(CallPattern.any(tool), new ToolOutcome.Failed(exception, FAILED_TEXT));
    }

    /// The same, where a guarded part of the tool refuses every other call.
    public FixtureToolSet refusing(String tool, String text) {
        return with(CallPattern.any(tool), new ToolOutcome.Refused(Refusal.GUARD, text));
    }

    private FixtureToolSet with(CallPattern calls, ToolOutcome outcome) {
        if (manifest.tool(calls.tool()).isEmpty()) {
            throw new TestkitException(
                    TestkitException.Code.BROKEN_REFERENCE,
                    "fixture of " + calls.tool(),
                    "expected a tool of the manifest");
        }
        var more = Stream.concat(fixtures.stream(), Stream.of(new Fixture(calls, outcome)));
        return new FixtureToolSet(manifest, schemas, more.toList());
    }

    @Override
    public AgentManifest manifest() {
        return manifest;
    }

    @Override
    public Optional<ToolOutcome.Refused> check(String tool, Json arguments) {
        var schema = schemas.get(tool);
        if (schema == null) {
            return Optional.of(
                    new ToolOutcome.Refused(Refusal.UNKNOWN_TOOL, "There is no such tool."));
        }
        return schema.complaint(arguments)
                .map(complaint ->
                        new ToolOutcome.Refused(
                                Refusal.INVALID_ARGUMENTS,
                                "Expected arguments that hold the schema: " + complaint));
    }

    @Override
    public ToolOutcome call(String tool, Json arguments, IdempotencyKey key) {
        return check(tool, arguments)
                .<ToolOutcome>map(refused -> refused)
                .orElseGet(() -> answer(tool, arguments));
    }

    private ToolOutcome answer(String tool, Json arguments) {
        return fixtures.stream()
                .filter(fixture -> fixture.calls().covers(tool, arguments) == Found.YES)
                .findFirst()
                .map(Fixture::outcome)
                .orElseGet(() -> new ToolOutcome.Failed(NO_FIXTURE, FAILED_TEXT));
    }
}
