package dev.casemate.container.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.casemate.container.launch.LaunchException.Code;
import dev.casemate.manifest.Digest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class OciArchiveTest {

    private static final String CONFIG =
            "{\"config\":{\"Labels\":{\"dev.casemate.manifest.digest\":\"sha256:x\"}}}";

    @Test
    void theImageIsTheDigestOfItsConfiguration() {
        var archive = OciArchive.read(source(tar(entries(CONFIG))));
        assertThat(archive.image()).isEqualTo(digest(CONFIG));
        assertThat(archive.agentManifest()).contains("sha256:x");
        assertThat(archive.sealed()).isTrue();
    }

    @Test
    void anImageWithoutLabelsBelongsToNoAgent() {
        assertThat(OciArchive.read(source(tar(entries("{}")))).agentManifest()).isEmpty();
    }

    @Test
    void anUnsealedImageSaysSo() {
        var config = "{\"config\":{\"Labels\":{\"dev.casemate.sealed\":\"false\"}}}";
        assertThat(OciArchive.read(source(tar(entries(config)))).sealed()).isFalse();
    }

    @Test
    void aConfigurationOtherThanItsDigestSaysIsRefused() {
        var entries = entries(CONFIG);
        entries.replace(blob(CONFIG), CONFIG.replace("sha256:x", "sha256:y"));
        refused(tar(entries));
    }

    @Test
    void anArchiveThatIsCutOffIsRefused() {
        var whole = tar(entries(CONFIG));
        for (int length = 0; length < whole.length - 1536; length += 97) {
            refused(Arrays.copyOf(whole, length));
        }
    }

    @Test
    void anEntryThatClaimsToBeLargerThanADocumentIsRefused() {
        var tar = tar(entries(CONFIG));
        Arrays.fill(tar, 124, 135, (byte) '7');
        refused(tar);
    }

    @Test
    void theEvidenceBesideAnImageIsLeftAside() {
        var entries = entries(CONFIG);
        var evidence =
                """
                {"annotations":{"org.opencontainers.image.ref.name":"sha256-%s.sig"},"digest":"%s"},\
                """
                        .formatted("0".repeat(64), digest("{}"));
        entries.computeIfPresent(
                "index.json", (name, index) -> index.replace("[{", "[" + evidence + "{"));
        assertThat(OciArchive.read(source(tar(entries))).image()).isEqualTo(digest(CONFIG));
    }

    @Test
    void twoImagesInOneArchiveAreRefused() {
        var entries = entries(CONFIG);
        var second =
                """
                {"annotations":{"org.opencontainers.image.ref.name":"localhost/b:1"},"digest":"%s"},\
                """
                        .formatted(digest("{}"));
        entries.computeIfPresent(
                "index.json", (name, index) -> index.replace("[{", "[" + second + "{"));
        refused(tar(entries));
    }

    private static void refused(byte[] tar) {
        assertThatThrownBy(() -> OciArchive.read(source(tar)))
                .isInstanceOfSatisfying(
                        LaunchException.class,
                        e -> assertThat(e.code()).isEqualTo(Code.MALFORMED_ARCHIVE));
    }

    static Map<String, String> entries(String config) {
        var manifest = "{\"config\":{\"digest\":\"%s\"}}".formatted(digest(config));
        var entries = new LinkedHashMap<String, String>();
        entries.put(
                "index.json",
                "{\"manifests\":[{\"annotations\":{\"org.opencontainers.image.ref.name\":\"localhost/a:1\"},\"digest\":\"%s\"}]}"
                        .formatted(digest(manifest)));
        entries.put(blob(config), config);
        entries.put(blob(manifest), manifest);
        return entries;
    }

    private static String blob(String content) {
        return "blobs/sha256/" + digest(content).value().substring("sha256:".length());
    }

    private static Digest digest(String content) {
        return Digest.of(content.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] tar(Map<String, String> entries) {
        var out = new ByteArrayOutputStream();
        entries.forEach((name, text) -> {
            var content = text.getBytes(StandardCharsets.UTF_8);
            var header = new byte[512];
            var bytes = name.getBytes(StandardCharsets.UTF_8);
            System.arraycopy(bytes, 0, header, 0, bytes.length);
            var size = "%011o".formatted(content.length).getBytes(StandardCharsets.US_ASCII);
            System.arraycopy(size, 0, header, 124, size.length);
            out.writeBytes(header);
            out.writeBytes(Arrays.copyOf(content, (content.length + 511) / 512 * 512));
        });
        out.writeBytes(new byte[1024]);
        return out.toByteArray();
    }

    static OciArchive.Source source(byte[] tar) {
        return () -> new ByteArrayInputStream(tar);
    }
}
