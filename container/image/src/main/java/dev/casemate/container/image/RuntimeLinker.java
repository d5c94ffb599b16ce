package dev.casemate.container.image;

import dev.casemate.container.image.ImageException.Code;
import dev.casemate.manifest.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.function.Consumer;

/// Links Java runtimes and keeps them in a directory, one for each set of modules.
///
/// The JDK that runs the build is the one that is linked from. Every step runs without an
/// environment and with fixed settings, so that the result is the same wherever it is made.
final class RuntimeLinker {

    /// The time of every file in an image. The archive of loaded classes holds the time of the file
    /// `lib/modules`, so that the two have to agree.
    static final FileTime FILE_TIME = FileTime.fromMillis(1000);

    /// The runtime's own archive of loaded classes.
    static final String ARCHIVE = "lib/server/classes.jsa";

    private static final String FILES = "removed-files.txt";

    private final Path directory;
    private final Consumer<String> progress;

    /// @param directory where runtimes are kept; made if missing
    RuntimeLinker(Path directory, Consumer<String> progress) {
        this.directory = directory;
        this.progress = progress;
    }

    /// The directory of a runtime with these modules.
    ///
    /// @param named names of classes that the jars refer to; a sealed runtime has of the JDK what
    ///   these lead to. With slashes
    Path link(SortedSet<String> modules, SortedSet<String> named, boolean sealed)
            throws IOException {
        var name =
                sealed
                        ? "sealed-" + key(modules, named)
                        : "whole-" + key(modules, Collections.emptySortedSet());
        var runtime = directory.resolve(name);
        if (Files.isDirectory(runtime)) {
            progress.accept("runtime: " + name + ", kept from an earlier build");
            return runtime;
        }
        Files.createDirectories(directory);
        var scratch = Files.createTempDirectory(directory, ".link-");
        try {
            var fresh = scratch.resolve("runtime");
            progress.accept("runtime: linking " + modules.size() + " modules");
            var names = Files.write(scratch.resolve("names"), named);
            jlink(modules, sealed ? Optional.of(names) : Optional.empty(), fresh);
            trim(fresh, sealed);
            archiveClasses(fresh);
            return keep(fresh, runtime);
        } finally {
            FileTree.delete(scratch);
        }
    }

    private static Path keep(Path fresh, Path runtime) throws IOException {
        try {
            return Files.move(fresh, runtime, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileAlreadyExistsException | DirectoryNotEmptyException e) {
            return runtime; // another build was faster, with the same result
        }
    }

    /// Everything that the result depends on.
    private static String key(SortedSet<String> modules, SortedSet<String> named)
            throws IOException {
        var inputs = new ByteArrayOutputStream();
        inputs.write(
                (Runtime.version() + System.getProperty("java.vendor.version") + modules + named)
                        .getBytes(StandardCharsets.UTF_8));
        for (var part :
                List.of(
                        SealPlugin.CLASSES,
                        SealPlugin.METHODS,
                        SealPlugin.KEPT,
                        FILES,
                        "SealPlugin.class",
                        "ClassRules.class",
                        "CutMethods.class",
                        "ReachedClasses.class",
                        "ClassNames.class",
                        "RuntimeLinker.class",
                        "RuntimeStep.class")) {
            inputs.write(RuleFile.bytes(part));
        }
        return Digest.of(inputs.toByteArray()).value().substring("sha256:".length(), 23);
    }

    /// @param names file of names, to seal the runtime
    private void jlink(SortedSet<String> modules, Optional<Path> names, Path output)
            throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("--add-modules", "jdk.jlink", "--add-exports"));
        command.add("jdk.jlink/jdk.tools.jlink.plugin=ALL-UNNAMED");
        command.addAll(List.of("--add-exports", "jdk.jlink/jdk.tools.jlink.internal=ALL-UNNAMED"));
        command.addAll(List.of("-cp", ownJar().toString(), SealedLink.class.getName()));
        command.addAll(List.of("--add-modules", String.join(",", modules)));
        command.addAll(List.of("--output", output.toString()));
        // Not --strip-debug: it would run the machine's objcopy where there is one.
        command.addAll(List.of("--strip-java-debug-attributes", "--compress", "zip-0"));
        command.addAll(List.of("--no-man-pages", "--no-header-files"));
        names.ifPresent(file -> command.add("--" + SealPlugin.NAME + "=" + file));
        var result = RuntimeStep.in(directory, command);
        for (var line : result.lines()) {
            if (line.contains(SealedLink.STALE)) {
                throw new ImageException(Code.STALE_SEAL, line);
            }
        }
        result.requireSuccess("jlink");
        result.lines().forEach(line -> progress.accept("runtime: " + line));
    }

    private static Path ownJar() {
        try {
            var source = RuntimeLinker.class.getProtectionDomain().getCodeSource();
            return Path.of(source.getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("expected this class in a jar or a directory", e);
        }
    }

    /// Only the launcher is a program; links to licences in other directories say nothing new.
    private static void trim(Path runtime, boolean sealed) throws IOException {
        try (var programs = Files.list(runtime.resolve("bin"))) {
            for (var program : programs.toList()) {
                if (!program.endsWith("java")) {
                    Files.delete(program);
                }
            }
        }
        try (var paths = Files.walk(runtime)) {
            for (var link : paths.filter(Files::isSymbolicLink).toList()) {
                Files.delete(link);
            }
        }
        if (sealed) {
            for (var rule : RuleFile.resource(FILES).rules()) {
                if (!Files.deleteIfExists(runtime.resolve(rule.fields().get(0)))) {
                    throw new ImageException(Code.STALE_SEAL, SealedLink.STALE + rule.fields());
                }
            }
        }
    }

    /// Lets the runtime write down its own loaded classes (class data sharing), which halves the
    /// time to the first line of an agent. The file is the same on every machine of one
    /// architecture.
    private void archiveClasses(Path runtime) throws IOException {
        progress.accept("runtime: archiving classes");
        Files.setLastModifiedTime(runtime.resolve("lib/modules"), FILE_TIME);
        var archive = runtime.resolve(ARCHIVE);
        RuntimeStep.in(
                        directory,
                        List.of(
                                runtime.resolve("bin/java").toString(),
                                "-Xshare:dump",
                                "-XX:+UseSerialGC",
                                "-Xmx128m",
                                "-Duser.timezone=UTC",
                                "-XX:SharedArchiveFile=" + archive))
                .requireSuccess("archiving classes");
        if (!Files.isRegularFile(archive, LinkOption.NOFOLLOW_LINKS)) {
            throw new ImageException(Code.LINK_FAILED, "expected an archive of classes");
        }
        Files.delete(runtime.resolve("lib/classlist"));
    }
}
