package dev.casemate.agent.analyzer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.contrastsecurity.sarif.Result;
import com.contrastsecurity.sarif.SarifSchema210;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.casemate.manifest.Capability;
import dev.casemate.manifest.Json;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The document held against the schema of OASIS, and read by somebody else's reader.
final class SarifTest {

    @TempDir Path directory;

    private static List<Error> complaints(Json sarif) throws IOException {
        try (var in = SarifSchema210.class.getResourceAsStream("/schema/sarif-schema-2.1.0.json")) {
            assertThat(in).isNotNull();
            var text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return SchemaRegistry.withDefaultDialect(
                            SpecificationVersion.DRAFT_7,
                            registry -> registry.schemaLoader(loader -> loader.block(_ -> true)))
                    .getSchema(text)
                    .validate(
                            sarif.text(),
                            InputFormat.JSON,
                            context ->
                                    context.executionConfig(
                                            it -> it.formatAssertionsEnabled(true)));
        }
    }

    private static SarifSchema210 read(Json sarif) throws IOException {
        return new ObjectMapper()
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .readValue(sarif.text(), SarifSchema210.class);
    }

    private static List<Result> results(Json sarif) throws IOException {
        return read(sarif).getRuns().getFirst().getResults();
    }

    private Report report() {
        var fixture =
                new Fixture(directory)
                        .jar(Fixture.SHELL)
                        .jar(
                                Fixture.main(
                                        "Shell.run(); new ProcessBuilder(args).start();"
                                                + " System.exit(1);"));
        return Analyzer.analyze(fixture.classPath(), List.of(Root.main("app.Main")));
    }

    @Test
    void theDocumentHoldsTheSchemaOfTheStandard() throws IOException {
        assertThat(complaints(Sarif.of(report(), Optional.empty()))).isEmpty();
        assertThat(complaints(Sarif.of(Hostile.report(directory), Optional.empty()))).isEmpty();
        assertThat(complaints(Sarif.of(report(), Optional.empty()).with("surplus", Json.of(1))))
                .as("the schema is one that refuses")
                .isNotEmpty();
    }

    @Test
    void everyCapabilityIsARuleAndEveryJarThatHasItAResult() throws IOException {
        var run = read(Sarif.of(report(), Optional.empty())).getRuns().getFirst();
        assertThat(run.getTool().getDriver().getRules())
                .extracting(rule -> rule.getId())
                .containsExactly(
                        Arrays.stream(Capability.values())
                                .map(Capability::word)
                                .toArray(String[]::new));
        assertThat(run.getResults())
                .extracting(
                        Result::getRuleId,
                        result ->
                                result.getLocations()
                                        .getFirst()
                                        .getPhysicalLocation()
                                        .getArtifactLocation()
                                        .getUri())
                .containsExactly(
                        tuple("exec", "fixture-1.jar"),
                        tuple("exec", "fixture-0.jar"),
                        tuple("exit", "fixture-1.jar"));
        for (var result : run.getResults()) {
            var rules = List.copyOf(run.getTool().getDriver().getRules());
            var rule = rules.get(result.getRuleIndex());
            assertThat(rule.getId()).isEqualTo(result.getRuleId());
        }
    }

    @Test
    void theCodeFlowIsThePathStepByStep() throws IOException {
        var shell = results(Sarif.of(report(), Optional.empty())).get(1);
        var steps = shell.getCodeFlows().getFirst().getThreadFlows().getFirst().getLocations();
        assertThat(steps)
                .extracting(step ->
                        step.getLocation()
                                .getLogicalLocations()
                                .iterator()
                                .next()
                                .getFullyQualifiedName())
                .startsWith("app.Main.main(String[])", "app.Shell.run()")
                .hasSize(3);
        assertThat(steps)
                .extracting(step -> step.getLocation().getMessage().getText())
                .startsWith("starts at app.Main.main(String[])", "calls app.Shell.run()");
        assertThat(steps)
                .extracting(step ->
                        step.getLocation().getPhysicalLocation().getArtifactLocation().getUri())
                .containsExactly("fixture-1.jar", "fixture-0.jar", "fixture-0.jar");
    }

    @Test
    void artifactsCarryTheDigestsOfTheJars() throws IOException {
        var report = report();
        var artifacts =
                read(Sarif.of(report, Optional.empty())).getRuns().getFirst().getArtifacts();
        assertThat(artifacts).hasSize(2);
        assertThat(artifacts)
                .extracting(
                        it -> "sha256:" + it.getHashes().getAdditionalProperties().get("sha-256"))
                .containsExactlyElementsOf(
                        report.origins().stream().map(it -> it.digest().value()).toList());
    }

    @Test
    void theManifestDecidesWhatIsAnErrorAndWithoutOneThereIsNone() throws IOException {
        var manifest = Optional.of(ReportTest.declaring(Set.of(Capability.EXIT)));
        assertThat(results(Sarif.of(report(), manifest)))
                .extracting(result -> result.getLevel().value())
                .containsExactly("error", "error", "note");
        assertThat(results(Sarif.of(report(), Optional.empty())))
                .extracting(result -> result.getLevel().value())
                .containsExactly("warning", "warning", "note");
    }

    @Test
    void aFindingKeepsItsFingerprintWhenItsLibraryIsUpdated() {
        var old = versioned("1.9.3");
        var current = versioned("2.0.0-rc.1");
        assertThat(fingerprints(current)).isEqualTo(fingerprints(old)).doesNotHaveDuplicates();
    }

    private Report versioned(String version) {
        var report = report();
        var names = List.of("lib-" + version + ".jar", "lib-" + version + "-tests.jar");
        return Reports.renamed(report, name -> names.get(name.equals("fixture-0.jar") ? 0 : 1));
    }

    private static List<Object> fingerprints(Report report) {
        var run =
                (Json.Obj)
                        ((Json.Arr) Sarif.of(report, Optional.empty()).get("runs").orElseThrow())
                                .items()
                                .getFirst();
        return ((Json.Arr) run.get("results").orElseThrow())
                .items().stream()
                        .map(result -> (Object) ((Json.Obj) result).get("partialFingerprints"))
                        .toList();
    }

    @Test
    void hostileNamesAreNoMarkupAndNoOtherAddress() throws IOException {
        var sarif = Sarif.of(Hostile.report(directory), Optional.empty());
        var result = results(sarif).getFirst();
        var uri =
                result.getLocations()
                        .getFirst()
                        .getPhysicalLocation()
                        .getArtifactLocation()
                        .getUri();
        assertThat(uri).startsWith("ho%22st%5Cile%20%26%2338%3B%20%2541%20%C3%BC");
        assertThat(URI.create(uri).isAbsolute()).isFalse();
        assertThat(result.getMessage().getText())
                .doesNotContainPattern("[^\\\\]]\\(")
                .contains("{{2}}.jar");
    }
}
