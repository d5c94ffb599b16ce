package dev.casemate.agent.analyzer;

import dev.casemate.agent.analyzer.AnalyzerException.Code;
import dev.casemate.manifest.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.zip.CRC32;
import java.util.zip.ZipFile;

/// Reads one jar as the class loader would: multi-release entries of this JDK, service files.
final class JarReader {

    /// The largest entry that is read.
    static final int MAX_ENTRY_BYTES = 16 << 20;

    /// The most classes of one jar.
    static final int MAX_CLASSES = 100_000;

    // Seen only in a jar that is not multi-release: the class loader does not look there.
    private static final String OTHER_VERSIONS = "META-INF/versions/";
    private static final String SERVICES = "META-INF/services/";

    /// @param types in the order of the jar
    /// @param services providers by service, both as binary names
    record Jar(Origin origin, List<TypeFacts> types, Map<String, List<String>> services) {}

    private final Path path;
    private final Set<String> names = new HashSet<>();
    private final List<TypeFacts> types = new ArrayList<>();
    private final Map<String, List<String>> services = new LinkedHashMap<>();

    private JarReader(Path path) {
        this.path = path;
    }

    /// @throws AnalyzerException if any part of it cannot be read
    static Jar read(Path path) {
        var reader = new JarReader(path);
        try (var jar = new JarFile(path.toFile(), false, ZipFile.OPEN_READ, Runtime.version())) {
            for (var entry : (Iterable<JarEntry>) jar.versionedStream()::iterator) {
                reader.accept(jar, entry);
            }
        } catch (IOException | SecurityException | IllegalArgumentException e) {
            throw new AnalyzerException(
                    Code.UNREADABLE_JAR, "expected a whole jar: " + path.getFileName(), e);
        }
        var name = path.getFileName().toString();
        var origin = new Origin(name, digest(path), reader.types.size());
        return new Jar(origin, List.copyOf(reader.types), reader.services);
    }

    private static Digest digest(Path path) {
        try {
            return Digest.of(Files.readAllBytes(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept(JarFile jar, JarEntry entry) throws IOException {
        var name = entry.getName();
        if (!names.add(name)) {
            throw new AnalyzerException(
                    Code.AMBIGUOUS_CLASS, "expected each entry once: " + at(entry));
        }
        if (name.startsWith(SERVICES) && !entry.isDirectory()) {
            services.put(
                    name.substring(SERVICES.length()),
                    providers(new String(bytes(jar, entry), StandardCharsets.UTF_8)));
        } else if (name.endsWith(".class")
                && !name.startsWith(OTHER_VERSIONS)
                && !name.endsWith("module-info.class")) {
            types.add(type(path.getFileName().toString(), name, bytes(jar, entry)));
            if (types.size() > MAX_CLASSES) {
                throw new AnalyzerException(
                        Code.TOO_LARGE, "expected at most " + MAX_CLASSES + " classes in a jar");
            }
        }
    }

    private byte[] bytes(JarFile jar, JarEntry entry) throws IOException {
        try (var in = jar.getInputStream(entry)) {
            var bytes = in.readNBytes(MAX_ENTRY_BYTES + 1);
            if (bytes.length > MAX_ENTRY_BYTES) {
                throw new AnalyzerException(
                        Code.TOO_LARGE,
                        "expected entries of at most " + MAX_ENTRY_BYTES + " bytes: " + at(entry));
            }
            // ZipFile does not compare it.
            var checksum = new CRC32();
            checksum.update(bytes);
            if (checksum.getValue() != entry.getCrc()) {
                throw new AnalyzerException(
                        Code.UNREADABLE_JAR, "expected the entry's own checksum: " + at(entry));
            }
            return bytes;
        }
    }

    /// @throws AnalyzerException with code `UNREADABLE_CLASS`, and with nothing else
    static TypeFacts type(String jarName, String entryName, byte[] bytes) {
        TypeFacts type;
        try {
            type = ClassReader.shipped(bytes);
        } catch (RuntimeException | StackOverflowError e) {
            // The class file API has no one type for what it refuses; constants may nest endlessly.
            throw unreadable(jarName, entryName, e);
        }
        if (!entryName.equals(type.name() + ".class")) {
            throw unreadable(
                    jarName, entryName, new IllegalArgumentException("another class's path"));
        }
        return type;
    }

    private static AnalyzerException unreadable(String jarName, String entryName, Throwable cause) {
        return new AnalyzerException(
                Code.UNREADABLE_CLASS,
                "expected a class file that Java %d can load: %s!/%s"
                        .formatted(Runtime.version().feature(), jarName, entryName),
                cause);
    }

    private String at(JarEntry entry) {
        return path.getFileName() + "!/" + entry.getRealName();
    }

    private static List<String> providers(String serviceFile) {
        return serviceFile
                .lines()
                .map(line -> line.replaceFirst("#.*", "").strip())
                .filter(line -> !line.isEmpty())
                .distinct()
                .toList();
    }
}
