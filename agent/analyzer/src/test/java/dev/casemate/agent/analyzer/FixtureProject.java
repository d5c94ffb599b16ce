package dev.casemate.agent.analyzer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.casemate.manifest.Capability;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A program below `src/test/fixtures` and what its first comment says of it.
///
/// The package is the folder's name without hyphens. What lies in the folder `library` is a jar of
/// its own, on the class path behind the program's; whatever is not Java source is packed as it is.
/// The first line of `Main.java` is the sentence; the lines after it are:
///
/// - `finds:` the capabilities that the analysis reports, all of them, or `nothing`
/// - `through:` a method on the path to the first of them
/// - `misses:` what it can do and is not reported
/// - `held by:` what stops it all the same, where what it finds is what an ordinary agent declares
/// - `exports:` a package of the JDK that is not exported, `module/package`
/// - `preview:` `yes`, for a feature of the language or the JDK that is not final
record FixtureProject(Path folder, String sentence, Map<String, String> header) {

    private static final Path ROOT = Path.of("src", "test", "fixtures");
    private static final Pattern HEADER =
            Pattern.compile("// (finds|through|misses|held by|exports|preview): (.+)");

    static List<FixtureProject> all(String kind) {
        try (var folders = Files.list(ROOT.resolve(kind))) {
            return folders.sorted().map(FixtureProject::read).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static FixtureProject read(Path folder) {
        var comment =
                text(folder.resolve("Main.java"))
                        .lines()
                        .takeWhile(line -> line.startsWith("// "))
                        .toList();
        var header = new LinkedHashMap<String, String>();
        for (var line : comment.subList(1, comment.size())) {
            var parts = HEADER.matcher(line);
            assertThat(parts.matches())
                    .as("a line of the form in " + folder + ": " + line)
                    .isTrue();
            header.put(parts.group(1), parts.group(2));
        }
        assertThat(header).as(folder.toString()).containsKey("finds");
        return new FixtureProject(
                folder, comment.getFirst().substring(3), Collections.unmodifiableMap(header));
    }

    String packageName() {
        return folder.getFileName().toString().replace("-", "");
    }

    String mainClass() {
        return packageName() + ".Main";
    }

    Set<Capability> finds() {
        var words = header.getOrDefault("finds", "");
        var found = EnumSet.noneOf(Capability.class);
        if (!words.equals("nothing")) {
            for (var word : words.split(", ", -1)) {
                found.add(
                        Arrays.stream(Capability.values())
                                .filter(capability -> capability.word().equals(word))
                                .findFirst()
                                .orElseThrow());
            }
        }
        return found;
    }

    Optional<String> line(String name) {
        return Optional.ofNullable(header.get(name));
    }

    Report analyze(Path directory) {
        var fixture =
                new Fixture(
                        directory,
                        line("exports").stream()
                                .flatMap(name -> Stream.of("--add-exports", name + "=ALL-UNNAMED"))
                                .toList(),
                        line("preview").isPresent());
        var shell = text(ROOT.resolve("shell/Shell.java"));
        var library = folder.resolve("library");
        if (Files.exists(library)) {
            fixture.jar(resources(library), sources(library, shell));
            fixture.jar(resources(folder), sources(folder));
        } else {
            fixture.jar(resources(folder), sources(folder, shell));
        }
        return Analyzer.analyze(fixture.classPath(), List.of(Root.main(mainClass())));
    }

    private static String[] sources(Path folder, String... more) {
        return Stream.concat(
                        files(folder).filter(FixtureProject::isSource).map(FixtureProject::text),
                        Arrays.stream(more))
                .toArray(String[]::new);
    }

    private static Map<String, String> resources(Path folder) {
        var resources = new TreeMap<String, String>();
        files(folder)
                .filter(file -> !isSource(file))
                .forEach(file -> resources.put(folder.relativize(file).toString(), text(file)));
        return resources;
    }

    private static Stream<Path> files(Path folder) {
        try (var files = Files.walk(folder)) {
            return files
                    .filter(Files::isRegularFile)
                    .filter(file -> !folder.relativize(file).startsWith("library"))
                    .sorted()
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isSource(Path file) {
        return file.toString().endsWith(".java");
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
