package dev.casemate.agent.processor;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.annotation.processing.Processor;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.JavaFileObject.Kind;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/// One run of javac with the processor, in memory, with every lint as an error.
///
/// @param files what it wrote, by path: classes, generated sources and resources
/// @param errors in the order of javac
record Compilation(Map<String, byte[]> files, List<Complaint> errors) {

    /// @param line in its file; -1 if javac named none
    record Complaint(String file, long line, String message) {}

    private static final JavaCompiler COMPILER = ToolProvider.getSystemJavaCompiler();
    private static final StandardJavaFileManager STANDARD =
            COMPILER.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8);
    private static final List<String> OPTIONS =
            List.of(
                    "-Werror",
                    "-Xmaxerrs",
                    "1000",
                    "-Xlint:all,-processing,-classfile,-path",
                    "-classpath",
                    classPath());

    // What an agent's module has; fewer jars compile faster.
    private static String classPath() {
        var entries = System.getProperty("java.class.path").split(File.pathSeparator, -1);
        return Arrays.stream(entries)
                .filter(entry -> entry.matches(".*(agent.sdk|manifest|jakarta|jspecify).*"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    static Compilation of(String... sources) {
        return of(Map.of(), List.of(sources));
    }

    /// @param classPath classes that were compiled before, by path
    static Compilation of(Map<String, byte[]> classPath, List<String> sources) {
        return of(classPath, sources, List.of(new AgentProcessor()));
    }

    /// @param processors in the order in which javac asks them
    static Compilation of(
            Map<String, byte[]> classPath,
            List<String> sources,
            List<? extends Processor> processors) {
        var diagnostics = new DiagnosticCollector<JavaFileObject>();
        // Not closed: it would forget the class path, which is the same for all.
        var files = new Memory(STANDARD, classPath);
        var units = sources.stream().map(Source::new).toList();
        var task = COMPILER.getTask(null, files, diagnostics, OPTIONS, null, units);
        task.setProcessors(processors);
        task.call();
        return new Compilation(files.written(), errors(diagnostics));
    }

    private static List<Complaint> errors(DiagnosticCollector<JavaFileObject> diagnostics) {
        var errors = new ArrayList<Complaint>();
        for (var diagnostic : diagnostics.getDiagnostics()) {
            // A warning is one as well: -Werror.
            if (diagnostic.getKind() != Diagnostic.Kind.NOTE) {
                var source = diagnostic.getSource();
                errors.add(
                        new Complaint(
                                source == null ? "" : source.getName(),
                                diagnostic.getLineNumber(),
                                diagnostic.getMessage(Locale.ROOT)));
            }
        }
        return errors;
    }

    String text(String path) {
        return new String(bytes(path), StandardCharsets.UTF_8);
    }

    byte[] bytes(String path) {
        var bytes = files.get(path);
        if (bytes == null) {
            throw new AssertionError(path + " was not written; errors: " + errors);
        }
        return bytes;
    }

    /// Loads what was compiled, on top of this test's classes.
    ClassLoader classes() {
        return new ClassLoader(Compilation.class.getClassLoader()) {
            @Override
            protected Class<?> findClass(String name) throws ClassNotFoundException {
                var bytes = files.get(name.replace('.', '/') + ".class");
                if (bytes == null) {
                    throw new ClassNotFoundException(name);
                }
                return defineClass(name, bytes, 0, bytes.length);
            }
        };
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        private Source(String text) {
            super(URI.create("memory:///" + path(text)), Kind.SOURCE);
            this.text = text;
        }

        // By its first type, which is how each test writes its sources.
        private static String path(String text) {
            var type =
                    java.util.regex.Pattern.compile("(?:class|record|enum|interface) (\\w+)")
                            .matcher(text);
            if (!type.find()) {
                throw new IllegalArgumentException("a source declares a type");
            }
            var in = java.util.regex.Pattern.compile("^package ([\\w.]+);").matcher(text);
            return (in.find() ? in.group(1).replace('.', '/') + "/" : "") + type.group(1) + ".java";
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    private static final class Memory extends ForwardingJavaFileManager<StandardJavaFileManager> {
        private final Map<String, byte[]> classPath;
        private final Map<String, Written> written = new LinkedHashMap<>();

        private Memory(StandardJavaFileManager standard, Map<String, byte[]> classPath) {
            super(standard);
            this.classPath = classPath;
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                Location location, String name, Kind kind, @Nullable FileObject sibling) {
            return output(name.replace('.', '/') + kind.extension, kind);
        }

        @Override
        public FileObject getFileForOutput(
                Location location, String in, String name, @Nullable FileObject sibling) {
            return output(in.isEmpty() ? name : in.replace('.', '/') + "/" + name, Kind.OTHER);
        }

        private Written output(String path, Kind kind) {
            var file = new Written(path, kind);
            written.put(path, file);
            return file;
        }

        @Override
        public @Nullable FileObject getFileForInput(Location location, String in, String name) {
            return null;
        }

        @Override
        public @Nullable JavaFileObject getJavaFileForInput(
                Location location, String name, Kind kind) throws IOException {
            return super.getJavaFileForInput(location, name, kind);
        }

        @Override
        public Iterable<JavaFileObject> list(
                Location location, String in, java.util.Set<Kind> kinds, boolean recurse)
                throws IOException {
            var found = new ArrayList<JavaFileObject>();
            super.list(location, in, kinds, recurse).forEach(found::add);
            if (location.getName().equals("CLASS_PATH")) {
                classPath.forEach((path, bytes) -> {
                    int end = path.lastIndexOf('/');
                    if (path.endsWith(".class")
                            && path.substring(0, Math.max(end, 0)).equals(in.replace('.', '/'))) {
                        found.add(new Compiled(path, bytes));
                    }
                });
            }
            return found;
        }

        @Override
        public String inferBinaryName(JavaFileManager.Location location, JavaFileObject file) {
            return file instanceof Compiled compiled
                    ? compiled.path.replace('/', '.').replaceAll("\\.class$", "")
                    : super.inferBinaryName(location, file);
        }

        private Map<String, byte[]> written() {
            var files = new TreeMap<String, byte[]>();
            written.forEach((path, file) -> files.put(path, file.out.toByteArray()));
            return files;
        }
    }

    private static final class Compiled extends SimpleJavaFileObject {
        private final String path;
        private final byte[] bytes;

        private Compiled(String path, byte[] bytes) {
            super(URI.create("compiled:///" + path), Kind.CLASS);
            this.path = path;
            this.bytes = bytes;
        }

        @Override
        public java.io.InputStream openInputStream() {
            return new java.io.ByteArrayInputStream(bytes);
        }
    }

    private static final class Written extends SimpleJavaFileObject {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        private Written(String path, Kind kind) {
            super(URI.create("written:///" + path), kind);
        }

        @Override
        public OutputStream openOutputStream() {
            return out;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return out.toString(StandardCharsets.UTF_8);
        }
    }
}
