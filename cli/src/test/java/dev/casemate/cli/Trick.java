package dev.casemate.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/// One of the analyzer's fixtures that hides something, as a dependency would ship it.
///
/// @param name of its folder
/// @param heldBy the control that its first comment names; empty where the analyzer finds it
record Trick(String name, Optional<String> heldBy, boolean isPreview, List<String> exports) {

    private static final Path FIXTURES = Path.of("../agent/analyzer/src/test/fixtures");

    static List<Trick> all() {
        try (var folders = Files.list(FIXTURES.resolve("tricks"))) {
            return folders.sorted().map(Trick::read).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Trick read(Path folder) {
        var source = text(folder.resolve("Main.java"));
        return new Trick(
                folder.getFileName().toString(),
                header(source, "held by"),
                header(source, "preview").isPresent(),
                header(source, "exports").stream().toList());
    }

    private static Optional<String> header(String source, String name) {
        var start = "// " + name + ": ";
        return source.lines()
                .takeWhile(line -> line.startsWith("//"))
                .filter(line -> line.startsWith(start))
                .map(line -> line.substring(start.length()))
                .findFirst();
    }

    String mainClass() {
        return name.replace("-", "") + ".Main";
    }

    /// Everything that it is made of, in one jar.
    Path jar(Path directory) throws IOException {
        var folder = FIXTURES.resolve("tricks").resolve(name);
        var files = new ArrayList<>(files(folder));
        files.addAll(files(FIXTURES.resolve("shell")));
        var sources = files.stream().filter(Trick::isSource).map(Trick::text).toList();
        var classes = compile(directory, sources, List.of(), options());
        for (var file : files) {
            if (!isSource(file)) {
                classes.put(folder.relativize(file).toString(), Files.readAllBytes(file));
            }
        }
        return Jars.write(directory.resolve("trick-" + name + ".jar"), classes);
    }

    private List<String> options() {
        var options = new ArrayList<String>();
        exports.forEach(held -> options.addAll(List.of("--add-exports", held + "=ALL-UNNAMED")));
        if (isPreview) {
            options.addAll(previewOptions());
        }
        return options;
    }

    static List<String> previewOptions() {
        var release = Integer.toString(Runtime.version().feature());
        return List.of("--enable-preview", "-source", release);
    }

    /// @return class files by their paths
    static Map<String, byte[]> compile(
            Path directory, List<String> sources, List<Path> classPath, List<String> options)
            throws IOException {
        var output = Files.createTempDirectory(directory, "classes");
        var problems = new DiagnosticCollector<JavaFileObject>();
        var all = new ArrayList<>(List.of("-proc:none", "-d", output.toString(), "-cp"));
        all.add(classPath.stream().map(Path::toString).collect(Collectors.joining(":")));
        all.addAll(options);
        var units = sources.stream().map(Trick::unit).toList();
        var compiler = ToolProvider.getSystemJavaCompiler();
        var compiled = compiler.getTask(null, null, problems, all, null, units).call();
        assertThat(compiled).as(() -> problems.getDiagnostics().toString()).isTrue();
        var classes = new TreeMap<String, byte[]>();
        for (var file : files(output)) {
            classes.put(output.relativize(file).toString(), Files.readAllBytes(file));
        }
        return classes;
    }

    // No public type is in a file of another name that anything here would look up.
    private static JavaFileObject unit(String source) {
        var name = source.lines().filter(line -> line.startsWith("public ")).findFirst();
        var file =
                name.map(line -> line.replaceFirst(".*(class|interface) (\\w+).*", "$2"))
                        .orElse("Hidden");
        var uri = URI.create("trick:///" + file + ".java");
        return new SimpleJavaFileObject(uri, JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return source;
            }
        };
    }

    private static List<Path> files(Path folder) {
        try (var files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isSource(Path file) {
        return file.toString().endsWith(".java");
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Stream<Trick> held() {
        return all().stream().filter(trick -> trick.heldBy().isPresent());
    }
}
