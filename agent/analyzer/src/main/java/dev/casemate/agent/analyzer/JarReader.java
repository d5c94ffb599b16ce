package dev.casemate.agent.analyzer;

import dev.casemate.agent.analyzer.AnalyzerException.Code;
import dev.casemate.manifest.Digest;
import java.io.IOException;
import java.lang.module.InvalidModuleDescriptorException;
import java.lang.module.ModuleDescriptor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.zip.CRC32;
import java.util.zip.ZipFile;

/// Reads one jar as the class loader of an application would: multi-release entries of one Java,
/// signatures held, service files, and the jars inside it that a launcher packed there.
final class JarReader {

    /// The largest class, service file or descriptor that is read.
    static final int MAX_ENTRY_BYTES = 16 << 20;

    /// The largest jar within a jar.
    static final int MAX_NESTED_BYTES = 256 << 20;

    /// The most bytes that are unpacked of one jar, those of jars within it included.
    static final long MAX_UNPACKED_BYTES = 512L << 20;

    /// The most entries of one jar.
    static final int MAX_ENTRIES = 100_000;

    /// How deep jars may lie in jars: in a web archive in an enterprise archive there are three.
    static final int MAX_DEPTH = 3;

    // Seen only in a jar that is not multi-release: the class loader does not look there.
    private static final String OTHER_VERSIONS = "META-INF/versions/";
    private static final String SERVICES = "META-INF/services/";
    private static final String MODULE = "module-info.class";
    private static final String CLASS = ".class";

    /// Where the launchers of Spring Boot and of servlet containers look for classes.
    private static final List<String> CLASS_DIRECTORIES =
            List.of("BOOT-INF/classes/", "WEB-INF/classes/");

    /// @param types in the order of the jar
    /// @param services providers by service, both as binary names
    record Jar(Origin origin, List<TypeFacts> types, Map<String, List<String>> services) {

        Jar {
            types = List.copyOf(types);
            services = Map.copyOf(services);
        }
    }

    /// What may still be unpacked.
    private static final class Allowance {
        private long bytes = MAX_UNPACKED_BYTES;

        void take(int size, String at) {
            bytes -= size;
            if (bytes < 0) {
                throw new AnalyzerException(
                        Code.TOO_LARGE,
                        "expected at most " + MAX_UNPACKED_BYTES + " bytes in a jar: " + at);
            }
        }
    }

    private final String name;
    private final Path file;
    private final Runtime.Version java;
    private final int depth;
    private final Allowance allowance;
    private final Names names = new Names();
    private final Set<String> entries = new HashSet<>();
    private final Set<String> packages = new HashSet<>();
    private final Set<String> typeNames = new HashSet<>();
    private final List<TypeFacts> types = new ArrayList<>();
    private final Map<String, List<String>> services = new TreeMap<>();
    private final List<Jar> nested = new ArrayList<>();
    private Optional<byte[]> module = Optional.empty();

    private JarReader(
            String name, Path file, Runtime.Version java, int depth, Allowance allowance) {
        this.name = name;
        this.file = file;
        this.java = java;
        this.depth = depth;
        this.allowance = allowance;
    }

    /// @param java the Java whose entries of a multi-release jar count
    /// @return the jar, then those within it
    /// @throws AnalyzerException if any part of it cannot be read
    static List<Jar> read(Path path, Runtime.Version java) {
        var name = path.getFileName().toString();
        return new JarReader(name, path, java, 1, new Allowance()).read();
    }

    private List<Jar> read() {
        Digest digest;
        Optional<TypeFacts> attributes;
        try (var jar = new JarFile(file.toFile(), true, ZipFile.OPEN_READ, java)) {
            if (jar.size() > MAX_ENTRIES) {
                throw new AnalyzerException(
                        Code.TOO_LARGE, "expected at most " + MAX_ENTRIES + " entries: " + name);
            }
            var all = jar.versionedStream().toList();
            for (var entry : all) {
                accept(jar, entry);
            }
            attributes = JarAttributes.of(jar).asType(name);
            digest = Digest.of(Files.readAllBytes(file));
        } catch (IOException | SecurityException | IllegalArgumentException e) {
            throw new AnalyzerException(Code.UNREADABLE_JAR, "expected a whole jar: " + name, e);
        }
        module.ifPresent(this::describe);
        var jars = new ArrayList<Jar>();
        var origin = new Origin(name, digest, types.size());
        attributes.ifPresent(types::add);
        jars.add(new Jar(origin, types, services));
        jars.addAll(nested);
        return jars;
    }

    private void accept(JarFile jar, JarEntry entry) throws IOException {
        var path = entry.getName();
        if (!entries.add(path)) {
            throw new AnalyzerException(
                    Code.AMBIGUOUS_CLASS, "expected each entry once: " + at(entry));
        }
        if (entry.isDirectory() || path.startsWith(OTHER_VERSIONS)) {
            return;
        }
        int slash = path.lastIndexOf('/');
        if (slash > 0) {
            packages.add(path.substring(0, slash).replace('/', '.'));
        }
        var inside = inClassDirectory(path);
        if (inside.startsWith(SERVICES)) {
            var text = new String(bytes(jar, entry, MAX_ENTRY_BYTES), StandardCharsets.UTF_8);
            provide(inside.substring(SERVICES.length()), providers(text));
        } else if (path.equals(MODULE)) {
            module = Optional.of(bytes(jar, entry, MAX_ENTRY_BYTES));
        } else if (path.endsWith(CLASS)) {
            add(type(name, path, bytes(jar, entry, MAX_ENTRY_BYTES), java, names), entry);
        } else if (path.endsWith(".jar") || path.endsWith(".war")) {
            nested.addAll(inside(jar, entry));
        }
    }

    // Beside a launcher's directory of classes, a jar may have the same class at its top: which one
    // runs is the launcher's affair.
    private void add(TypeFacts type, JarEntry entry) {
        if (!typeNames.add(type.name())) {
            throw new AnalyzerException(
                    Code.AMBIGUOUS_CLASS, "expected each class once: " + at(entry));
        }
        types.add(type);
    }

    private static String inClassDirectory(String path) {
        return CLASS_DIRECTORIES.stream()
                .filter(path::startsWith)
                .map(directory -> path.substring(directory.length()))
                .findFirst()
                .orElse(path);
    }

    private List<Jar> inside(JarFile jar, JarEntry entry) throws IOException {
        if (depth == MAX_DEPTH) {
            throw new AnalyzerException(
                    Code.TOO_LARGE,
                    "expected jars in jars at most " + MAX_DEPTH + " deep: " + at(entry));
        }
        var copy = Files.createTempFile("casemate-nested-", ".jar");
        try {
            Files.write(copy, bytes(jar, entry, MAX_NESTED_BYTES));
            return new JarReader(at(entry), copy, java, depth + 1, allowance).read();
        } finally {
            Files.delete(copy);
        }
    }

    private byte[] bytes(JarFile jar, JarEntry entry, int limit) throws IOException {
        try (var in = jar.getInputStream(entry)) {
            var bytes = in.readNBytes(limit + 1);
            if (bytes.length > limit) {
                throw new AnalyzerException(
                        Code.TOO_LARGE,
                        "expected an entry of at most " + limit + " bytes: " + at(entry));
            }
            allowance.take(bytes.length, at(entry));
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
    static TypeFacts type(
            String jarName, String entryName, byte[] bytes, Runtime.Version java, Names names) {
        TypeFacts type;
        try {
            type = ClassReader.shipped(bytes, java, names);
        } catch (RuntimeException | StackOverflowError e) {
            // The class file API has no one type for what it refuses; constants may nest endlessly.
            throw unreadable(jarName, entryName, java, e);
        }
        var expected = type.name() + CLASS;
        if (!entryName.equals(expected) && !inClassDirectory(entryName).equals(expected)) {
            throw unreadable(
                    jarName, entryName, java, new IllegalArgumentException("another class's path"));
        }
        return type;
    }

    private static AnalyzerException unreadable(
            String jarName, String entryName, Runtime.Version java, Throwable cause) {
        return new AnalyzerException(
                Code.UNREADABLE_CLASS,
                "expected a class file that Java %d can load: %s!/%s"
                        .formatted(java.feature(), jarName, entryName),
                cause);
    }

    // The JVM refuses such a jar on the module path and ignores the descriptor on the class path;
    // here it stands for an archive that was put together from parts that do not belong together.
    private void describe(byte[] descriptor) {
        try {
            var known = Set.copyOf(packages);
            var read = ModuleDescriptor.read(ByteBuffer.wrap(descriptor), () -> known);
            read.provides().forEach(each -> provide(each.service(), each.providers()));
        } catch (InvalidModuleDescriptorException e) {
            throw new AnalyzerException(
                    Code.UNREADABLE_MODULE,
                    "expected a module descriptor that fits the jar: " + name,
                    e);
        }
    }

    private void provide(String service, List<String> providers) {
        var known = services.computeIfAbsent(service, _ -> new ArrayList<>());
        providers.stream().filter(provider -> !known.contains(provider)).forEach(known::add);
    }

    private String at(JarEntry entry) {
        return name + "!/" + entry.getRealName();
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
