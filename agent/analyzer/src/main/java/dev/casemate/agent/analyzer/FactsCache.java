package dev.casemate.agent.analyzer;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.casemate.agent.analyzer.JarReader.Jar;
import dev.casemate.manifest.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/// Keeps what was read of a jar, by the digest of its bytes, so that a jar is read once and not in
/// every analysis.
///
/// What is kept is as good as the directory: who may write there can change an answer. A gate reads
/// the jars themselves.
final class FactsCache {

    /// The most jars that are kept; the one that was used least recently goes first.
    static final int MAX_FILES = 2_000;

    private static final String SUFFIX = ".facts";
    private static final int DIGEST_CHARACTERS = "sha256:".length() + 64;

    private final Path directory;
    private final String reader = reader();

    /// @param directory made if missing
    FactsCache(Path directory) {
        this.directory = directory;
    }

    /// The jar and those within it, from here or from its bytes.
    List<Jar> read(Path path, Runtime.Version java) {
        try {
            var digest = Digest.of(Files.readAllBytes(path));
            var file = directory.resolve(name(digest, java));
            var name = path.getFileName().toString();
            var kept = kept(file, name);
            if (kept.isPresent()) {
                return kept.get();
            }
            var jars = JarReader.read(path, java);
            if (jars.getFirst().origin().digest().equals(digest)) {
                keep(file, FactsFormat.write(jars, name));
            }
            return jars;
        } catch (NoSuchFileException e) {
            return JarReader.read(path, java);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String name(Digest jar, Runtime.Version java) {
        var bytes = (jar.value() + " " + java.feature() + " " + reader).getBytes(US_ASCII);
        return Digest.of(bytes).value().replace(':', '-') + SUFFIX;
    }

    private Optional<List<Jar>> kept(Path file, String jarName) throws IOException {
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        var bytes = Files.readAllBytes(file);
        int start = Math.min(DIGEST_CHARACTERS, bytes.length);
        var facts = Arrays.copyOfRange(bytes, start, bytes.length);
        var expected = new String(bytes, 0, start, US_ASCII);
        if (!Digest.of(facts).value().equals(expected)) {
            Files.delete(file);
            return Optional.empty();
        }
        Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
        return Optional.of(FactsFormat.read(facts, jarName));
    }

    private void keep(Path file, byte[] facts) throws IOException {
        Files.createDirectories(directory);
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(Digest.of(facts).value().getBytes(US_ASCII));
        bytes.writeBytes(facts);
        var fresh = Files.createTempFile(directory, ".facts", "");
        Files.write(fresh, bytes.toByteArray());
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        forgetOldest();
    }

    // Others may do the same at the same time: a file that is gone already is as good as deleted.
    private void forgetOldest() throws IOException {
        var ages = new TreeMap<Long, List<Path>>();
        int count = 0;
        try (var files = Files.list(directory)) {
            for (var file : files.filter(kept -> kept.toString().endsWith(SUFFIX)).toList()) {
                ages.computeIfAbsent(file.toFile().lastModified(), _ -> new ArrayList<>())
                        .add(file);
                count++;
            }
        }
        for (var files : ages.values()) {
            for (var file : files) {
                if (count-- > MAX_FILES) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    /// Whatever decides what is read of a jar: the code of the readers themselves, and this JDK's.
    private static String reader() {
        var parts = new ByteArrayOutputStream();
        parts.writeBytes(Runtime.version().toString().getBytes(US_ASCII));
        for (var type :
                List.of(
                        JarReader.class,
                        JarAttributes.class,
                        ClassReader.class,
                        CodeReader.class,
                        TypeFacts.class,
                        MethodFacts.class,
                        MethodFacts.Code.class,
                        FactsFormat.class)) {
            var resource = type.getName().substring(type.getPackageName().length() + 1) + ".class";
            try (var in = type.getResourceAsStream(resource)) {
                if (in == null) {
                    throw new IllegalStateException("expected the class file of " + type);
                }
                parts.writeBytes(in.readAllBytes());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return Digest.of(parts.toByteArray()).value();
    }
}
