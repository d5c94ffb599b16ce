package dev.casemate.container.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.casemate.container.image.ImageException.Code;
import dev.casemate.manifest.CanonicalJson;
import dev.casemate.manifest.Digest;
import dev.casemate.manifest.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JavaImageTest {

    private static final Map<String, String> PROGRAM =
            Map.of("opt/jdk/lib/modules", "a runtime", "app/a.jar", "one", "app/b.jar", "two");

    @TempDir Path directory;

    @Test
    void anImageOfOursIsFollowedFromItsEntryPoint() throws IOException {
        var image = JavaImage.unpack(Images.agent("first").archive(), directory);
        assertThat(image.mainClass()).contains(FeatureProgram.class.getName());
        assertThat(image.classPath())
                .singleElement()
                .satisfies(jar -> assertThat(jar).hasFileName("agent.jar").isRegularFile());
        assertThat(image.modules()).hasFileName("modules").isRegularFile();
    }

    @Test
    void aJarAndAWildcardAreStarts() throws IOException {
        var jar = unpack(List.of("java", "-Xmx1g", "-jar", "/app/b.jar", "x"), PROGRAM);
        assertThat(jar.mainClass()).isEqualTo(Optional.empty());
        assertThat(jar.classPath()).extracting(Path::getFileName).containsExactly(Path.of("b.jar"));
        var all = unpack(List.of("/opt/jdk/bin/java", "-cp", "/app/*", "app.Main"), PROGRAM);
        assertThat(all.mainClass()).contains("app.Main");
        assertThat(all.classPath())
                .extracting(Path::getFileName)
                .containsExactly(Path.of("a.jar"), Path.of("b.jar"));
    }

    @Test
    void aLaterLayerReplacesAndRemoves() throws IOException {
        var over = Map.of("app/.wh.a.jar", "", "app/b.jar", "three");
        var arguments = List.of("java", "-cp", "/app/*", "app.Main");
        var image = unpack(arguments, List.of(), List.of(PROGRAM, over));
        assertThat(image.classPath())
                .singleElement()
                .satisfies(jar -> assertThat(jar).hasContent("three"));
    }

    @Test
    void whatBringsInCodeFromElsewhereIsRefused() {
        for (var option :
                List.of(
                        "-javaagent:/app/a.jar",
                        "-agentpath:/x.so",
                        "-Xbootclasspath/a:/app/a.jar",
                        "--patch-module=java.base=/app/a.jar",
                        "--module-path=/app",
                        "-p",
                        "-m",
                        "--source")) {
            refuses(List.of("java", option, "-cp", "/app/b.jar", "app.Main"), List.of());
        }
        for (var variable : List.of("JAVA_TOOL_OPTIONS=-javaagent:/x.jar", "CLASSPATH=/x")) {
            refuses(List.of("java", "-cp", "/app/b.jar", "app.Main"), List.of(variable));
        }
    }

    @Test
    void anEntryPointThatIsNotFollowedToItsEndIsRefused() {
        refuses(List.of("/bin/sh", "-c", "java -jar /app/b.jar"), List.of());
        refuses(List.of(), List.of());
        refuses(List.of("java"), List.of());
        refuses(List.of("java", "-cp"), List.of());
        refuses(List.of("java", "app.Main"), List.of());
        refuses(List.of("java", "-cp", "/app/classes", "app.Main"), List.of());
        refuses(List.of("java", "-jar", "/app/missing.jar"), List.of());
        refuses(List.of("java", "-jar", "app/b.jar"), List.of());
        refuses(List.of("java", "-cp", "/../../*", "app.Main"), List.of());
        refuses(List.of("java", "@/app/missing.args"), List.of());
    }

    @Test
    void anImageThatIsNotWholeIsRefused() throws IOException {
        var arguments = List.of("java", "-jar", "/app/b.jar");
        var whole = Files.readAllBytes(archive(arguments, List.of(), List.of(PROGRAM)));
        var text = new String(whole, ISO_8859_1);
        var changed = text.replace("a runtime", "a wartime");
        var file = directory.resolve("changed.tar");
        Files.writeString(file, changed, ISO_8859_1);
        refuses(file);
        refuses(Files.write(directory.resolve("short.tar"), Arrays.copyOf(whole, 700)));
        refuses(Files.writeString(directory.resolve("text.tar"), "no archive"));
    }

    @Test
    void aPathThatLeadsUpwardsIsRefused() throws IOException {
        refuses(
                archive(
                        List.of("java", "-jar", "/app/b.jar"),
                        List.of(),
                        List.of(PROGRAM, Map.of("app/../../../b.jar", "four"))));
    }

    @Test
    void aLinkWhereJavaFindsAJarIsRefusedAndNotTakenForAnEmptyOne() throws IOException {
        for (byte type : List.of(TarConstants.LF_SYMLINK, TarConstants.LF_LINK)) {
            for (var link : List.of("app/b.jar", "app/c.jar", "app/d.JAR")) {
                refuses(linked(List.of("java", "-cp", "/app/*", "app.Main"), link, type));
            }
            refuses(linked(List.of("java", "-jar", "/app/b.jar"), "app/b.jar", type));
            refuses(linked(List.of("java", "-jar", "/app/b.jar"), "app", type));
            refuses(
                    linked(
                            List.of("/opt/jdk/bin/java", "-jar", "/app/b.jar"),
                            "opt/jdk/lib/modules",
                            type));
        }
    }

    @Test
    void aLinkThatNoStartLeadsToDoesNotMatter() throws IOException {
        var archive =
                linked(
                        List.of("java", "-jar", "/app/b.jar"),
                        "usr/share/c.jar",
                        TarConstants.LF_SYMLINK);
        assertThat(JavaImage.unpack(archive, fresh()).classPath()).hasSize(1);
    }

    @Test
    void aJarBelowALinkIsRefused() throws IOException {
        var layer = new ArrayList<byte[]>();
        layer.add(tar(bytes(PROGRAM)));
        layer.add(link("app", TarConstants.LF_SYMLINK));
        layer.add(tar(bytes(Map.of("app/b.jar", "elsewhere"))));
        refuses(archiveOf(List.of("java", "-jar", "/app/b.jar"), List.of(), layer));
    }

    @Test
    void anUpperCaseJarIsOneOfThoseThatAWildcardMeans() throws IOException {
        var all = Map.of("opt/jdk/lib/modules", "a runtime", "app/A.JAR", "one");
        assertThat(unpack(List.of("java", "-cp", "/app/*", "app.Main"), all).classPath())
                .singleElement()
                .satisfies(jar -> assertThat(jar).hasContent("one"));
    }

    private Path linked(List<String> arguments, String link, byte type) throws IOException {
        return archiveOf(arguments, List.of(), List.of(tar(bytes(PROGRAM)), link(link, type)));
    }

    private static byte[] link(String name, byte type) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var tar = new TarArchiveOutputStream(out)) {
            var entry = new TarArchiveEntry(name, type);
            entry.setLinkName("app/a.jar");
            tar.putArchiveEntry(entry);
            tar.closeArchiveEntry();
        }
        return out.toByteArray();
    }

    private void refuses(List<String> arguments, List<String> environment) {
        refuses(archive(arguments, environment, List.of(PROGRAM)));
    }

    private void refuses(Path archive) {
        assertThatExceptionOfType(ImageException.class)
                .as(archive.toString())
                .isThrownBy(() -> JavaImage.unpack(archive, fresh()))
                .satisfies(e -> assertThat(e.code()).isEqualTo(Code.UNREADABLE_IMAGE));
    }

    private Path fresh() throws IOException {
        return Files.createTempDirectory(directory, "image");
    }

    private JavaImage unpack(List<String> arguments, Map<String, String> layer) throws IOException {
        return unpack(arguments, List.of("PATH=/opt/jdk/bin"), List.of(layer));
    }

    private JavaImage unpack(
            List<String> arguments, List<String> environment, List<Map<String, String>> layers)
            throws IOException {
        return JavaImage.unpack(archive(arguments, environment, layers), fresh());
    }

    private Path archive(
            List<String> arguments, List<String> environment, List<Map<String, String>> layers) {
        try {
            var tars = new ArrayList<byte[]>();
            for (var layer : layers) {
                tars.add(tar(bytes(layer)));
            }
            return archiveOf(arguments, environment, tars);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, byte[]> bytes(Map<String, String> layer) {
        var bytes = new LinkedHashMap<String, byte[]>();
        layer.forEach((path, text) -> bytes.put(path, text.getBytes(UTF_8)));
        return bytes;
    }

    private Path archiveOf(List<String> arguments, List<String> environment, List<byte[]> layers) {
        try {
            var blobs = new LinkedHashMap<String, byte[]>();
            var descriptors = new ArrayList<Json>();
            layers.forEach(layer -> descriptors.add(blob(blobs, layer)));
            var config =
                    Json.object()
                            .put("Entrypoint", Json.strings(arguments))
                            .put("Env", Json.strings(environment))
                            .build();
            var document = Json.object().put("config", config).build();
            var manifest =
                    Json.object()
                            .put("config", blob(blobs, CanonicalJson.bytes(document)))
                            .put("layers", Json.array(descriptors))
                            .build();
            var index =
                    Json.object()
                            .put(
                                    "manifests",
                                    Json.array(List.of(blob(blobs, CanonicalJson.bytes(manifest)))))
                            .build();
            blobs.put("index.json", CanonicalJson.bytes(index));
            return Files.write(Files.createTempFile(directory, "image", ".tar"), tar(blobs));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Json blob(Map<String, byte[]> blobs, byte[] bytes) {
        var digest = Digest.of(bytes).value();
        blobs.put("blobs/" + digest.replace(':', '/'), bytes);
        return Json.object().put("digest", digest).build();
    }

    private static byte[] tar(Map<String, byte[]> files) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var tar = new TarArchiveOutputStream(out)) {
            for (var file : files.entrySet()) {
                var entry = new TarArchiveEntry(file.getKey());
                entry.setSize(file.getValue().length);
                tar.putArchiveEntry(entry);
                tar.write(file.getValue());
                tar.closeArchiveEntry();
            }
        }
        return out.toByteArray();
    }
}
