package dev.casemate.agent.analyzer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.casemate.agent.analyzer.AnalyzerException.Code;
import dev.casemate.manifest.Capability;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.JsonReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is written is what the schema says and what is read; anything else is refused by both.
final class ReportJsonTest {

    @TempDir Path directory;

    private final Schema schema =
            SchemaRegistry.withDefaultDialect(
                            SpecificationVersion.DRAFT_2020_12,
                            registry -> registry.schemaLoader(loader -> loader.block(_ -> true)))
                    .getSchema(Report.jsonSchema());

    private final List<Report> reports = new ArrayList<>();

    @BeforeEach
    void analyze() throws IOException {
        var fixture =
                new Fixture(directory)
                        .jar(Fixture.SHELL)
                        .jar(
                                Fixture.main(
                                        """
                                        Runnable shell = Shell::run;
                                        shell.run();
                                        Class.forName("app.Shell");
                                        new java.net.Socket(args[0], 1);
                                        """));
        var main = List.of(Root.main("app.Main"));
        reports.add(Analyzer.analyze(fixture.classPath(), main));
        reports.add(Analyzer.analyze(fixture.classPath(), List.of(Root.every("app.Shell"))));
        reports.add(Hostile.report(directory));
        var idle = new Fixture(directory).jar(Fixture.main("")).classPath();
        reports.add(Analyzer.analyze(idle, main));
    }

    private boolean holds(Json document) {
        return schema.validate(document.text(), InputFormat.JSON).isEmpty();
    }

    private static byte[] utf8(Json document) {
        return document.text().getBytes(StandardCharsets.UTF_8);
    }

    private static boolean reads(Json document) {
        try {
            Report.read(utf8(document));
            return true;
        } catch (AnalyzerException e) {
            assertThat(e.code()).isEqualTo(Code.UNREADABLE_REPORT);
            return false;
        }
    }

    @Test
    void everyReportHoldsTheSchema() {
        for (var report : reports) {
            assertThat(schema.validate(report.toJson().text(), InputFormat.JSON)).isEmpty();
        }
    }

    @Test
    void everyReportIsReadBackExactly() {
        for (var report : reports) {
            assertThat(Report.read(utf8(report.toJson()))).isEqualTo(report);
            assertThat(Report.read(utf8(report.toJson())).toJson().text())
                    .isEqualTo(report.toJson().text());
        }
        assertThat(reports.getLast().capabilities()).isEmpty();
    }

    @Test
    void aMemberMoreOrLessAnywhereIsRefusedBySchemaAndReader() {
        int refused = 0;
        for (var broken : broken(reports.getFirst().toJson(), false)) {
            assertThat(holds(broken)).as(broken.text()).isFalse();
            assertThat(reads(broken)).as(broken.text()).isFalse();
            refused++;
        }
        assertThat(refused).isGreaterThan(60);
    }

    /// Copies of a document, each with one value replaced by one of another kind, or with one
    /// member left out or added.
    private static List<Json> broken(Json json, boolean isMap) {
        var copies = new ArrayList<Json>();
        copies.add(new Json.Null());
        copies.add(json instanceof Json.Num ? Json.of(-1) : Json.of(true));
        switch (json) {
            case Json.Obj(var members) -> {
                copies.add(((Json.Obj) json).with("surplus", Json.of("text")));
                for (var name : members.keySet()) {
                    var without = new LinkedHashMap<>(members);
                    without.remove(name);
                    if (!isMap && !name.equals("because")) {
                        copies.add(new Json.Obj(without));
                    }
                    var map = List.of("capabilities", "tables").contains(name);
                    for (var copy : broken(members.get(name), map)) {
                        copies.add(((Json.Obj) json).with(name, copy));
                    }
                }
            }
            case Json.Arr(var items) -> {
                if (!items.isEmpty()) {
                    for (var copy : broken(items.getFirst(), false)) {
                        var changed = new ArrayList<>(items);
                        changed.set(0, copy);
                        copies.add(new Json.Arr(changed));
                    }
                }
            }
            case Json.Str _ -> copies.add(Json.of(" "));
            case Json.Num _, Json.Bool _, Json.Null _ -> copies.add(Json.of("text"));
        }
        return copies;
    }

    @Test
    void anotherVersionIsRefused() {
        var other = reports.getFirst().toJson().with("apiVersion", Json.of("casemate.dev/x/v2"));
        assertThat(holds(other)).isFalse();
        assertThatExceptionOfType(AnalyzerException.class)
                .isThrownBy(() -> Report.read(utf8(other)))
                .withMessageContaining("UNREADABLE_REPORT")
                .withMessageContaining("expected " + Report.API_VERSION);
    }

    @Test
    void unknownWordsAreRefused() {
        var text = reports.getFirst().toJson().text();
        for (var word : List.of("\"exec\"", "\"root\"", "sha256:")) {
            assertThat(text).contains(word);
            var other =
                    JsonReader.read(
                            text.replace(
                                    word,
                                    word.replace("e", "E")
                                            .replace("r", "R")
                                            .replace("sha256:", "md5:")));
            assertThat(holds(other)).as(word).isFalse();
            assertThat(reads(other)).as(word).isFalse();
        }
    }

    @Test
    void aDocumentWithControlCharactersIsNoReport() {
        var report = reports.getFirst().toJson().with("runtime", Json.of("Java\n25"));
        assertThat(reads(report)).isFalse();
    }

    @Test
    void moreThanTheMostBytesAreRefusedUnread() {
        assertThatExceptionOfType(AnalyzerException.class)
                .isThrownBy(() -> Report.read(new byte[Report.MAX_JSON_BYTES + 1]))
                .withMessageContaining("expected at most");
    }

    @Test
    void theSchemaKnowsEveryWordThatTheCodeKnows() {
        var definitions =
                ((Json.Obj) JsonReader.read(Report.jsonSchema())).get("$defs").orElseThrow().text();
        assertThat(definitions)
                .contains(
                        Arrays.stream(Capability.values())
                                .map(it -> "\"" + it.word() + "\"")
                                .collect(Collectors.joining(",", "{\"enum\":[", "]}")));
        assertThat(definitions)
                .contains(
                        Arrays.stream(Link.values())
                                .map(it -> "\"" + it.word() + "\"")
                                .collect(Collectors.joining(",", "\"enum\":[", "]")));
    }
}
