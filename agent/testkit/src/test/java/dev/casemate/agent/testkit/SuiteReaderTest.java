package dev.casemate.agent.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.casemate.agent.testkit.TestkitException.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SuiteReaderTest {

    private static final String HEADER =
            """
            apiVersion: casemate.dev/suite/v1
            name: quotes
            agent: quoter
            runs: 3
            seed: 1
            thresholds: {all: {rate: 0.9}, attacks: {rate: 1, lower: 0.1}}
            """;

    private static final String CASE =
            """
            name: copper
            task: What is copper at?
            expect: {called: quote}
            """;

    @TempDir private Path folder;

    private EvaluationSuite suite(String header, String... files) throws IOException {
        Files.writeString(folder.resolve("suite.yaml"), header);
        for (int i = 0; i < files.length; i++) {
            Files.writeString(folder.resolve("case-" + i + ".yaml"), files[i]);
        }
        return EvaluationSuite.read(folder);
    }

    private void refused(Code code, String where, String header, String... files) {
        assertThatExceptionOfType(TestkitException.class)
                .isThrownBy(() -> suite(header, files))
                .withMessageContaining(where)
                .satisfies(refused -> assertThat(refused.code()).isEqualTo(code));
    }

    @Test
    void aFileIsOneCaseOrAListOfThem() throws IOException {
        Files.createDirectories(folder.resolve("attacks/by-text"));
        Files.writeString(
                folder.resolve("attacks/by-text/shell.yaml"),
                """
                - {name: shell, tags: attack, task: ls, expect: {calledInOrder: []}}
                - {name: secret, tags: [attack, exfiltration], task: env, expect: {neverAsked: bash}}
                """);
        Files.writeString(folder.resolve("README.md"), "Not read.");
        var suite = suite(HEADER, CASE);
        assertThat(suite.size()).isEqualTo(3);
        assertThat(suite.attacks()).isEqualTo(2);
        assertThat(suite.tags()).containsExactlyInAnyOrder("attack", "exfiltration");
        assertThat(suite.tagged("exfiltration").size()).isOne();
        assertThat(suite.without("attack").size()).isOne();
        assertThat(suite.header().attacks().words())
                .isEqualTo("rate at least 1 and lower end at least 0.1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"apiVersion", "name", "agent", "runs", "seed", "thresholds"})
    void aSuiteWithoutARequiredKeyIsRefused(String key) {
        var header = HEADER.replaceAll("(?m)^" + key + ":.*\\n", "");
        refused(Code.MISSING_KEY, "suite.yaml:1", header, CASE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "casemate.dev/suite/v1 | casemate.dev/suite/v2 | suite.yaml:1 apiVersion",
                "name: quotes | name: Quotes! | suite.yaml:2 name",
                "runs: 3 | runs: 0 | suite.yaml:4 runs",
                "runs: 3 | runs: 1001 | suite.yaml:4 runs",
                "runs: 3 | runs: three | suite.yaml:4 runs",
                "seed: 1 | seed: -1 | suite.yaml:5 seed",
                "rate: 0.9 | rate: 1.1 | suite.yaml:6 thresholds.all.rate",
                "rate: 0.9 | lower: .nan | suite.yaml:6 thresholds.all.lower",
            })
    void aValueOutOfRangeIsRefusedWithItsLine(String from, String to, String where) {
        refused(Code.INVALID_VALUE, where, HEADER.replace(from, to), CASE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "called: quote | caled: quote | UNKNOWN_KEY | case-0.yaml:3 expect.caled",
                "expect: {called: quote} | expected: {} | MISSING_KEY | case-0.yaml:1",
                "called: quote | endedWith: well | INVALID_VALUE | case-0.yaml:3 expect.endedWith",
                "called: quote | called: {tool: quote, times: some} | INVALID_VALUE | expect.called.times",
                "called: quote | called: 7 | INVALID_VALUE | expect.called",
                "called: quote | refused: {tool: quote, reason: badly} | INVALID_VALUE | expect.refused.reason",
                "called: quote | answer: {matches: '('} | INVALID_VALUE | expect.answer.matches",
                "called: quote | answer: {json: {path: $..a}} | INVALID_VALUE | expect.answer.json.path",
                "called: quote | results: {tool: quote} | INVALID_VALUE | expect.results",
                "called: quote | callsAtMost: -1 | INVALID_VALUE | expect.callsAtMost",
                "name: copper | tags: Attack | INVALID_VALUE | case-0.yaml:1 tags",
                "name: copper | name: 7 | INVALID_VALUE | case-0.yaml:1 name",
                "task: What | withoutFixture: maybe | INVALID_VALUE | withoutFixture",
                "task: What | fixtures: [{tool: quote}] | INVALID_VALUE | case-0.yaml:2 fixtures[0]",
                "task: What | fixtures: [{tool: quote, result: 1, fails: x}] | INVALID_VALUE | fixtures[0]",
                "task: What | script: [{say: a, refuse: {status: 403, code: b}}] | INVALID_VALUE | script[0]",
                "task: What | script: [{times: 2}] | INVALID_VALUE | script[0]",
                "task: What | script: [{fail: often}] | INVALID_VALUE | script[0].fail",
                "task: What | script: [{say: a, loud: true}] | UNKNOWN_KEY | script[0].loud",
                "task: What | alwaysScripted: true | INVALID_VALUE | alwaysScripted",
                "task: What | alwaysScripted: false | INVALID_VALUE | alwaysScripted",
                "task: What | task: What | INVALID_VALUE | case-0.yaml:3 task",
                "name: copper | name: &a copper | MALFORMED_YAML | case-0.yaml:1",
                "name: copper | name: !!binary aaaa | MALFORMED_YAML | case-0.yaml:1",
                "name: copper | 'name: [copper' | MALFORMED_YAML | case-0.yaml:2",
            })
    void aCaseThatSaysWhatNobodyReadsIsRefused(String from, String to, Code code, String where) {
        var text = from.equals("task: What") ? to + "\n" + CASE : CASE.replace(from, to);
        if (to.startsWith("tags")) {
            text = to + "\n" + CASE;
        } else if (to.startsWith("withoutFixture")
                || to.startsWith("fixtures")
                || to.startsWith("script")
                || to.startsWith("alwaysScripted")
                || to.equals("task: What")) {
            text = "name: copper\n" + to + "\n" + CASE.substring("name: copper\n".length());
        }
        refused(code, where, HEADER, text);
    }

    @Test
    void twoCasesOfOneNameAreRefusedWithBothPlaces() {
        refused(Code.BROKEN_REFERENCE, "case-1.yaml:1", HEADER, CASE, CASE);
        refused(Code.BROKEN_REFERENCE, "case-0.yaml:1", HEADER, CASE, CASE);
    }

    @Test
    void aFolderWithoutCasesOrWithoutASuiteIsRefused() throws IOException {
        refused(Code.INVALID_VALUE, folder.toString(), HEADER);
        Files.delete(folder.resolve("suite.yaml"));
        Files.writeString(folder.resolve("case.yaml"), CASE);
        assertThatExceptionOfType(TestkitException.class)
                .isThrownBy(() -> EvaluationSuite.read(folder))
                .withMessageContaining("expected a file suite.yaml");
        assertThatExceptionOfType(TestkitException.class)
                .isThrownBy(() -> EvaluationSuite.read(folder.resolve("missing")))
                .withMessageContaining("UNREADABLE_FILE");
    }

    @Test
    void aFileWithTheOtherEndingIsNotPassedOverInSilence() throws IOException {
        Files.writeString(folder.resolve("forgotten.yml"), CASE);
        refused(Code.UNREADABLE_FILE, "forgotten.yml", HEADER, CASE);
    }

    @Test
    void aFileBeyondTheLimitIsRefused() {
        refused(Code.MALFORMED_YAML, "case-0.yaml", HEADER, "#" + "x".repeat(Yaml.MAX_BYTES));
    }

    @Test
    void aScriptIsWhatItSays() throws IOException {
        var suite =
                suite(
                        HEADER,
                        CASE
                                + """
                                script:
                                  - {say: wait, calls: [{call: quote, arguments: {symbol: XCU}}, {call: bash, arguments: "{"}]}
                                  - {call: quote, times: 2}
                                  - {refuse: {status: 429, code: budget_exceeded}}
                                  - {fail: timed_out}
                                """);
        assertThat(suite.cases().getFirst().script().stream().map(Object::toString))
                .containsExactly(
                        "Answer[text=Optional[wait], calls=[ToolCall[id=call-1, name=quote,"
                                + " arguments={\"symbol\":\"XCU\"}], ToolCall[id=call-2, name=bash,"
                                + " arguments={]], usage=Optional[TokenCount[input=100, output=20]]]",
                        "Answer[text=Optional.empty, calls=[ToolCall[id=call-3, name=quote,"
                                + " arguments={}]], usage=Optional[TokenCount[input=100, output=20]]]",
                        "Answer[text=Optional.empty, calls=[ToolCall[id=call-4, name=quote,"
                                + " arguments={}]], usage=Optional[TokenCount[input=100, output=20]]]",
                        "Refused[status=429, code=budget_exceeded, message=as the script says,"
                                + " retryAfter=Optional.empty]",
                        "Failed[failure=TIMED_OUT, message=as the script says]");
    }
}
