package dev.casemate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.casemate.agent.analyzer.AgentApplication;
import dev.casemate.agent.analyzer.Link;
import dev.casemate.agent.analyzer.Report;
import dev.casemate.manifest.CanonicalJson;
import dev.casemate.manifest.Capability;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.JsonReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `casemate analyze` as somebody types it, and the page that explains it.
class AnalyzeCommandTest {

    private static final Path ROOT = Path.of("..");
    private static final Path APPLICATION = ROOT.resolve("examples/market-analyst/target/app");

    @TempDir private Path directory;

    /// @param out what was printed
    private record Result(int code, String out) {}

    private static Result run(Object... arguments) {
        var printed = new ByteArrayOutputStream();
        var before = System.out;
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            var words = Arrays.stream(arguments).map(Object::toString);
            int code = Main.run(words.toArray(String[]::new));
            return new Result(code, printed.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(before);
        }
    }

    /// A library of one class: a method that does nothing, and one for each call.
    ///
    /// @param calls static ones that take nothing and give a `Map`
    private Path library(String name, String... calls) throws IOException {
        var bytes =
                ClassFile.of()
                        .build(
                                ClassDesc.of("lib.Lib"),
                                type -> {
                                    type.withFlags(ClassFile.ACC_PUBLIC);
                                    type.withMethodBody(
                                            "idle",
                                            MethodTypeDesc.ofDescriptor("()V"),
                                            ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC,
                                            code -> code.return_());
                                    for (var call : calls) {
                                        int dot = call.lastIndexOf('.');
                                        type.withMethodBody(
                                                call.substring(dot + 1),
                                                MethodTypeDesc.ofDescriptor("()V"),
                                                ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC,
                                                code ->
                                                        code.invokestatic(
                                                                        ClassDesc.of(
                                                                                call.substring(
                                                                                        0, dot)),
                                                                        call.substring(dot + 1),
                                                                        MethodTypeDesc.ofDescriptor(
                                                                                "()Ljava/util/Map;"))
                                                                .pop()
                                                                .return_());
                                    }
                                });
        var jar = directory.resolve(name);
        try (var out = new JarOutputStream(Files.newOutputStream(jar))) {
            out.putNextEntry(new JarEntry("lib/Lib.class"));
            out.write(bytes);
        }
        return jar;
    }

    @Test
    void the_example_is_reported_as_a_certificate_with_its_declared_capabilities() {
        var result = run("analyze", APPLICATION);
        assertThat(result.code()).isZero();
        assertThat(result.out())
                .startsWith("Capability report")
                .contains("Under these assumptions:");
    }

    @Test
    void every_format_is_what_it_says() throws IOException {
        var file = directory.resolve("report.json");
        assertThat(run("analyze", APPLICATION, "--format", "json", "--output", file))
                .isEqualTo(new Result(0, ""));
        var report = Report.read(Files.readAllBytes(file));
        assertThat(report.capabilities()).containsKey(Capability.NETWORK_CONNECT);
        assertThat(run("analyze", APPLICATION, "--json").out()).isEqualTo(Files.readString(file));
        var sarif =
                (Json.Obj) JsonReader.read(run("analyze", APPLICATION, "--format", "sarif").out());
        assertThat(sarif.text("version")).contains("2.1.0");
        assertThat(sarif.text()).contains("Declared in the manifest of market-analyst.");
        assertThat(run("analyze", APPLICATION, "--format", "dot").out())
                .startsWith("digraph ")
                .contains("postgresql.jar");
        assertThat(run("analyze", "--schema").out()).isEqualTo(Report.jsonSchema());
    }

    @Test
    void a_library_is_held_against_a_manifest_that_is_given() throws IOException {
        var library = library("lib-1.0.jar", "java.lang.System.getenv");
        assertThat(run("analyze", library).code()).isZero();

        var agent = AgentApplication.read(APPLICATION).manifest();
        var manifest = directory.resolve("manifest.json");
        Files.write(manifest, CanonicalJson.bytes(agent.toJson()));
        assertThat(run("analyze", library, "--manifest", manifest).code()).isZero();

        var none = agent.toJson().with("capabilities", Json.strings(List.of()));
        Files.write(manifest, CanonicalJson.bytes(none));
        var refused = run("analyze", library, "--manifest", manifest, "--format", "sarif");
        assertThat(refused.code()).isEqualTo(Main.FINDING);
        assertThat(refused.out()).contains("\"level\":\"error\"");
        assertThat(run("analyze", APPLICATION, "--manifest", manifest).code()).isEqualTo(2);
    }

    @Test
    void an_update_that_brings_a_capability_is_exit_code_one_against_jar_and_report()
            throws IOException {
        var old = library("lib-1.9.jar");
        var current = library("lib-1.10.jar", "java.lang.System.getenv");
        var again = library("lib-1.11.jar", "java.lang.System.getenv");

        var came = run("analyze", current, "--compare", old);
        assertThat(came.code()).isEqualTo(Main.FINDING);
        assertThat(came.out())
                .contains("changed: lib-1.9.jar -> lib-1.10.jar")
                .contains("Came: environment in lib-1.10.jar, which no jar had")
                .contains("    starts at lib.Lib.getenv()\n");

        var report = directory.resolve("old.json");
        run("analyze", current, "--json", "--output", report);
        var same = run("analyze", again, "--compare", report, "--format", "json");
        assertThat(same.code()).isZero();
        assertThat(((Json.Obj) JsonReader.read(same.out())).get("found")).contains(Json.of(false));
        assertThat(run("analyze", old, "--compare", current).code()).isZero();
    }

    @Test
    void a_root_that_is_named_is_the_only_start() throws IOException {
        var library =
                library("lib.jar", "java.lang.System.getenv", "java.lang.Thread.getAllStackTraces");
        assertThat(run("analyze", library, "--root", "lib.Lib#getAllStackTraces").out())
                .contains("Starts at:\n  lib.Lib.getAllStackTraces\n")
                .doesNotContain("\nenvironment: ");
        assertThat(run("analyze", library, "--root", "lib.Lib").out()).contains("\nenvironment: ");
        assertThat(run("analyze", library, "--root", "lib.Nobody").code()).isEqualTo(70);
    }

    @Test
    void the_public_api_of_a_jar_that_starts_is_asked_for() throws IOException {
        var jar = APPLICATION.resolve("postgresql.jar");
        assertThat(run("analyze", jar).out()).contains("Starts at:\n  main org.postgresql.");
        assertThat(run("analyze", jar, "--public-api").out())
                .contains("Starts at:\n  public API of postgresql.jar\nFrom there");
        assertThat(run("analyze", APPLICATION, "--public-api").code()).isEqualTo(2);
    }

    @Test
    void wrong_usage_is_exit_code_two_and_what_cannot_be_read_is_seventy() throws IOException {
        assertThat(run("analyze").code()).isEqualTo(2);
        assertThat(run("analyze", directory.resolve("nowhere.jar")).code()).isEqualTo(2);
        assertThat(run("analyze", APPLICATION, "--format", "xml").code()).isEqualTo(2);
        assertThat(run("analyze", APPLICATION, "--root", "a/B").code()).isEqualTo(2);
        assertThat(run("analyze", APPLICATION, "--root", "a.B#c#d").code()).isEqualTo(2);
        assertThat(run("analyze", APPLICATION, "--compare", APPLICATION, "--format", "dot").code())
                .isEqualTo(2);
        var broken = Files.writeString(directory.resolve("broken.jar"), "PK");
        assertThat(run("analyze", broken).code()).isEqualTo(70);
        var other = Files.writeString(directory.resolve("other.json"), "{}");
        assertThat(run("analyze", APPLICATION, "--compare", other).code()).isEqualTo(70);
    }

    @Test
    void the_page_shows_what_its_commands_print() throws IOException {
        var page = Files.readString(ROOT.resolve("docs/analyze.md"));
        var printed = new StringBuilder();
        int commands = 0;
        for (var block : Guide.of(page).blocks()) {
            if (block.runs()) {
                for (var line : block.text().lines().toList()) {
                    if (line.startsWith("./casemate ")) {
                        var result = run(words(line));
                        assertThat(result.code()).as(line).isZero();
                        printed.append(result.out());
                        commands++;
                    }
                }
            } else if (block.attribute("expect").isPresent()) {
                for (var part : block.text().split("\n\\[...]\n", -1)) {
                    assertThat(printed.toString()).contains(part.strip());
                }
            }
        }
        assertThat(commands).isGreaterThanOrEqualTo(5);
    }

    /// The command's words; its files are this test's.
    private Object[] words(String line) {
        var words = new ArrayList<>();
        for (var word : line.replaceFirst("#.*", "").strip().split(" +", -1)) {
            if (word.startsWith("examples/")) {
                words.add(ROOT.resolve(word));
            } else if (word.matches("[a-z-]+\\.(json|sarif|dot|oci\\.tar)")) {
                words.add(directory.resolve(word));
            } else if (!word.equals("./casemate")) {
                words.add(word);
            }
        }
        return words.toArray();
    }

    @Test
    void the_page_explains_every_capability_and_every_link() throws IOException {
        var page = Files.readString(ROOT.resolve("docs/analyze.md"));
        var words =
                Arrays.stream(Capability.values())
                        .map(Capability::word)
                        .collect(Collectors.toList());
        Arrays.stream(Link.values()).forEach(link -> words.add(link.word()));
        for (var word : words) {
            assertThat(page).contains("| `" + word + "` |");
        }
    }
}
