package dev.casemate.agent.testkit;

import static dev.casemate.agent.testkit.RunAssert.assertThatRun;
import static org.assertj.core.api.Assertions.assertThat;

import dev.casemate.agent.sdk.RunEnd;
import dev.casemate.agent.sdk.RunReport;
import dev.casemate.agent.sdk.ToolOutcome;
import dev.casemate.manifest.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the kit derives from schemas: values that hold them, and values that do not.
class ModelsOfSchemasTest {

    private static final FixtureToolSet TOOLS =
            FixtureToolSet.of(Samples.MANIFEST).answering("quote", "1").answering("file", "ok");

    private static List<RunReport> runs(int count, dev.casemate.agent.sdk.ChatModel model) {
        var reports = new ArrayList<RunReport>();
        for (int i = 0; i < count; i++) {
            reports.add(Samples.run(TOOLS, model));
        }
        return reports;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void everyCallOfTheSeededModelRuns(long seed) {
        int ran = 0;
        var tools = new HashSet<String>();
        for (var report : runs(200, new SeededModel(seed, 3, 3))) {
            assertThatRun(report).everyCallAnswered().answered();
            assertThat(report.calls())
                    .allMatch(call -> call.outcome() instanceof ToolOutcome.Answered);
            report.calls().forEach(call -> tools.add(call.tool()));
            ran += report.calls().size();
        }
        assertThat(ran).isGreaterThan(500);
        assertThat(tools).containsExactlyInAnyOrder("quote", "file");
    }

    @Test
    void theSeededModelLeavesOutWhatMayBeLeftOutAndSendsNullWhereItMay() {
        var members = new HashSet<String>();
        var nulls = new HashSet<String>();
        var without = new HashSet<String>();
        for (var report : runs(300, new SeededModel(5, 3, 3))) {
            report.calls().stream()
                    .filter(call -> call.tool().equals("file"))
                    .map(call -> ((Json.Obj) RunFacts.arguments(call)).members())
                    .forEach(given -> {
                        members.addAll(given.keySet());
                        given.forEach((name, value) -> {
                            if (value instanceof Json.Null) {
                                nulls.add(name);
                            }
                        });
                        for (var optional :
                                List.of("urgency", "share", "copies", "confirmed", "on")) {
                            if (!given.containsKey(optional)) {
                                without.add(optional);
                            }
                        }
                    });
        }
        assertThat(members)
                .containsExactlyInAnyOrder(
                        "title",
                        "urgency",
                        "share",
                        "copies",
                        "confirmed",
                        "on",
                        "prices",
                        "target");
        assertThat(nulls).contains("share", "copies", "confirmed", "on");
        assertThat(without).hasSize(5);
    }

    @Test
    void theSameSeedMakesTheSameCalls() {
        assertThat(calls(new SeededModel(7, 3, 3))).isEqualTo(calls(new SeededModel(7, 3, 3)));
        assertThat(calls(new SeededModel(7, 3, 3))).isNotEqualTo(calls(new SeededModel(8, 3, 3)));
        assertThat(calls(new HostileModel(7, 3, 5))).isEqualTo(calls(new HostileModel(7, 3, 5)));
        assertThat(calls(new HostileModel(7, 3, 5))).isNotEqualTo(calls(new HostileModel(8, 3, 5)));
    }

    private static List<RunReport.Call> calls(dev.casemate.agent.sdk.ChatModel model) {
        return runs(5, model).stream().flatMap(report -> report.calls().stream()).toList();
    }

    /// For each kind of way to break a schema, one that must be among them.
    @ParameterizedTest
    @ValueSource(
            strings = {
                // wrong type, at each level
                "\"title\":[]",
                "\"price\":\"1\"",
                "\"prices\":{\"0\":",
                "\"confirmed\":\"true\"",
                "\"on\":0",
                // bounds
                "\"copies\":0",
                "\"copies\":10",
                "\"share\":0,",
                "\"share\":1.",
                "\"price\":1000001",
                "\"prices\":[]",
                "\"title\":\"\"",
                "\"symbol\":\"\"",
                // patterns, formats and lists of words
                "\"title\":\"\\u0000\"",
                "\"on\":\"2026-02-30\"",
                "\"urgency\":\"low\"",
                "\"urgency\":\"LOW2\"",
                // discriminators
                "\"target\":{\"desk\":",
                "\"kind\":\"Other\"",
                "\"kind\":\"client\",\"desk\"",
                // members
                "\"__proto__\":",
                "\"TITLE\":",
                "\"title\":null}",
                // not JSON
                "NaN",
                "9007199254740993",
                "\\ud800",
                "/* c */",
                "[[[[[[[[[[[[[[[[[[[[[[[[[[",
            })
    void everyKindOfBreakageIsAmongTheAttacks(String part) {
        assertThat(SchemaAttacks.on(Samples.FILE, new Random(1)))
                .anyMatch(attack -> attack.contains(part));
    }

    @Test
    void eachRequiredMemberIsOnceMissingAndOnceDoubled() {
        var attacks = SchemaAttacks.on(Samples.FILE, new Random(1));
        for (var name : List.of("title", "prices", "target")) {
            assertThat(attacks)
                    .anyMatch(attack ->
                            attack.startsWith("{")
                                    && attack.endsWith("}")
                                    && !attack.contains("\"" + name + "\":")
                                    && attack.length() > 100);
            assertThat(attacks)
                    .anyMatch(attack -> attack.split("\"" + name + "\":", -1).length == 3);
        }
    }

    @Test
    void whatCanBeCountedComesFirstAndOnlyOnce() {
        int counted = HostileModel.counted(Samples.MANIFEST.tools());
        assertThat(counted).isGreaterThan(1_000);
        var model = new HostileModel(3, 1, 20);
        var seen = new HashSet<String>();
        int runs = counted / 20;
        for (var report : runs(runs, model)) {
            report.calls().forEach(call -> seen.add(call.tool() + " " + call.call().arguments()));
        }
        assertThat(seen).hasSize(runs * 20);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void ofFiveThousandHostileCallsNoneRunsAndEachIsAnswered(long seed) {
        int sent = 0;
        for (var report : runs(250, new HostileModel(seed, 2, 10))) {
            assertThatRun(report)
                    .nothingRan()
                    .noCallOutsideManifest()
                    .everyCallAnswered()
                    .endedWith(RunEnd.Answered.class);
            sent += report.calls().size();
        }
        assertThat(sent).isEqualTo(5_000);
    }

    @Test
    void withMaliciousValuesOneCallInSoManyReachesItsTool() {
        int reached = 0;
        for (var report : runs(100, new HostileModel(4, 2, 10).withMaliciousValues(4))) {
            assertThatRun(report).noCallOutsideManifest().everyCallAnswered();
            reached +=
                    (int)
                            report.calls().stream()
                                    .filter(call ->
                                            !(call.outcome() instanceof ToolOutcome.Refused))
                                    .count();
        }
        assertThat(reached).isEqualTo(500);
    }
}
