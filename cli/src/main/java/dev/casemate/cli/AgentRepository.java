package dev.casemate.cli;

import dev.casemate.manifest.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.regex.Pattern;

/// A repository in Maven's layout with Casemate's libraries for agents and the plugin of their
/// builds, made from this clone's own build: until they are in Maven Central, a new project gets
/// them from here.
///
/// Each build has a version of its own, named after its content. A snapshot's name would stay the
/// same, and Maven would go on using the jars that it has seen first.
final class AgentRepository {

    private static final String GROUP = "dev.casemate";
    private static final String PARENT = "casemate";

    private static final List<String> LIBRARIES =
            List.of(
                    "casemate-manifest",
                    "casemate-agent-sdk",
                    "casemate-agent-processor",
                    "casemate-agent-testkit",
                    "casemate-agent-analyzer",
                    "casemate-maven-plugin");

    /// What Maven reads of a plugin; it refuses one that says another version than its name.
    private static final String DESCRIPTOR = "META-INF/maven/plugin.xml";

    private static final int VERSION_DIGITS = 12;

    private static final Pattern VERSION =
            Pattern.compile("<artifactId>casemate</artifactId>\\s*<version>([^<]+)</version>");

    private AgentRepository() {}

    /// Makes this build's part of the repository, where it is not there yet.
    ///
    /// @param clone with its `pom.xml`
    /// @param jars the libraries, by artifact
    /// @return the version that it has there
    static String fill(Path repository, Path clone, Path jars) throws IOException {
        var parent = Files.readString(clone.resolve("pom.xml"));
        var matcher = VERSION.matcher(parent);
        if (!matcher.find()) {
            throw new IOException("expected a version in the clone's pom.xml");
        }
        var old = Objects.requireNonNull(matcher.group(1));
        var poms = new LinkedHashMap<String, String>();
        poms.put(PARENT, parent);
        for (var library : LIBRARIES) {
            poms.put(library, pom(jar(jars, library), library));
        }
        var version = old.replace("-SNAPSHOT", "") + "-" + content(poms, jars);
        for (var pom : poms.entrySet()) {
            var base = base(repository, pom.getKey(), version);
            if (!pom.getKey().equals(PARENT)) {
                put(base + ".jar", released(jar(jars, pom.getKey()), old, version));
            }
            put(
                    base + ".pom",
                    pom.getValue().replace(old, version).getBytes(StandardCharsets.UTF_8));
        }
        return version;
    }

    private static Path jar(Path jars, String library) throws IOException {
        var jar = jars.resolve(library + ".jar");
        if (!Files.isRegularFile(jar)) {
            throw new IOException("expected " + jar + "; build Casemate again: mvn package");
        }
        return jar;
    }

    private static String pom(Path file, String library) throws IOException {
        try (var jar = new JarFile(file.toFile())) {
            var entry = jar.getEntry("META-INF/maven/" + GROUP + "/" + library + "/pom.xml");
            if (entry == null) {
                throw new IOException("expected a pom.xml in " + file);
            }
            try (var in = jar.getInputStream(entry)) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
        }
    }

    /// The same jar, but for the version that a plugin's descriptor says.
    private static byte[] released(Path file, String old, String version) throws IOException {
        try (var jar = new JarFile(file.toFile())) {
            if (jar.getEntry(DESCRIPTOR) == null) {
                return Files.readAllBytes(file);
            }
            var bytes = new ByteArrayOutputStream();
            try (var out = new JarOutputStream(bytes)) {
                for (var entry : Collections.list(jar.entries())) {
                    var same = new JarEntry(entry.getName());
                    same.setTime(entry.getTime());
                    out.putNextEntry(same);
                    try (var in = jar.getInputStream(entry)) {
                        var content = in.readAllBytes();
                        out.write(
                                entry.getName().equals(DESCRIPTOR)
                                        ? new String(content, StandardCharsets.UTF_8)
                                                .replace(old, version)
                                                .getBytes(StandardCharsets.UTF_8)
                                        : content);
                    }
                }
            }
            return bytes.toByteArray();
        }
    }

    private static String content(Map<String, String> poms, Path jars) throws IOException {
        var all = new ByteArrayOutputStream();
        for (var pom : poms.entrySet()) {
            all.writeBytes(pom.getValue().getBytes(StandardCharsets.UTF_8));
            if (!pom.getKey().equals(PARENT)) {
                all.writeBytes(Files.readAllBytes(jar(jars, pom.getKey())));
            }
        }
        return Digest.of(all.toByteArray())
                .value()
                .substring("sha256:".length(), "sha256:".length() + VERSION_DIGITS);
    }

    private static String base(Path repository, String artifact, String version) {
        return repository
                .resolve(GROUP.replace('.', '/'))
                .resolve(artifact)
                .resolve(version)
                .resolve(artifact + "-" + version)
                .toString();
    }

    /// Whole or not at all: another `casemate new` may be at it.
    private static void put(String name, byte[] content) throws IOException {
        var file = Path.of(name);
        var folder = Objects.requireNonNull(file.getParent());
        Files.createDirectories(folder);
        if (Files.exists(file)) {
            return;
        }
        move(content, folder, file);
        move(sha1(content), folder, Path.of(name + ".sha1"));
    }

    private static void move(byte[] content, Path folder, Path file) throws IOException {
        var part = Files.createTempFile(folder, "part", "");
        Files.write(part, content);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /// The checksum that Maven looks for; it is against torn files, not against attackers.
    private static byte[] sha1(byte[] content) {
        try {
            var digest = MessageDigest.getInstance("SHA-1").digest(content);
            return HexFormat.of().formatHex(digest).getBytes(StandardCharsets.US_ASCII);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
