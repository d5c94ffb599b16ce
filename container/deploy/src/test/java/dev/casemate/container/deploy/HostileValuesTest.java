package dev.casemate.container.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.bertramlabs.plugins.hcl4j.HCLParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.casemate.manifest.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// Values that mean something in one of the languages that are rendered: each is refused, or comes
/// back as it was from a reader of that language.
final class HostileValuesTest {

    private static final long SEED = 20_261_123;

    @TempDir private Path directory;

    static List<String> hostile() {
        return List.of(
                "\" --privileged $HOME %h \\",
                "'; DROP DATABASE casemate; --",
                "$$ ; GRANT ALL $$",
                "${file(\"/etc/shadow\")} %{ if true } $${x} %%{y}",
                "$(DEPLOYMENT) $$(X)",
                "yes",
                "null",
                "~",
                "0x1F",
                "1e3",
                "2026-11-23",
                "!!python/object:os.system",
                "&anchor *alias",
                "{a: b}",
                "[a, b]",
                "- item",
                "key: value # comment",
                "| literal",
                "%TAG ! tag:",
                "@reference",
                "`backtick`",
                " leading and trailing ",
                "<<EOF",
                "snow\u2603man \ud83d\ude00 \u00e9",
                "---");
    }

    static List<String> controlled() {
        return List.of(
                "x\nUser=0",
                "x\r\n[Service]",
                "x\u0000y",
                "x\u0085y",
                "x\u2028y",
                "x\u001b[2J",
                "x\ud800y",
                "");
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void aTaskComesBackAsItWas(String task) throws Exception {
        var agent = Subjects.task(task);
        var places = Subjects.places();

        var job = KubernetesModelTest.objects(agent).getLast();
        var argument = job.at("/spec/template/spec/containers/0/args/0").asText();
        assertThat(argument.replace("$$", "$")).isEqualTo(task);
        assertThat(argument.replace("$$", "")).doesNotContain("$(");

        var specification =
                Rendering.of(places.get(2), agent).file("service.yaml").orElseThrow().text();
        SpcsSyntax.requireSpecification(specification);
        assertThat(yaml11(specification).at("/spec/containers/0/args/0").asText()).isEqualTo(task);
        SpcsSyntax.statements(Rendering.of(places.get(2), agent).files().getFirst().text());

        var literal = HclText.quoted(task);
        assertThat(literal).doesNotContain("${", "%{");
        // hcl4j does not know the escapes by number, which Terraform reads below.
        if (!literal.contains("\\u")) {
            assertThat(hclParsed(literal)).isEqualTo(task);
        }

        var unit = Rendering.of(places.get(3), agent).files().getFirst().text();
        var exec = unit.lines().filter(line -> line.startsWith("Exec=")).findFirst().orElseThrow();
        assertThat(systemdWord(exec.substring("Exec=".length()))).isEqualTo(task);
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void terraformReadsATextAsItWas(String text) throws Exception {
        var terraform = Programs.require("terraform");
        var literal = "base64encode(%s)%n".formatted(HclText.quoted(text));
        var input = Files.writeString(directory.resolve("expression"), literal);
        var result =
                Programs.run(
                        directory,
                        Map.of("CHECKPOINT_DISABLE", "1"),
                        List.of(
                                "/bin/sh",
                                "-c",
                                "exec \"$0\" console < \"$1\"",
                                terraform.toString(),
                                input.toString()));
        assertThat(result.output())
                .contains(
                        Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)));
    }

    @ParameterizedTest
    @MethodSource("controlled")
    void aTaskWithControlCharactersIsRefused(String task) {
        assertThatThrownBy(() -> Subjects.task(task)).isInstanceOf(DeployException.class);
    }

    /// Wherever a name or an address goes, only names and addresses do.
    @ParameterizedTest
    @MethodSource("everywhere")
    void aNameThatIsNoneIsRefused(String value) {
        var none = Optional.<String>empty();
        var tries =
                List.<Runnable>of(
                        () -> new Target(value, "a.test", "10.0.0.1", 1, none, none),
                        () -> new Target("a", value, "10.0.0.1", 1, none, none),
                        () -> new Target("a", "a.test", value, 1, none, none),
                        () -> new Target("a", "a.test", "10.0.0.1", 1, Optional.of(value), none),
                        () ->
                                new Target(
                                        "a",
                                        "a.test",
                                        "10.0.0.1",
                                        1,
                                        none,
                                        Optional.of(value + "\"")),
                        () -> new SecretFile(value + " ", "secret"),
                        () -> new SecretFile("../" + value, "secret"),
                        () -> new Inbound(value, 1, List.of("10.0.0.0/8")),
                        () -> new Inbound("10.0.0.1", 1, List.of(value)),
                        () -> new Place.Podman(value, none),
                        () -> new Place.Podman("10.0.0.0", Optional.of(value)),
                        () -> new Place.RuntimeClass(value + "'", "x"),
                        () -> new Place.Spcs(value + ";", "S", "P", "D.S.R", "R"),
                        () -> new Place.Spcs("D", "S", "P", value, "R"),
                        () -> new Place.LedgerFileSystem(value, "sg-01234567"),
                        () -> Subjects.agent(Subjects.manifest("1"), none, 1, value));
        for (int i = 0; i < tries.size(); i++) {
            assertThatThrownBy(tries.get(i)::run)
                    .as("try %d", i)
                    .isInstanceOf(DeployException.class)
                    .extracting(Throwable::toString)
                    .asString()
                    .hasSizeLessThan(240);
        }
    }

    static Stream<String> everywhere() {
        // Two of them are names like any other, which the languages take for something else.
        return Stream.concat(hostile().stream(), controlled().stream())
                .filter(value -> !value.matches("[a-z]+"));
    }

    @Test
    void aVersionOfHostileTextReachesNoDescriptor() {
        for (var text : hostile()) {
            var version = "v7Qx " + text;
            var agent =
                    Subjects.agent(
                            Subjects.manifest(version),
                            Optional.empty(),
                            1,
                            Subjects.image("agent"));
            for (var place : Subjects.places()) {
                assertThat(Rendering.of(place, agent).files())
                        .noneMatch(file -> file.text().contains("v7Qx"));
            }
        }
    }

    @Test
    void aDocumentComesBackByteByByteFromBothVersionsOfYaml() throws Exception {
        var random = new Random(SEED);
        var pieces = new ArrayList<>(hostile());
        pieces.addAll(List.of("\n", "\n\n", " ", "  ", "\t", ":", "#", "'", "\"", "\\", "a", "\r"));
        for (int i = 0; i < 2_000; i++) {
            var text = new StringBuilder();
            for (int n = random.nextInt(8); n >= 0; n--) {
                text.append(pieces.get(random.nextInt(pieces.size())));
            }
            var name = pieces.get(random.nextInt(pieces.size()));
            var json =
                    Json.object()
                            .put(name, text.toString())
                            .put("list of " + name, Json.strings(List.of(text.toString(), name)))
                            .build();
            var written = YamlText.of(json);
            var newer =
                    (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(written);
            assertThat(newer.get(name)).as(written).isEqualTo(text.toString());
            assertThat(newer.get("list of " + name)).isEqualTo(List.of(text.toString(), name));
            var older = yaml11(written);
            assertThat(older.get(name).asText()).as(written).isEqualTo(text.toString());
        }
    }

    private static JsonNode yaml11(String text) throws Exception {
        return new ObjectMapper(new YAMLFactory()).readTree(text);
    }

    private static String hclParsed(String literal) throws Exception {
        return String.valueOf(new HCLParser().parse("a = " + literal + "\n").get("a"));
    }

    /// One word by the rules of systemd.syntax(7): quotes, escapes, then specifiers and variables.
    private static String systemdWord(String line) {
        assertThat(line).startsWith("\"").endsWith("\"");
        var word = new StringBuilder();
        var inner = line.substring(1, line.length() - 1);
        for (int i = 0; i < inner.length(); i++) {
            char c = inner.charAt(i);
            assertThat(c).as("an end of the word inside of it").isNotEqualTo('"');
            if (c == '\\' || c == '%' || c == '$') {
                i++;
                assertThat(inner.charAt(i)).isIn(c == '\\' ? List.of('\\', '"') : List.of(c));
            }
            word.append(inner.charAt(i));
        }
        return word.toString();
    }
}
