package dev.casemate.container.evidence;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/// Whatever the bytes are, they are read or refused, and nothing else happens.
final class EvidenceFuzzTest {

    @FuzzTest(maxDuration = "5s")
    void archive(byte[] bytes) throws IOException {
        onFile(bytes, LayoutTar::read);
    }

    @FuzzTest(maxDuration = "5s")
    void builtArchive(byte[] bytes) throws IOException {
        onFile(bytes, Layout::readBuilt);
    }

    @FuzzTest(maxDuration = "5s")
    void jar(byte[] bytes) throws IOException {
        onFile(bytes, file -> JarContents.read(file, "a.jar"));
    }

    @FuzzTest(maxDuration = "5s")
    void index(byte[] bytes) {
        var files = new TreeMap<String, Part>();
        files.put(Layout.INDEX, new Part.Bytes(bytes));
        files.put(Layout.VERSION, new Part.Bytes(Layout.VERSION_TEXT));
        Hostile.refuses(() -> Index.read(new Layout(files)));
    }

    @FuzzTest(maxDuration = "5s")
    void attachment(byte[] bytes) {
        var descriptor = Descriptor.of(Descriptor.MANIFEST, bytes, Map.of());
        var files = new TreeMap<String, Part>();
        files.put(Layout.INDEX, new Part.Bytes(bytes));
        files.put(Layout.VERSION, new Part.Bytes(Layout.VERSION_TEXT));
        files.put(Layout.blobName(descriptor.digest()), new Part.Bytes(bytes));
        Hostile.refuses(() -> Attachment.read(new Layout(files), descriptor));
        Hostile.refuses(() -> ImageContents.Blobs.read(new Layout(files), descriptor));
    }

    @FuzzTest(maxDuration = "5s")
    void statement(byte[] bytes) {
        Hostile.refuses(() -> Provenance.facts(Statement.read(bytes).predicate()));
        Hostile.refuses(() -> Provenance.facts(Layout.object(bytes)));
    }

    @FuzzTest(maxDuration = "5s")
    void publicKey(byte[] bytes) {
        Hostile.refuses(() -> TrustedKey.of(bytes));
    }

    @FuzzTest(maxDuration = "5s")
    void layer(byte[] bytes) {
        Hostile.refuses(() -> {
            try (var tar = new LayerTar(new ByteArrayInputStream(bytes))) {
                while (tar.getNextEntry() != null) {
                    tar.transferTo(OutputStream.nullOutputStream());
                }
            }
        });
    }

    /// Reads a file.
    private interface FileReader {
        Object read(Path file) throws IOException;
    }

    private static void onFile(byte[] bytes, FileReader reader) throws IOException {
        var file = Files.createTempFile("casemate-", ".fuzz");
        try {
            Files.write(file, bytes);
            Hostile.refuses(() -> reader.read(file));
        } finally {
            Files.delete(file);
        }
    }
}
