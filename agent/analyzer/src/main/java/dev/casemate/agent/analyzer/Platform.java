package dev.casemate.agent.analyzer;

import dev.casemate.agent.analyzer.AnalyzerException.Code;
import dev.casemate.manifest.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.module.ModuleDescriptor;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// The classes of the JDK that runs the application, read from its run-time image (`lib/modules`):
/// what is not in there cannot be called.
final class Platform implements AutoCloseable {

    /// Flag of the attribute ModuleResolution.
    private static final int NOT_BY_DEFAULT = 0x0001;

    private static final URI SCHEME = URI.create("jrt:/");

    /// The code that reads an image. Always this JDK's own: of another one only data is used.
    private static final Path READER = Path.of(System.getProperty("java.home"), "lib/jrt-fs.jar");

    private final FileSystem image;
    private final Runtime.Version version;
    private final String display;
    private final Optional<Path> home;
    private final Names names = new Names();
    private final Map<String, ModuleDescriptor> moduleOfPackage = new HashMap<>();
    private final Set<String> leftOut = new HashSet<>();

    private Platform(FileSystem image, Optional<Path> file, Optional<Path> home)
            throws IOException {
        this.image = image;
        this.home = home;
        var names = new TreeSet<String>();
        var found = Runtime.version();
        try (var all = Files.list(image.getPath("/modules"))) {
            for (var module : all.toList()) {
                var bytes = Files.readAllBytes(module.resolve("module-info.class"));
                var descriptor = ModuleDescriptor.read(ByteBuffer.wrap(bytes));
                names.add(descriptor.name());
                descriptor.packages().forEach(held -> moduleOfPackage.put(held, descriptor));
                if (isLeftOut(bytes)) {
                    leftOut.add(descriptor.name());
                }
                if (file.isPresent() && descriptor.name().equals("java.base")) {
                    found = Runtime.Version.parse(descriptor.rawVersion().orElseThrow());
                }
            }
        }
        this.version = found;
        this.display =
                file.isPresent()
                        ? "Java %s of the image: modules %s, %s"
                                .formatted(
                                        version.feature(),
                                        String.join(", ", names),
                                        Digest.of(Files.readAllBytes(file.get())))
                        : "Java " + version.feature() + ", whole";
    }

    /// The JDK that runs the analysis.
    static Platform running() {
        try {
            var image = FileSystems.getFileSystem(SCHEME);
            return new Platform(image, Optional.empty(), Optional.empty());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Another Java.
    ///
    /// @param file its `lib/modules`
    /// @throws AnalyzerException with code `UNREADABLE_RUNTIME`
    static Platform of(Path file) {
        try {
            var home = Files.createTempDirectory("casemate-runtime-");
            try {
                var lib = Files.createDirectory(home.resolve("lib"));
                Files.copy(READER, lib.resolve(READER.getFileName()));
                Files.createSymbolicLink(lib.resolve("modules"), file.toRealPath());
                var image = FileSystems.newFileSystem(SCHEME, Map.of("java.home", home.toString()));
                return new Platform(image, Optional.of(file), Optional.of(home));
            } catch (IOException | RuntimeException e) {
                delete(home);
                throw e;
            }
        } catch (IOException | RuntimeException e) {
            throw new AnalyzerException(
                    Code.UNREADABLE_RUNTIME,
                    "expected a run-time image that Java " + Runtime.version().feature() + " reads",
                    e);
        }
    }

    private static void delete(Path home) throws IOException {
        try (var files = Files.walk(home)) {
            for (var file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(file);
            }
        }
    }

    /// The release that decides about multi-release jars and the newest class file.
    Runtime.Version version() {
        return version;
    }

    /// For people: which Java, and what of it.
    String display() {
        return display;
    }

    /// The module that has a package, exported or not.
    Optional<String> module(String packageName) {
        return Optional.ofNullable(moduleOfPackage.get(packageName)).map(ModuleDescriptor::name);
    }

    /// Whether a program on the class path gets the JDK's classes of this package whatever it
    /// ships: so it is in every module that is resolved without being asked for.
    boolean shadows(String packageName) {
        var module = moduleOfPackage.get(packageName);
        return module != null
                && !leftOut.contains(module.name())
                && module.exports().stream().anyMatch(exports -> !exports.isQualified());
    }

    // An incubating module is not there unless the command line asks for it.
    private static boolean isLeftOut(byte[] moduleInfo) {
        return ClassFile.of()
                .parse(moduleInfo)
                .findAttribute(Attributes.moduleResolution())
                .filter(resolution -> (resolution.resolutionFlags() & NOT_BY_DEFAULT) != 0)
                .isPresent();
    }

    /// Whether a package is exported to everybody.
    boolean exports(String packageName) {
        var module = moduleOfPackage.get(packageName);
        return module != null
                && module.exports().stream()
                        .anyMatch(it -> !it.isQualified() && it.source().equals(packageName));
    }

    /// @param name internal name
    Optional<TypeFacts> type(String name) {
        return module(TypeFacts.packageOf(name)).flatMap(module -> read(module, name));
    }

    private Optional<TypeFacts> read(String module, String name) {
        var file = image.getPath("/modules", module, name + ".class");
        try {
            return Files.exists(file)
                    ? Optional.of(
                            ClassReader.platform(Files.readAllBytes(file), home.isPresent(), names))
                    : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        if (home.isPresent()) {
            try {
                image.close();
                delete(home.get());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
