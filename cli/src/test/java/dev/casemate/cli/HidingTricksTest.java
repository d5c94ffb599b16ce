package dev.casemate.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// Each trick of the analyzer's fixtures in the example's build, behind an ordinary call of the
/// agent into one library that calls another: the build refuses it and prints the path, or the page
/// of caveats says what holds it instead.
final class HidingTricksTest {

    private static final Path EXAMPLE = Path.of("../examples/market-analyst");
    private static final Path APPLICATION = EXAMPLE.resolve("target/app");
    private static final Path AGENT_SOURCE =
            EXAMPLE.resolve("src/main/java/dev/casemate/examples/marketanalyst/Postgres.java");

    /// Tricks that the build refuses; there may be more.
    private static final int FOUND = 70;

    private static final String WORDS =
            """
            package com.example.text;
            public class Words {
                public static String tidy(String word) {
                    if (word.isBlank()) { Cases.lower(word); }
                    return word.strip();
                }
            }
            """;

    private static final String CASES =
            """
            package com.example.text;
            public class Cases {
                public static void lower(String word) {
                    try { MAIN.main(new String[] {word}); }
                    catch (Throwable e) { throw new IllegalStateException(e); }
                }
            }
            """;

    @TempDir private static Path shared;

    /// The example's jar, of which one method calls `com.example.text.Words.tidy`.
    private static Path changedAgent = Path.of("unset");

    /// What a command said.
    private record Outcome(int code, String output) {}

    @BeforeAll
    static void callALibraryFromTheAgent() throws IOException {
        var source = Files.readString(AGENT_SOURCE);
        var changed = source.replace("setUser(role)", "setUser(com.example.text.Words.tidy(role))");
        assertThat(changed).isNotEqualTo(source);
        var words =
                """
                package com.example.text;
                public class Words {
                    public static String tidy(String word) { return word; }
                }
                """;
        var library = Trick.compile(shared, List.of(words), List.of(), List.of());
        var classPath = new ArrayList<>(jarsOfTheExample());
        classPath.add(Jars.write(shared.resolve("words.jar"), library));
        var classes = Trick.compile(shared, List.of(changed), classPath, List.of());
        var entries = new TreeMap<>(Jars.entries(APPLICATION.resolve("market-analyst.jar")));
        classes.forEach((name, bytes) -> assertThat(entries.replace(name, bytes)).isNotNull());
        changedAgent = Jars.write(shared.resolve("market-analyst.jar"), entries);
    }

    private static List<Path> jarsOfTheExample() throws IOException {
        try (var files = Files.list(APPLICATION)) {
            return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
        }
    }

    /// The example's build with the trick behind a call into a library of a library.
    private static Path application(Trick trick) throws IOException {
        var directory = Files.createTempDirectory(shared, "app");
        var options = new ArrayList<String>();
        if (trick.isPreview()) {
            options.addAll(Trick.previewOptions());
        }
        return application(directory, trick.jar(directory), trick.mainClass(), options);
    }

    private static Path application(
            Path directory, Path hidden, String mainClass, List<String> options)
            throws IOException {
        for (var jar : jarsOfTheExample()) {
            var name = jar.getFileName().toString();
            Files.copy(
                    name.equals("market-analyst.jar") ? changedAgent : jar,
                    directory.resolve(name));
        }
        var sources = List.of(WORDS, CASES.replace("MAIN", mainClass));
        Jars.write(
                directory.resolve("text-tools.jar"),
                Trick.compile(shared, sources, List.of(hidden), options));
        return directory;
    }

    private static Outcome casemate(String... arguments) {
        var out = System.out;
        var err = System.err;
        var bytes = new ByteArrayOutputStream();
        try (var captured = new PrintStream(bytes, true, UTF_8)) {
            System.setOut(captured);
            System.setErr(captured);
            int code = Main.run(arguments);
            return new Outcome(code, bytes.toString(UTF_8));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }

    private static Outcome analyze(Trick trick) throws IOException {
        return casemate("analyze", application(trick).toString());
    }

    @Test
    void theExampleWithALibraryThatHidesNothingPasses() throws IOException {
        var directory = Files.createTempDirectory(shared, "app");
        var harmless =
                Trick.compile(
                        shared,
                        List.of(
                                """
                                package harmless;
                                public class Main {
                                    public static void main(String[] args) {}
                                }
                                """),
                        List.of(),
                        List.of());
        var hidden = Jars.write(directory.resolve("harmless.jar"), harmless);
        application(directory, hidden, "harmless.Main", List.of());
        var outcome = casemate("analyze", directory.toString());
        assertThat(outcome.code()).as(outcome.output()).isZero();
    }

    @TestFactory
    Stream<DynamicTest> eachTrickThatIsFoundFailsTheBuildWithItsPath() {
        return Trick.all().stream()
                .filter(trick -> trick.heldBy().isEmpty())
                .map(trick -> dynamicTest(trick.name(), () -> isFound(trick)));
    }

    private static void isFound(Trick trick) throws IOException {
        var outcome = analyze(trick);
        assertThat(outcome.code()).as(outcome.output()).isEqualTo(Main.FINDING);
        assertThat(pathOfAnUndeclaredCapability(outcome.output()))
                .as(outcome.output())
                .anyMatch(path -> path.contains(trick.name().replace("-", "") + "."));
    }

    // The paths below the capabilities that the last line says are not declared.
    private static List<String> pathOfAnUndeclaredCapability(String output) {
        var undeclared = Pattern.compile("not declared in the manifest: (.+)").matcher(output);
        assertThat(undeclared.find()).as(output).isTrue();
        var paths = new ArrayList<String>();
        for (var word : undeclared.group(1).split(", ", -1)) {
            // A heading at the margin, and what is indented below it.
            var block = Pattern.compile("(?m)^" + word + ": .*\\n((?: {2}.*\\n)+)").matcher(output);
            assertThat(block.find()).as(output).isTrue();
            paths.add(block.group(1));
        }
        return paths;
    }

    @TestFactory
    Stream<DynamicTest> eachTrickThatAControlHoldsInsteadPassesTheBuild() {
        return Trick.held()
                .map(trick ->
                        dynamicTest(
                                trick.name(),
                                () -> {
                                    var outcome = analyze(trick);
                                    assertThat(outcome.code()).as(outcome.output()).isZero();
                                }));
    }

    @Test
    void atLeastAsManyTricksAreFoundAsThereWere() {
        assertThat(Trick.all())
                .filteredOn(trick -> trick.heldBy().isEmpty())
                .hasSizeGreaterThanOrEqualTo(FOUND);
    }

    @Test
    void anImageIsNotBuiltWithATrickInItsJars() throws IOException {
        var trick =
                Trick.all().stream()
                        .filter(each -> each.name().equals("default-method-of-a-lambda"))
                        .findFirst()
                        .orElseThrow();
        var image = shared.resolve("image.tar");
        var outcome =
                casemate(
                        "build",
                        application(trick).toString(),
                        "--unsigned",
                        "--output",
                        image.toString());
        assertThat(outcome.code()).isEqualTo(Main.FINDING);
        assertThat(outcome.output())
                .contains("defaultmethodofalambda.Main", "not built: gate analyzer: ", "exec");
        assertThat(image).doesNotExist();
    }

    @Test
    void thePageOfCaveatsListsWhatIsNotFoundWithItsControl() throws IOException {
        var page = Files.readString(Path.of("../docs/caveats.md"));
        var section = page.substring(page.indexOf("\n## The analyzer\n"));
        Map<String, String> listed = new TreeMap<>();
        Pattern.compile("(?m)^\\| `([a-z-]+)` \\|.*\\| ([^|]+) \\|$")
                .matcher(section.substring(0, section.indexOf("\n## ", 1)))
                .results()
                .forEach((MatchResult row) -> listed.put(row.group(1), row.group(2).strip()));
        Map<String, String> held = new TreeMap<>();
        Trick.held().forEach(trick -> held.put(trick.name(), trick.heldBy().orElseThrow()));
        assertThat(listed).isEqualTo(held);
    }
}
