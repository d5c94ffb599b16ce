package dev.casemate.container.launch;

import dev.casemate.container.launch.LaunchException.Code;
import dev.casemate.manifest.Digest;
import dev.casemate.manifest.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Hands an OCI archive to `docker load`, which reads it where one more entry stands in front:
/// `manifest.json`, which names the configuration and the layers among the archive's own blobs.
/// Nothing is unpacked, and no name is given; the image's id stays the digest of its configuration.
final class DockerLoad {

    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final String MANIFEST = "manifest.json";
    private static final int BLOCK = 512;
    private static final int SUM_AT = 148;

    private DockerLoad() {}

    static void run(List<String> command, Path archive, OciArchive contents) {
        try {
            var process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            try {
                Thread.ofVirtual().start(() -> feed(process.getOutputStream(), archive, contents));
                if (!process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                        || process.exitValue() != 0) {
                    throw new LaunchException(
                            Code.COMMAND_FAILED, "expected docker load to take the archive");
                }
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            throw new LaunchException(Code.COMMAND_FAILED, "expected docker load to start", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LaunchException(Code.COMMAND_FAILED, "expected not to be interrupted", e);
        }
    }

    private static void feed(OutputStream input, Path archive, OciArchive contents) {
        try (input) {
            input.write(entry(manifest(contents).getBytes(StandardCharsets.UTF_8)));
            Files.copy(archive, input);
        } catch (IOException closedEarly) {
            // It ended without reading everything: its exit code says what that means.
        }
    }

    private static String manifest(OciArchive contents) {
        var image =
                Json.object()
                        .put("Config", blob(contents.image()))
                        .put(
                                "Layers",
                                Json.strings(
                                        contents.layers().stream().map(DockerLoad::blob).toList()))
                        .build();
        return "[" + image.text() + "]";
    }

    private static String blob(Digest digest) {
        return "blobs/sha256/" + digest.value().substring("sha256:".length());
    }

    /// One file of a tar archive: its header, and its content filled up to whole blocks.
    static byte[] entry(byte[] content) {
        var entry = new byte[BLOCK + (content.length + BLOCK - 1) / BLOCK * BLOCK];
        put(entry, 0, MANIFEST);
        put(entry, 100, "0000444\0");
        put(entry, 108, "0000000\0");
        put(entry, 116, "0000000\0");
        put(entry, 124, "%011o\0".formatted(content.length));
        put(entry, 136, "00000000000\0");
        // While the sum is made, blanks stand in its place.
        put(entry, SUM_AT, "        ");
        put(entry, 156, "0");
        put(entry, 257, "ustar\0" + "00");
        int sum = 0;
        for (byte header : Arrays.copyOf(entry, BLOCK)) {
            sum += header & 0xff;
        }
        put(entry, SUM_AT, "%06o\0 ".formatted(sum));
        System.arraycopy(content, 0, entry, BLOCK, content.length);
        return entry;
    }

    private static void put(byte[] entry, int at, String text) {
        var bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, entry, at, bytes.length);
    }
}
