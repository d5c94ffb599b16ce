package dev.casemate.agent.testkit;

import static dev.casemate.agent.testkit.RunAssert.assertThatRun;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.casemate.agent.sdk.AgentLoop;
import dev.casemate.agent.sdk.Approver;
import dev.casemate.agent.sdk.ChatModel;
import dev.casemate.agent.sdk.IdempotencyKey;
import dev.casemate.agent.sdk.RunEnd;
import dev.casemate.agent.sdk.RunReport;
import dev.casemate.agent.sdk.ToolOutcome;
import dev.casemate.agent.sdk.ToolOutcome.Refusal;
import dev.casemate.agent.sdk.ToolSet;
import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.Correlation;
import dev.casemate.manifest.Effect;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.Limits;
import dev.casemate.manifest.Prompt;
import dev.casemate.manifest.ToolSpec;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostileModelTest {

    private static final Json.Obj SCHEMA =
            (Json.Obj)
                    dev.casemate.manifest.JsonReader.read(
                            """
                            {"type":"object","additionalProperties":false,"required":["symbol"],
                            "properties":{"symbol":{"type":"string"}}}\
                            """);

    private static final AgentManifest MANIFEST =
            new AgentManifest(
                    "quoter",
                    "1",
                    "quality",
                    "Quotes prices",
                    new Prompt("You quote.", "Prices.", List.of("All else.")),
                    List.of("test-model"),
                    List.of(
                            new ToolSpec(
                                    "quote",
                                    "A price",
                                    Effect.READ,
                                    List.of(),
                                    ToolSpec.Handling.within(Duration.ofSeconds(30)),
                                    SCHEMA)),
                    List.of(),
                    new Limits(
                            10_000,
                            10_000,
                            1_000_000,
                            Duration.ofMinutes(10),
                            10_000,
                            1,
                            1,
                            1,
                            1,
                            1),
                    Set.of(),
                    Optional.empty());

    /// Checks its one tool's arguments, as a compiled tool set does.
    private static final class Quotes implements ToolSet {

        final List<Json> ran = new ArrayList<>();
        private final boolean checked;

        Quotes(boolean checked) {
            this.checked = checked;
        }

        @Override
        public AgentManifest manifest() {
            return MANIFEST;
        }

        @Override
        public Optional<ToolOutcome.Refused> check(String tool, Json arguments) {
            boolean holds =
                    !checked
                            || (arguments instanceof Json.Obj object
                                    && object.members().keySet().equals(Set.of("symbol"))
                                    && object.text("symbol").isPresent());
            return holds
                    ? Optional.empty()
                    : Optional.of(
                            new ToolOutcome.Refused(
                                    Refusal.INVALID_ARGUMENTS, "Expected a symbol."));
        }

        @Override
        public ToolOutcome call(String tool, Json arguments, IdempotencyKey key) {
            return check(tool, arguments)
                    .<ToolOutcome>map(refused -> refused)
                    .orElseGet(() -> {
                        ran.add(arguments);
                        return new ToolOutcome.Answered("1");
                    });
        }
    }

    private static RunReport run(ToolSet tools, ChatModel model) {
        return new AgentLoop(
                        tools,
                        model,
                        "test-model",
                        new Correlation("r", "w", "t"),
                        InstantSource.system(),
                        new Random(7),
                        Approver.NOBODY,
                        _ -> {})
                .run("Quote copper.");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void ofThousandsOfHostileCallsNoneRunsAndEachIsAnswered(long seed) {
        var tools = new Quotes(true);
        var report = run(tools, new HostileModel(seed, 100, 30));
        assertThatRun(report)
                .endedWith(RunEnd.Answered.class)
                .nothingRan()
                .noCallOutsideManifest()
                .everyCallAnswered();
        assertThat(report.calls()).hasSize(3000);
        assertThat(tools.ran).isEmpty();
    }

    @Test
    void withTheCheckOfArgumentsOffHostileCallsRun() {
        var tools = new Quotes(false);
        var report = run(tools, new HostileModel(1, 100, 30));
        assertThat(tools.ran).hasSizeGreaterThan(200);
        // The loop alone still holds what it answers for: names, and JSON that can be read.
        assertThatRun(report).noCallOutsideManifest().everyCallAnswered();
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> assertThatRun(report).nothingRan());
    }

    @Test
    void theSameSeedMakesTheSameCalls() {
        var one = run(new Quotes(true), new HostileModel(5, 5, 5)).calls();
        assertThat(run(new Quotes(true), new HostileModel(5, 5, 5)).calls()).isEqualTo(one);
        assertThat(run(new Quotes(true), new HostileModel(6, 5, 5)).calls()).isNotEqualTo(one);
    }

    @Test
    void aScriptedRunIsAssertedOn() {
        var model =
                new ScriptedModel()
                        .calls("quote", Json.object().put("symbol", "XCU").build())
                        .callsWith("quote", "{")
                        .calls("bash", Json.object().put("command", "id").build())
                        .says("It is 1.");
        var report = run(new Quotes(true), model);
        assertThatRun(report)
                .called("quote")
                .neverCalled("bash")
                .refused("bash")
                .calledInOrder("quote")
                .noCallOutsideManifest()
                .everyCallAnswered()
                .endedWith(RunEnd.Answered.class)
                .answeredWith("1");
        assertThat(model.asked()).hasSize(4);
        assertThat(report.tokens()).isEqualTo(new dev.casemate.agent.sdk.TokenCount(400, 80));
        var run = assertThatRun(report);
        for (Runnable wrong :
                List.<Runnable>of(
                        () -> run.called("bash"),
                        () -> run.neverCalled("quote"),
                        () -> run.refused("quote"),
                        () -> run.calledInOrder("quote", "quote"),
                        () -> run.nothingRan(),
                        () -> run.answeredWith("2"),
                        () -> run.endedWith(RunEnd.StepLimit.class))) {
            assertThatExceptionOfType(AssertionError.class)
                    .isThrownBy(wrong::run)
                    .withMessageContaining("bash {\"command\":\"id\"} -> refused");
        }
    }

    @Test
    void aScriptThatIsTooShortFailsTheRun() {
        assertThatRun(run(new Quotes(true), new ScriptedModel()))
                .endedWith(RunEnd.ModelFailed.class);
    }
}
