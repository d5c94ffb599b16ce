package dev.casemate.agent.analyzer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.casemate.manifest.Capability;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.JsonReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ComparisonTest {

    private static final List<String> JARS = List.of("app.jar", "lib-1.9.jar");

    private static Comparison between(List<String> jars, String[] old, String... current) {
        return Comparison.between(Reports.of(JARS, old), Reports.of(jars, current));
    }

    private static String[] uses(String... uses) {
        return uses;
    }

    @Test
    void theSameReportBringsNothing() {
        var uses = uses("app.jar exec app.Main.main()", "lib-1.9.jar exit lib.Lib.stop()");
        var comparison = between(JARS, uses, uses);
        assertThat(comparison.found()).isFalse();
        assertThat(comparison.basis()).isEmpty();
        assertThat(comparison.text())
                .contains("the same on both sides: 2", "Nothing came")
                .doesNotContain("Not judged alike", "Went", "prove");
    }

    @Test
    void aCapabilityThatALibraryGainsWithItsUpdateIsFoundWithItsPath() {
        var comparison =
                between(
                        List.of("app.jar", "lib-1.10.jar"),
                        uses("lib-1.9.jar exit lib.Lib.stop()"),
                        "lib-1.10.jar exit lib.Lib.stop()",
                        "lib-1.10.jar exec lib.Lib.run()");
        assertThat(comparison.found()).isTrue();
        assertThat(comparison.came()).containsExactly(Capability.EXEC);
        assertThat(comparison.text())
                .contains("changed: lib-1.9.jar -> lib-1.10.jar")
                .contains(
                        """
                        Came: exec in lib-1.10.jar, which no jar had
                          it starts or ends other programs
                            starts at lib.Lib.run()
                            calls java.lang.Sink.act()  [java.base]
                        """)
                .contains("Something came");
    }

    @Test
    void aCapabilityThatAnotherJarHadIsNewForThisOne() {
        var comparison =
                between(
                        JARS,
                        uses("app.jar exec app.Main.main()"),
                        "app.jar exec app.Main.main()",
                        "lib-1.9.jar exec lib.Lib.run()");
        assertThat(comparison.found()).isTrue();
        assertThat(comparison.came()).isEmpty();
        assertThat(comparison.text()).contains("in lib-1.9.jar, which this jar did not have");
    }

    @Test
    void aNewUseOfWhatTheJarHadIsListedAndIsNoFinding() {
        var comparison =
                between(
                        JARS,
                        uses("app.jar exec app.Main.main()"),
                        "app.jar exec app.Main.main()",
                        "app.jar exec app.Main.again()");
        assertThat(comparison.found()).isFalse();
        assertThat(comparison.text())
                .contains(
                        """
                        New uses of capabilities that the jar had before: 1
                          app.jar
                            exec: app.Main.again() calls java.lang.Sink.act()
                        """);
    }

    @Test
    void ofManyNewUsesTheTextNamesSomeOfEachCapability() {
        var uses = new ArrayList<String>();
        for (int i = 10; i < 20; i++) {
            uses.add("app.jar exec app.Main.run" + i + "()");
            uses.add("app.jar exit app.Main.end" + i + "()");
        }
        var old = uses("app.jar exec app.Main.main()", "app.jar exit app.Main.main()");
        assertThat(between(JARS, old, uses.toArray(String[]::new)).text())
                .contains("that the jar had before: 20\n")
                .contains("app.Main.run14() calls", "exec: 5 more, all in the JSON form")
                .contains("app.Main.end14() calls", "exit: 5 more, all in the JSON form")
                .doesNotContain("run15", "end15");
    }

    @Test
    void aLambdaThatTheCompilerNumberedAnewIsNoNewUse() {
        var comparison =
                between(
                        JARS,
                        uses("app.jar exec app.Main.lambda$main$0()"),
                        "app.jar exec app.Main.lambda$main$1()");
        assertThat(comparison.jars().getFirst().usesCame()).isEmpty();
        assertThat(comparison.jars().getFirst().usesWent()).isEmpty();
    }

    @Test
    void whatWentIsNamedAndIsNoFinding() {
        var comparison =
                between(
                        List.of("app.jar"),
                        uses("app.jar exit app.Main.main()", "lib-1.9.jar exec lib.Lib.run()"),
                        "app.jar threads app.Main.main()");
        assertThat(comparison.went()).containsExactly(Capability.EXEC, Capability.EXIT);
        assertThat(comparison.text())
                .contains("  went: lib-1.9.jar\n")
                .contains("Went, of each jar:\n  app.jar: exit\n  lib-1.9.jar: exec\n")
                .contains("Uses that went: 2");
        assertThat(between(List.of("app.jar"), uses("lib-1.9.jar exec lib.Lib.run()")).found())
                .isFalse();
    }

    @Test
    void aNewJarWithACapabilityIsAFindingAndOneWithoutIsNot() {
        var jars = List.of("app.jar", "lib-1.9.jar", "new.jar");
        assertThat(between(jars, uses()).found()).isFalse();
        var comparison = between(jars, uses(), "new.jar files-read n.New.read()");
        assertThat(comparison.found()).isTrue();
        assertThat(comparison.text()).contains("  came: new.jar\n");
    }

    @Test
    void jarsOfOneNameMatchFirstThenOfTheSameBytesThenVersionsInOrder() {
        var bytes = Reports.digest("bytes");
        var before =
                List.of(
                        new Origin("a-1.9.jar", Reports.digest("1"), 1),
                        new Origin("a-1.10.jar", Reports.digest("2"), 1),
                        new Origin("old-name.jar", bytes, 1),
                        new Origin("same.jar", Reports.digest("3"), 1));
        var after =
                List.of(
                        new Origin("same.jar", Reports.digest("4"), 1),
                        new Origin("new-name.jar", bytes, 1),
                        new Origin("a-2.1.jar", Reports.digest("5"), 1),
                        new Origin("a-1.11.jar", Reports.digest("6"), 1),
                        new Origin("a-3.0.jar", Reports.digest("7"), 1));
        assertThat(JarPair.of(before, after))
                .extracting(
                        pair -> pair.before().map(Origin::name).orElse("nothing"),
                        pair -> pair.after().map(Origin::name).orElse("nothing"))
                .containsExactly(
                        tuple("same.jar", "same.jar"),
                        tuple("old-name.jar", "new-name.jar"),
                        tuple("a-1.10.jar", "a-2.1.jar"),
                        tuple("a-1.9.jar", "a-1.11.jar"),
                        tuple("nothing", "a-3.0.jar"));
    }

    @Test
    void reportsThatWereJudgedByOtherTablesOrFromOtherRootsAreSaidToBe() {
        var one = Reports.of(JARS);
        var other =
                new Report(
                        one.origins(),
                        "Java 26",
                        List.of("main", "public API of lib-2.0.jar"),
                        Map.of(),
                        List.of(),
                        one.assumptions(),
                        Map.of("sinks", Reports.digest("others"), "reviewed", Reports.digest("r")),
                        1);
        assertThat(Comparison.between(one, other).text())
                .contains("Not judged alike")
                .contains("runtime: Java 25 -> Java 26")
                .contains("reviewed: nothing -> sha256:")
                .contains("starts now at: public API of lib-2.0.jar");
    }

    @Test
    void thePublicApiOfAnUpdatedLibraryIsTheSameStart(@TempDir Path directory) {
        var jars = new Fixture(directory).jar(Fixture.SHELL).classPath();
        var report = Analyzer.analyze(jars, List.of(Root.publicApi("fixture-0.jar")));
        var before = versioned(report, "lib-1.0.jar");
        var after = versioned(report, "lib-1.1.jar");
        assertThat(Comparison.between(before, after).rootsCame()).isEmpty();
        assertThat(Comparison.between(before, after).rootsWent()).isEmpty();
        assertThat(Comparison.between(before, after).found()).isFalse();
    }

    private static Report versioned(Report report, String name) {
        var renamed = Reports.renamed(report, _ -> name);
        return new Report(
                renamed.origins(),
                renamed.runtime(),
                List.of("public API of " + name),
                renamed.capabilities(),
                renamed.uses(),
                renamed.assumptions(),
                renamed.tables(),
                renamed.reachableMethods());
    }

    @Test
    void theJsonFormSaysWhatTheTextSays() {
        var json =
                between(
                                List.of("app.jar", "lib-1.10.jar"),
                                uses("app.jar exit app.Main.main()"),
                                "lib-1.10.jar exec lib.Lib.run()")
                        .toJson();
        assertThat(JsonReader.read(json.text())).isEqualTo(json);
        assertThat(json.get("found")).contains(Json.of(true));
        assertThat(json.get("came")).contains(Json.strings(List.of("exec")));
        assertThat(json.get("went")).contains(Json.strings(List.of("exit")));
        assertThat(json.text())
                .contains("\"change\":\"changed\",\"before\":{\"name\":\"lib-1.9.jar\"");
    }
}
