package dev.casemate.agent.testkit;

import static dev.casemate.agent.testkit.RunAssert.assertThatRun;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.casemate.agent.sdk.ChatReply;
import dev.casemate.agent.sdk.RunEnd;
import dev.casemate.agent.sdk.RunReport;
import dev.casemate.agent.sdk.TokenCount;
import dev.casemate.agent.sdk.ToolOutcome.Refusal;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.JsonReader;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class RunAssertTest {

    private static final String FILE =
            "{\"title\":\"T\",\"prices\":[{\"symbol\":\"XCU\",\"price\":1}],\"target\":{\"kind\":\"desk\",\"desk\":\"A\"}}";

    private static RunReport report() {
        var tools =
                FixtureToolSet.of(Samples.MANIFEST)
                        .answering("quote", Samples.symbol("XCU"), "9912.5")
                        .failing("quote", "java.net.ConnectException")
                        .refusing("file", "Not at night.");
        var model =
                new ScriptedModel()
                        .callsTogether(
                                new ScriptedModel.Call("quote", Samples.symbol("XCU")),
                                new ScriptedModel.Call("bash", "{\"command\":\"id\"}"),
                                new ScriptedModel.Call("quote", "{"))
                        .calls("quote", Samples.symbol("XAU"))
                        .callsWith("file", FILE)
                        .streams("Copper ", "is at ", "9912.5.");
        return Samples.run(tools, model, "What is copper at?\u001b[2J");
    }

    @Test
    void everythingThatIsSoCanBeSaid() {
        assertThatRun(report())
                .called("quote")
                .called("quote", Samples.symbol("XAU"))
                .called("quote", arguments -> arguments.text("symbol").isPresent())
                .calledTimes("quote", 2)
                .calledTimes("bash", 0)
                .neverCalled("bash")
                .neverCalled(
                        "quote", arguments -> arguments.text("symbol").orElse("").equals("XZN"))
                .calledInOrder("quote", "quote", "file")
                .neverAsked("sh")
                .refused("bash")
                .refusedWith("bash", Refusal.UNKNOWN_TOOL)
                .refusedWith("file", Refusal.GUARD)
                .failed("quote")
                .noCallOutsideManifest()
                .everyCallAnswered()
                .toolResultContains("quote", "9912")
                .noToolResultContains("secret")
                .endedWith(RunEnd.Answered.class)
                .endedWith(new RunEnd.Answered("Copper is at 9912.5."))
                .answered()
                .answeredWith("9912.5")
                .answeredMatching(Pattern.compile("[0-9]+\\.[0-9]"))
                .answered(text -> text.length() < 40, "of at most 40 characters")
                .neverAnsweredWith("silver")
                .modelAskedAtMost(4)
                .tokensAtMost(480)
                .costAtMost(new BigDecimal("0.000108"), TokenPrices.usdPerMillion("0.15", "0.60"));
    }

    @Test
    void everythingThatIsNotSoFailsWithAReportOfTheRun() {
        var run = assertThatRun(report());
        var wrong = new ArrayList<Consumer<RunAssert>>();
        wrong.addAll(
                List.of(
                        it -> it.called("bash"),
                        it -> it.called("quote", Samples.symbol("XZN")),
                        it -> it.called("quote", arguments -> arguments.members().isEmpty()),
                        it -> it.calledTimes("quote", 3),
                        it -> it.neverCalled("file"),
                        it -> it.neverCalled("quote", arguments -> true),
                        it -> it.calledInOrder("quote", "file"),
                        it -> it.nothingRan(),
                        it -> it.askedForNothing(),
                        it -> it.neverAsked("bash"),
                        it -> it.refused("quote"),
                        it -> it.refused("sh")));
        wrong.addAll(
                List.of(
                        it -> it.refusedWith("bash", Refusal.GUARD),
                        it -> it.failed("file"),
                        it -> it.toolResultContains("quote", "9913"),
                        it -> it.toolResultContains("file", "9912"),
                        it -> it.noToolResultContains("9912"),
                        it -> it.endedWith(RunEnd.StepLimit.class),
                        it -> it.endedWith(new RunEnd.Answered("Copper")),
                        it -> it.answeredWith("silver"),
                        it -> it.answeredMatching(Pattern.compile("^[0-9]+$")),
                        it -> it.answered(text -> text.length() < 4, "of at most 4 characters"),
                        it -> it.neverAnsweredWith("Copper"),
                        it -> it.modelAskedAtMost(3)));
        wrong.addAll(
                List.of(
                        it -> it.tokensAtMost(479),
                        it ->
                                it.costAtMost(
                                        new BigDecimal("0.000107"),
                                        TokenPrices.usdPerMillion("0.15", "0.60"))));
        for (var assertion : wrong) {
            assertThatExceptionOfType(AssertionError.class)
                    .isThrownBy(() -> assertion.accept(run))
                    .withMessageStartingWith("expected ")
                    .withMessageContaining("call 2  bash {\"command\":\"id\"} -> refused");
        }
    }

    @Test
    void aFailureReadsLikeAReport() {
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> assertThatRun(report()).neverCalled("quote"))
                .withMessage(
                        """
                        expected that quote never ran
                        Run r of quoter 1
                          task   What is copper at?\u00b7[2J
                          call 1  quote {"symbol":"XCU"} -> answered: 9912.5
                          call 2  bash {"command":"id"} -> refused, unknown_tool: There is no such tool. There are only: quote, file.
                          call 3  quote { -> refused, invalid_arguments: Expected one JSON object. MALFORMED_JSON at /: expected more input at character 1
                          call 4  quote {"symbol":"XAU"} -> failed: java.net.ConnectException
                          call 5  file %s -> refused, guard: Not at night.
                          end    answered: Copper is at 9912.5.
                          took   4 answers of the model, 400 + 80 tokens\
                        """
                                .formatted(FILE));
    }

    @Test
    void theWordsOfAModelThatStreamsAreTold() {
        var told = new ArrayList<String>();
        var model = new ScriptedModel().streams("Copper ", "is up.");
        var reply = model.ask(request(), told::add);
        assertThat(told).containsExactly("Copper ", "is up.");
        assertThat(reply)
                .isInstanceOfSatisfying(
                        ChatReply.Answer.class,
                        answer -> assertThat(answer.text()).contains("Copper is up."));
    }

    @Test
    void aScriptRefusesAndFails() {
        var tools = FixtureToolSet.of(Samples.MANIFEST);
        assertThatRun(Samples.run(tools, new ScriptedModel().refuses(403, "policy_blocked")))
                .endedWith(RunEnd.ModelRefused.class)
                .neverAnsweredWith("")
                .askedForNothing();
        assertThatRun(
                        Samples.run(
                                tools,
                                new ScriptedModel()
                                        .refuses(429, "slow_down", Duration.ofSeconds(1))))
                .endedWith(RunEnd.ModelRefused.class);
        assertThatRun(Samples.run(tools, new ScriptedModel().fails(ChatReply.Failure.TIMED_OUT)))
                .endedWith(RunEnd.ModelFailed.class);
    }

    @Test
    void costIsExact() {
        var prices = TokenPrices.usdPerMillion("0.15", "0.60");
        assertThat(prices.cost(new TokenCount(1_000_000, 1_000_000))).isEqualByComparingTo("0.75");
        assertThat(prices.cost(new TokenCount(1, 0))).isEqualByComparingTo("0.00000015");
    }

    private static dev.casemate.agent.sdk.ChatRequest request() {
        return new dev.casemate.agent.sdk.ChatRequest(
                "test-model",
                List.of(),
                List.of(),
                new dev.casemate.agent.sdk.TraceContext("1".repeat(32), "2".repeat(16)),
                Duration.ofSeconds(1));
    }

    @Test
    void fixturesHoldTheSchemaOfTheManifest() {
        var tools = FixtureToolSet.of(Samples.MANIFEST).answering("file", "ok");
        assertThat(tools.check("file", JsonReader.read(FILE))).isEmpty();
        for (var broken :
                List.of(
                        FILE.replace("\"T\"", "\"\""),
                        FILE.replace("desk\",", "client\","),
                        FILE.replace("\"price\":1", "\"price\":-1"),
                        FILE.replace("\"title\"", "\"tilte\""),
                        "[]")) {
            assertThat(tools.check("file", JsonReader.read(broken)))
                    .as(broken)
                    .hasValueSatisfying(refused ->
                            assertThat(refused.reason()).isEqualTo(Refusal.INVALID_ARGUMENTS));
        }
        assertThat(tools.check("bash", new Json.Null()))
                .hasValueSatisfying(
                        refused -> assertThat(refused.reason()).isEqualTo(Refusal.UNKNOWN_TOOL));
        assertThatExceptionOfType(TestkitException.class)
                .isThrownBy(() -> tools.answering("bash", "x"));
    }
}
