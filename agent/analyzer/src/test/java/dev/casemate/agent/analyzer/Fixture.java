package dev.casemate.agent.analyzer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.casemate.manifest.Capability;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/// Compiles sources and packs them as jars: the shipped code of a test.
final class Fixture {

    private static final Pattern PACKAGE = Pattern.compile("package ([\\w.]+);");
    private static final Pattern MODULE = Pattern.compile("(?m)^module ");
    private static final Pattern TYPE = Pattern.compile("(?:class|interface|record|enum) (\\w+)");

    /// Runs a process when asked; each test asks in another way.
    static final String SHELL =
            """
            package app;
            public class Shell {
                public static void run() {
                    try { new ProcessBuilder("sh").start(); } catch (java.io.IOException e) {}
                }
            }
            """;

    private final Path directory;
    private final List<String> options;
    private final List<Path> jars = new ArrayList<>();

    Fixture(Path directory) {
        this(directory, List.of(), false);
    }

    /// @param options of the compiler
    /// @param preview with the features of this JDK that are not final
    Fixture(Path directory, List<String> options, boolean preview) {
        this.directory = directory;
        this.options = new ArrayList<>(options);
        if (preview) {
            var release = Integer.toString(Runtime.version().feature());
            this.options.addAll(List.of("--enable-preview", "-source", release));
        }
    }

    /// All jars so far, the latest first: an application before its libraries.
    List<Path> classPath() {
        return jars.reversed();
    }

    /// The class `app.Main` with a main method.
    static String main(String body) {
        return """
        package app;
        public class Main {
            public static void main(String[] args) throws Throwable {
                %s
            }
        }
        """
                .formatted(body);
    }

    /// The methods on the path to a capability, which must be there.
    static List<String> path(Report report, Capability capability) {
        var witness = report.capabilities().getOrDefault(capability, List.of());
        assertThat(witness).as(report.text()).isNotEmpty();
        return witness.getFirst().steps().stream().map(Step::method).toList();
    }

    /// Compiles against the jars so far.
    Fixture jar(String... sources) {
        return jar(Map.of(), sources);
    }

    /// @param resources text by entry name
    Fixture jar(Map<String, String> resources, String... sources) {
        try {
            var classes = Files.createTempDirectory(directory, "classes");
            compile(classes, sources);
            var entries = new TreeMap<String, byte[]>();
            resources.forEach((name, text) -> entries.put(name, text.getBytes(UTF_8)));
            try (var files = Files.walk(classes)) {
                for (var file : files.filter(Files::isRegularFile).toList()) {
                    entries.put(classes.relativize(file).toString(), Files.readAllBytes(file));
                }
            }
            jars.add(pack(directory.resolve("fixture-" + jars.size() + ".jar"), entries));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    static Path pack(Path jar, Map<String, byte[]> entries) throws IOException {
        try (var out = new JarOutputStream(Files.newOutputStream(jar))) {
            for (var entry : entries.entrySet()) {
                var header = new JarEntry(entry.getKey());
                header.setTime(0); // the same sources, the same bytes
                out.putNextEntry(header);
                out.write(entry.getValue());
                out.closeEntry();
            }
        }
        return jar;
    }

    static byte[] entry(Path jar, String name) throws IOException {
        try (var open = new JarFile(jar.toFile());
                var in = open.getInputStream(open.getEntry(name))) {
            return in.readAllBytes();
        }
    }

    private void compile(Path output, String... sources) {
        var compiler = ToolProvider.getSystemJavaCompiler();
        var problems = new DiagnosticCollector<JavaFileObject>();
        var options =
                new ArrayList<>(
                        List.of(
                                "-proc:none",
                                "-d",
                                output.toString(),
                                "-cp",
                                jars.stream()
                                        .map(Path::toString)
                                        .collect(Collectors.joining(":"))));
        options.addAll(this.options);
        var units = Arrays.stream(sources).map(Fixture::unit).toList();
        var compiled = compiler.getTask(null, null, problems, options, null, units).call();
        assertThat(compiled).as(() -> problems.getDiagnostics().toString()).isTrue();
    }

    private static JavaFileObject unit(String source) {
        var code = source.replaceAll("(?m)^//.*$", "");
        var path = "/module-info.java";
        if (!MODULE.matcher(code).find()) {
            var held = PACKAGE.matcher(code);
            var type = TYPE.matcher(code);
            assertThat(held.find() && type.find()).as("a package and a type in " + source).isTrue();
            path = "/" + held.group(1).replace('.', '/') + "/" + type.group(1) + ".java";
        }
        return new SimpleJavaFileObject(
                URI.create("fixture://" + path), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return source;
            }
        };
    }
}
