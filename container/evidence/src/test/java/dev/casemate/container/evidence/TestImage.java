package dev.casemate.container.evidence;

import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.CanonicalJson;
import dev.casemate.manifest.Digest;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.Limits;
import dev.casemate.manifest.Prompt;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/// An image with the structure of an agent's, but small. Tests change its parts before it is
/// written.
final class TestImage {

    static final String REFERENCE = "localhost/test-agent:1.2.3";

    final AgentManifest manifest;
    final Map<String, String> labels = new LinkedHashMap<>();
    final Map<String, byte[]> files = new LinkedHashMap<>();

    /// Entries of a layer that are no regular files: the type of each, by its path.
    final Map<String, Byte> links = new LinkedHashMap<>();

    TestImage(String purpose) {
        manifest =
                new AgentManifest(
                        "test-agent",
                        "1.2.3",
                        "tests",
                        purpose,
                        new Prompt("You are a test.", "Nothing.", List.of("Refuse everything.")),
                        List.of("model"),
                        List.of(),
                        List.of(),
                        new Limits(
                                1,
                                1,
                                1000,
                                Duration.ofMinutes(1),
                                1,
                                1000,
                                256 << 20,
                                1 << 20,
                                100,
                                1 << 20),
                        Set.of(),
                        Optional.empty());
        var document = CanonicalJson.bytes(manifest.toJson());
        labels.put("org.opencontainers.image.title", "test-agent");
        labels.put("org.opencontainers.image.version", "1.2.3");
        labels.put("org.opencontainers.image.revision", "0123abc");
        labels.put("dev.casemate.manifest.digest", manifest.digest().value());
        files.put(
                "/opt/java/release",
                text("JAVA_VERSION=\"25.0.3\"\nMODULES=\"java.base java.sql\"\n"));
        files.put("/opt/java/lib/modules", text("modules"));
        files.put(
                "/lib/x86_64-linux-gnu/libc.so.6",
                text(
                        "\u0000GNU C Library (Debian GLIBC 2.36-9+deb12u14) stable release version 2.36.\n"));
        files.put("/app/lib/agent.jar", jar(Map.of(AgentManifest.RESOURCE, document)));
        files.put(
                "/app/lib/library.jar",
                jar(
                        Map.of(
                                "META-INF/maven/org.example/library/pom.properties",
                                text("groupId=org.example\nartifactId=library\nversion=1+2\n"),
                                "inner.jar",
                                text("a jar in a jar"))));
        files.put("/app/manifest.json", document);
    }

    static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static BuildFacts facts() {
        return new BuildFacts(
                "https://example.invalid/agent",
                "0123abc",
                List.of(
                        new Gate(
                                "tests",
                                Gate.Outcome.PASSED,
                                "12 tests",
                                Optional.of(Digest.of(text("report")))),
                        new Gate("evaluation", Gate.Outcome.NOT_RUN, "no suite", Optional.empty())),
                Instant.parse("2026-01-01T00:00:00Z"),
                Instant.parse("2026-01-01T00:01:00Z"),
                Map.of("main", "app.Main"));
    }

    /// What the analyzer would say of the jars.
    byte[] analysis(String... capabilities) {
        var found = Json.object();
        for (var capability : capabilities) {
            found.put(capability, Json.array(List.of()));
        }
        var origins =
                files.entrySet().stream()
                        .filter(file -> file.getKey().endsWith(".jar"))
                        .map(file ->
                                Json.object()
                                        .put("name", file.getKey().substring("/app/lib/".length()))
                                        .put("digest", Digest.of(file.getValue()).value())
                                        .put("classes", 1)
                                        .build())
                        .toList();
        return text(
                Json.object()
                        .put("origins", Json.array(origins))
                        .put("capabilities", found.build())
                        .build()
                        .text());
    }

    Path write(Path archive) throws IOException {
        var blobs = new TreeMap<String, Part>();
        var layer = layer();
        var zipped = new ByteArrayOutputStream();
        try (var zip = new GZIPOutputStream(zipped)) {
            zip.write(layer);
        }
        var texts = Json.object();
        labels.forEach(texts::put);
        var configuration =
                text(
                        Json.object()
                                .put("architecture", "amd64")
                                .put("os", "linux")
                                .put("config", Json.object().put("Labels", texts.build()).build())
                                .put(
                                        "rootfs",
                                        Json.object()
                                                .put("type", "layers")
                                                .put(
                                                        "diff_ids",
                                                        Json.strings(
                                                                List.of(Digest.of(layer).value())))
                                                .build())
                                .build()
                                .text());
        var image =
                text(
                        Json.object()
                                .put("schemaVersion", 2)
                                .put("mediaType", Descriptor.MANIFEST)
                                .put("config", blob(blobs, Descriptor.CONFIG, configuration))
                                .put(
                                        "layers",
                                        Json.array(
                                                List.of(
                                                        blob(
                                                                blobs,
                                                                Descriptor.LAYER,
                                                                zipped.toByteArray()))))
                                .build()
                                .text());
        blob(blobs, Descriptor.MANIFEST, image);
        var named =
                Descriptor.of(Descriptor.MANIFEST, image, Map.of(Descriptor.REFERENCE, REFERENCE));
        blobs.put(
                Layout.INDEX,
                new Part.Bytes(
                        text(
                                Json.object()
                                        .put("schemaVersion", 2)
                                        .put("mediaType", "index")
                                        .put("manifests", Json.array(List.of(named.toJson())))
                                        .build()
                                        .text())));
        blobs.put(Layout.VERSION, new Part.Bytes(Layout.VERSION_TEXT));
        LayoutTar.write(blobs, archive);
        return archive;
    }

    private static Json blob(Map<String, Part> blobs, String type, byte[] contents) {
        blobs.put(Layout.blobName(Digest.of(contents)), new Part.Bytes(contents));
        return Descriptor.of(type, contents, Map.of()).toJson();
    }

    private byte[] layer() throws IOException {
        var out = new ByteArrayOutputStream();
        try (var tar = new TarArchiveOutputStream(out)) {
            for (var file : files.entrySet()) {
                var entry = new TarArchiveEntry(file.getKey().substring(1));
                entry.setModTime(0);
                entry.setSize(file.getValue().length);
                tar.putArchiveEntry(entry);
                tar.write(file.getValue());
                tar.closeArchiveEntry();
            }
            for (var link : links.entrySet()) {
                var entry = new TarArchiveEntry(link.getKey().substring(1), link.getValue());
                entry.setModTime(0);
                entry.setLinkName("app/manifest.json");
                tar.putArchiveEntry(entry);
                tar.closeArchiveEntry();
            }
        }
        return out.toByteArray();
    }

    static byte[] jar(Map<String, byte[]> entries) {
        var out = new ByteArrayOutputStream();
        try (var jar = new JarOutputStream(out)) {
            for (var file : new TreeMap<>(entries).entrySet()) {
                var entry = new JarEntry(file.getKey());
                entry.setTime(0);
                jar.putNextEntry(entry);
                jar.write(file.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
