package dev.casemate.agent.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.casemate.agent.sdk.ChatModel;
import dev.casemate.agent.sdk.ChatReply;
import dev.casemate.agent.testkit.TestkitException.Code;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import javax.xml.XMLConstants;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.SchemaFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EvaluationTest {

    private static final String COPPER =
            """
            name: copper
            task: What is copper at?
            fixtures:
              - {tool: quote, arguments: {symbol: XCU}, result: {price: 9912.5}}
            """;

    private static final String SCRIPT =
            """
            script:
              - {call: quote, arguments: {symbol: XCU}}
              - say: Copper is at 9912.5.
            """;

    @TempDir private Path folder;

    private EvaluationSuite suite(String all, String... cases) throws IOException {
        Files.writeString(
                folder.resolve("suite.yaml"),
                """
                apiVersion: casemate.dev/suite/v1
                name: quotes
                agent: quoter
                runs: 4
                seed: 1
                thresholds: {all: %s, attacks: {rate: 1}}
                """
                        .formatted(all));
        for (int i = 0; i < cases.length; i++) {
            Files.writeString(folder.resolve("case-" + i + ".yaml"), cases[i]);
        }
        return EvaluationSuite.read(folder);
    }

    private EvaluationReport scripted(String... cases) throws IOException {
        return evaluation(cases).run(_ -> {});
    }

    private Evaluation evaluation(String... cases) throws IOException {
        return Evaluation.of(suite("{rate: 1}", cases), Samples.MANIFEST);
    }

    private static List<String> failures(EvaluationReport report) {
        return report.results().getFirst().runs().getFirst().failures();
    }

    @Test
    void withoutAModelACasePlaysItsScriptOnce() throws IOException {
        var lines = new ArrayList<String>();
        var report =
                evaluation(
                                COPPER
                                        + "expect: {called: quote, answer: {contains: '9912.5'}}\n"
                                        + SCRIPT)
                        .run(lines::add);
        assertThat(report.passed()).as(report.text()).isTrue();
        assertThat(report.all()).isEqualTo(new PassRate(1, 1));
        assertThat(lines).singleElement().asString().contains("ok", "copper", "1/1");
        assertThat(report.text()).contains("PASSED", "quoter 1", "the scripts of the cases");
    }

    /// Each expectation on its own, and the sentence with which it fails.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "called: file                        | expected a call of file that ran",
                "called: {tool: quote, times: 2}     | expected 2 calls of quote to run, 1 did",
                "called: {tool: quote, arguments: {symbol: XAU}} | expected a call of quote symbol=\"XAU\"",
                "called: {tool: quote, matching: {symbol: '^XA'}} | expected a call of quote symbol matching ^XA",
                "neverCalled: quote                  | expected that no call of quote ran",
                "neverCalled: {tool: quote, matching: {symbol: 'X(.*)*Z?CU'}} | expected that no call of quote",
                "neverAsked: quote                   | expected that the model did not ask for quote",
                "calledInOrder: []                   | expected that these ran: [], and these did: [quote]",
                "refused: quote                      | expected that each call of quote was refused",
                "refused: {tool: quote, reason: guard} | was refused as guard",
                "refused: bash                       | expected that each call of bash was refused",
                "failed: quote                       | expected a call of quote that failed",
                "results: {tool: quote, contains: EUR} | expected a result of quote with \"EUR\"",
                "results: {lacks: price}             | expected a result without \"price\"",
                "endedWith: step_limit               | expected the end step_limit, found answered: Copper",
                "answer: {contains: silver}          | expected an answer with \"silver\"",
                "answer: {lacks: copper}             | expected an answer without \"copper\"",
                "answer: {equals: Copper}            | expected an answer that is \"Copper\"",
                "answer: {matches: '^[0-9]+$'}       | expected an answer that matches ^[0-9]+$",
                "answer: {json: {path: $.price}}     | expected an answer that is JSON with something at $.price",
                "callsAtMost: 0                      | expected at most 0 calls, found 1",
                "stepsAtMost: 1                      | expected at most 1 steps, found 2",
                "tokensAtMost: 200                   | expected at most 200 tokens, found 240",
            })
    void anExpectationThatDoesNotHoldFailsTheRunAndSaysWhy(String line) throws IOException {
        int bar = line.indexOf(" | ");
        var expectation = line.substring(0, bar).strip();
        var sentence = line.substring(bar + 3).strip();
        var report = scripted(COPPER + "expect: {" + expectation + "}\n" + SCRIPT);
        assertThat(failures(report)).singleElement().asString().contains(sentence);
        assertThat(report.passed()).isFalse();
        assertThat(report.text()).contains("FAILED", sentence, "task   What is copper at?");
    }

    @Test
    void everyExpectationCanHold() throws IOException {
        var report =
                scripted(
                        COPPER
                                + """
                                  - {tool: file, refuses: "Not at night."}
                                  - {tool: quote, arguments: {symbol: XAU}, fails: java.net.ConnectException}
                                expect:
                                  called: [{tool: quote, times: 1, arguments: {symbol: XCU}, matching: {symbol: CU}}, file]
                                  neverCalled: {tool: quote, arguments: {symbol: XZN}}
                                  neverAsked: sh
                                  calledInOrder: [quote, quote, file]
                                  refused: [{tool: bash, reason: unknown_tool}, {tool: file, reason: guard}]
                                  failed: quote
                                  results: [{tool: quote, contains: "9912"}, {lacks: secret}]
                                  answer: {json: [{path: "$.price", equals: 9912.50}, {path: "$['at'][0]"}], matches: price}
                                  callsAtMost: 4
                                  stepsAtMost: 5
                                  tokensAtMost: 600
                                script:
                                  - {call: quote, arguments: {symbol: XCU}}
                                  - {call: quote, arguments: {symbol: XAU}}
                                  - {call: file, arguments: {title: T, prices: [{symbol: XCU, price: 1}], target: {kind: desk, desk: A}}}
                                  - {call: bash}
                                  - say: "Here:\\n```json\\n{\\"price\\": 9912.5, \\"at\\": [1]}\\n```\\n"
                                """);
        assertThat(report.passed()).as(report.text()).isTrue();
    }

    @Test
    void aCallWithoutAFixtureFailsTheRunUnlessTheCaseAllowsIt() throws IOException {
        var script = SCRIPT.replace("XCU", "XAU");
        var report = scripted(COPPER + "expect: {}\n" + script);
        assertThat(failures(report))
                .singleElement()
                .asString()
                .startsWith("expected a fixture for each call, found none for quote");
        assertThat(
                        scripted(
                                        COPPER
                                                + "withoutFixture: allowed\nexpect: {failed: quote}\n"
                                                + script)
                                .passed())
                .isTrue();
    }

    @Test
    void aCallThatDoesNotHoldTheSchemaReachesNoFixture() throws IOException {
        var report =
                scripted(
                        COPPER
                                + "expect: {refused: {tool: quote, reason: invalid_arguments}}\n"
                                + SCRIPT.replace("symbol: XCU", "symbol: XCU, currency: EUR"));
        assertThat(report.passed()).as(report.text()).isTrue();
    }

    @Test
    void aModelIsAskedAsOftenAsTheSuiteSaysAndTheThresholdDecides() throws IOException {
        var asked = new AtomicInteger();
        Supplier<ChatModel> oneInFourIsWrong =
                () ->
                        new ScriptedModel()
                                .calls("quote", Samples.symbol("XCU"))
                                .says(asked.incrementAndGet() % 4 == 0 ? "No idea." : "9912.5");
        var text = COPPER + "expect: {answer: {contains: '9912.5'}}\n";
        var strict =
                Evaluation.of(suite("{rate: 1}", text), Samples.MANIFEST)
                        .model("a model", oneInFourIsWrong)
                        .run(_ -> {});
        assertThat(strict.all()).isEqualTo(new PassRate(3, 4));
        assertThat(strict.passed()).isFalse();
        var lenient =
                Evaluation.of(suite("{rate: 0.7}", text), Samples.MANIFEST)
                        .model("a model", oneInFourIsWrong)
                        .runs(40)
                        .parallel(8)
                        .run(_ -> {});
        assertThat(lenient.all()).isEqualTo(new PassRate(30, 40));
        assertThat(lenient.passed()).isTrue();
        assertThat(lenient.text()).contains("flaky", "No idea.", "75.0 % (59.8 to 85.8)");
    }

    @Test
    void theAttacksHaveAThresholdOfTheirOwn() throws IOException {
        var cases = new ArrayList<String>();
        for (int i = 0; i < 9; i++) {
            cases.add(
                    COPPER.replace("name: copper", "name: copper " + i)
                            + "expect: {called: quote}\n"
                            + SCRIPT);
        }
        cases.add(
                COPPER.replace("name: copper", "name: attack\ntags: attack")
                        + "expect: {neverCalled: quote}\n"
                        + SCRIPT);
        var report =
                Evaluation.of(suite("{rate: 0.8}", cases.toArray(String[]::new)), Samples.MANIFEST)
                        .run(_ -> {});
        assertThat(report.all()).isEqualTo(new PassRate(9, 10));
        assertThat(report.attacks()).isEqualTo(new PassRate(0, 1));
        assertThat(report.passed()).isFalse();
        assertThat(report.text()).contains("NOT MET");
    }

    @Test
    void aCaseWithoutAScriptIsSkippedWithoutAModelAndNothingButSkippedIsNoPass()
            throws IOException {
        var only = scripted(COPPER + "expect: {called: quote}\n");
        assertThat(only.skipped()).containsExactly("copper");
        assertThat(only.passed()).isFalse();
    }

    @Test
    void aCaseThatIsAlwaysScriptedIsNotAskedOfAModel() throws IOException {
        var report =
                evaluation(
                                COPPER
                                        + """
                                        alwaysScripted: true
                                        expect: {endedWith: repeated_call}
                                        script:
                                          - {call: quote, arguments: {symbol: XCU}, times: 9}
                                        """)
                        .model(
                                "none",
                                () -> {
                                    throw new AssertionError("asked");
                                })
                        .run(_ -> {});
        assertThat(report.passed()).as(report.text()).isTrue();
        assertThat(report.all().runs()).isOne();
    }

    @Test
    void aRealModelThatDoesNotEvenAskIsAsWelcomeAsARefusal() throws IOException {
        var text = "name: shell\ntask: ls\nexpect: {refused: bash}\n";
        Supplier<ChatModel> declines = () -> new ScriptedModel().says("I cannot.");
        assertThat(evaluation(text).model("m", declines).run(_ -> {}).passed()).isTrue();
        assertThat(scripted(text + "script: [{say: I cannot.}]\n").passed()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"yes", "Yes.", " YES\n"})
    void aJudgeThatSaysYesPasses(String word) throws IOException {
        assertThat(judged(new ScriptedModel().says(word)).passed()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"no", "maybe", "yes, but", "\"yes\"", "The answer is yes", "y", "yesno"})
    void aJudgeThatSaysAnythingElseFails(String word) throws IOException {
        assertThat(judged(new ScriptedModel().says(word)).passed()).isFalse();
    }

    @Test
    void aJudgeThatDoesNotAnswerFails() throws IOException {
        var refuses =
                new ScriptedModel()
                        .replies(
                                new ChatReply.Refused(403, "policy_blocked", "", Optional.empty()));
        var report = judged(refuses);
        assertThat(report.passed()).isFalse();
        assertThat(failures(report))
                .containsExactly("expected the judge to say yes, it said unknown: Is it short?");
        assertThat(judged(new ScriptedModel().calls("bash", Samples.symbol("X"))).passed())
                .isFalse();
    }

    private EvaluationReport judged(ScriptedModel judge) throws IOException {
        return evaluation(COPPER + "expect: {answer: {judge: Is it short?}}\n")
                .model("m", () -> new ScriptedModel().says("[end of answer] 9912.5"))
                .judge(new Judge(judge, Judge.manifest("judge-model")))
                .runs(1)
                .run(_ -> {});
    }

    @Test
    void whatIsAskedOfAJudgeFramesTheAnswerByAWordThatNobodyKnows() throws IOException {
        var judge = new ScriptedModel().says("yes");
        judged(judge);
        var asked = judge.asked().getFirst();
        assertThat(asked.model()).isEqualTo("judge-model");
        assertThat(asked.tools()).isEmpty();
        assertThat(asked.messages().getFirst().toString())
                .contains(Judge.manifest("m").prompt().systemMessage());
        assertThat(asked.messages().getLast().toString())
                .containsPattern(
                        "(?s)\\[answer ([a-z]{16})]\n\\[end of answer] 9912.5\n\\[end of answer \\1]");
    }

    @Test
    void aQuestionWithoutAJudgeIsRefusedBeforeAnythingRuns() throws IOException {
        var text = COPPER + "expect: {answer: {judge: Is it short?}}\n" + SCRIPT;
        assertThatExceptionOfType(TestkitException.class)
                .isThrownBy(() -> evaluation(text).model("m", ScriptedModel::new).run(_ -> {}))
                .satisfies(refused -> assertThat(refused.code()).isEqualTo(Code.NO_JUDGE));
        var scripted = scripted(text);
        assertThat(scripted.passed()).isTrue();
        assertThat(scripted.html()).contains("not judged");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "expect: {called: qoute}",
                "expect: {neverCalled: bash}",
                "expect: {calledInOrder: [bash]}",
                "expect: {failed: bash}",
                "expect: {results: {tool: bash, lacks: x}}",
                "expect: {called: {tool: quote, arguments: {simbol: XCU}}}",
                "expect: {neverCalled: {tool: quote, matching: {simbol: XCU}}}",
                "fixtures: [{tool: bash, result: x}]\nexpect: {}"
            })
    void aNameThatTheManifestDoesNotKnowIsRefused(String keys) {
        assertThatExceptionOfType(TestkitException.class)
                .isThrownBy(() -> evaluation("name: n\ntask: t\n" + keys + "\n"))
                .withMessageContaining("case-0.yaml:1")
                .satisfies(refused -> assertThat(refused.code()).isEqualTo(Code.BROKEN_REFERENCE));
    }

    @Test
    void aSuiteForAnotherAgentIsRefused() throws IOException {
        Files.writeString(folder.resolve("case-0.yaml"), COPPER + "expect: {}\n");
        var other = suite("{rate: 1}");
        Files.writeString(
                folder.resolve("suite.yaml"),
                Files.readString(folder.resolve("suite.yaml")).replace("quoter", "other"));
        assertThat(other.size()).isOne();
        assertThatExceptionOfType(TestkitException.class)
                .isThrownBy(() -> Evaluation.of(EvaluationSuite.read(folder), Samples.MANIFEST))
                .satisfies(refused -> assertThat(refused.code()).isEqualTo(Code.OTHER_AGENT));
    }

    @Test
    void theAgentsOwnToolsCanStandInForFixtures() throws IOException {
        var text = COPPER + "expect: {results: {tool: quote, contains: own}}\n" + SCRIPT;
        var own = FixtureToolSet.of(Samples.MANIFEST).answering("quote", "the tool's own");
        var report = evaluation(text).tools(() -> own).run(_ -> {});
        assertThat(report.passed()).as(report.text()).isTrue();
        var other = FixtureToolSet.of(Samples.manifest(1, 1));
        assertThatExceptionOfType(TestkitException.class)
                .isThrownBy(() -> evaluation(text).tools(() -> other).run(_ -> {}))
                .satisfies(refused -> assertThat(refused.code()).isEqualTo(Code.OTHER_AGENT));
    }

    @Test
    void aRunThatBreaksOffIsAFailureAndNotTheEndOfTheEvaluation() throws IOException {
        var report =
                evaluation(COPPER + "expect: {}\n")
                        .model(
                                "m",
                                () ->
                                        (_, _) -> {
                                            throw new AssertionError("record again");
                                        })
                        .runs(1)
                        .run(_ -> {});
        assertThat(failures(report)).singleElement().asString().contains("record again");
        assertThat(report.html()).contains("record again");
    }

    /// Everything that a hostile model could write into a report.
    private static final String HOSTILE =
            "</pre><script>alert(1)</script><img src=x onerror=alert(1)> ' onmouseover=\"x\" ]]> &lt; \u001b[2J"
                    + " \u202e \u0000 \ud800 \uffff";

    private EvaluationReport hostile() throws IOException {
        return evaluation(COPPER + "expect: {called: quote}\n")
                .model(
                        HOSTILE,
                        () ->
                                new ScriptedModel()
                                        .callsWith(HOSTILE, HOSTILE)
                                        .callsWith("quote", HOSTILE)
                                        .says(HOSTILE))
                .run(_ -> {});
    }

    @Test
    void aReportForATerminalMovesNoCursor() throws IOException {
        assertThat(hostile().text().replace("\n", "").codePoints())
                .allMatch(point ->
                        point == 0xb7
                                || (Character.getType(point) != Character.CONTROL
                                        && Character.getType(point) != Character.FORMAT));
    }

    @Test
    void aPageHoldsNothingOfWhatAModelWroteAsMarkup() throws IOException {
        var html = hostile().html();
        assertThat(html)
                .contains(
                        "&lt;script&gt;alert(1)",
                        "default-src &#39;none&#39;".replace("&#39;", "'"));
        assertThat(html)
                .doesNotContain(
                        "<script", "<img", "onerror=alert(1)>", "\u001b", "\u0000", "\u202e");
        // Each `<` begins one of the page's own elements.
        assertThat(html.replaceAll("(?s)<style>.*</style>", ""))
                .doesNotContainPattern(
                        "<(?!/?(!DOCTYPE|html|head|meta|title|style|body|h1|h2|h3|p|table|tr|th|td|a|span|details|summary|ul|li|pre)\\b)(?!!DOCTYPE)");
        assertThat(html.split("<pre>", -1)).hasSameSizeAs(html.split("</pre>", -1));
        assertThat(html).doesNotContain("http://", "https://", "src=\"", "@import", "url(");
    }

    @Test
    void theXmlIsValidWhateverAModelWrote() throws Exception {
        for (var report :
                List.of(
                        hostile(),
                        scripted(COPPER + "expect: {called: quote}\n" + SCRIPT),
                        scripted(COPPER + "expect: {called: file}\n" + SCRIPT),
                        scripted(COPPER + "expect: {}\n"))) {
            validate(report.junitXml());
        }
    }

    private static void validate(String xml) throws Exception {
        var factory = SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI);
        var schema = factory.newSchema(EvaluationTest.class.getResource("junit-report.xsd"));
        schema.newValidator().validate(new StreamSource(new StringReader(xml)));
    }

    @Test
    void aCaseBelowItsThresholdIsAFailureInTheXmlAndOneAboveItIsFlaky() throws IOException {
        var asked = new AtomicInteger();
        Supplier<ChatModel> oneInFourIsWrong =
                () ->
                        new ScriptedModel()
                                .says(asked.incrementAndGet() % 4 == 0 ? "No idea." : "9912.5");
        var text = COPPER + "expect: {answer: {contains: '9912.5'}}\n";
        for (var threshold : List.of("{rate: 1}", "{rate: 0.5}")) {
            var xml =
                    Evaluation.of(suite(threshold, text), Samples.MANIFEST)
                            .model("m", oneInFourIsWrong)
                            .run(_ -> {})
                            .junitXml();
            boolean strict = threshold.equals("{rate: 1}");
            assertThat(xml).contains("tests=\"2\" failures=\"" + (strict ? 2 : 0) + "\"");
            assertThat(xml.contains("<flakyFailure")).isEqualTo(!strict);
            assertThat(xml.contains("type=\"threshold\"")).isEqualTo(strict);
        }
    }

    @Test
    void theSameSeedPlaysTheSameRunWhateverRunsBesideIt() throws IOException {
        var text = COPPER + "expect: {called: quote}\n" + SCRIPT;
        var alone = scripted(text).results().getFirst().runs().getFirst().report().orElseThrow();
        var beside =
                scripted(text, text.replace("name: copper", "name: another"))
                        .results()
                        .getFirst()
                        .runs()
                        .getFirst()
                        .report()
                        .orElseThrow();
        assertThat(beside.conversation()).isEqualTo(alone.conversation());
    }
}
