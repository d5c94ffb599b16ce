package dev.casemate.container.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.casemate.container.evidence.EvidenceException.Code;
import dev.casemate.manifest.Digest;
import dev.casemate.manifest.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every reader of evidence, with what is nearly right, far too large, or both: it reads or it
/// refuses, and takes little memory for it.
final class HostileEvidenceTest {

    private static final int TRIES = 400;

    private final Set<Code> codes = EnumSet.noneOf(Code.class);
    private final Random random = new Random(20_261_124);

    @TempDir private Path directory;
    private TestImage image;
    private Signer signer;
    private TrustedKey key;
    private Path archive;
    private Layout layout;
    private Index index;

    @BeforeEach
    void attach() throws IOException {
        SigningKeys.create(directory.resolve("key.pem"), directory.resolve("key.pub"));
        signer = Signer.keyFile(directory.resolve("key.pem"), Optional.empty());
        key = TrustedKey.read(directory.resolve("key.pub"));
        image = new TestImage("Answers");
        var plain = image.write(directory.resolve("plain.tar"));
        archive = directory.resolve("image.tar");
        ImageEvidence.attach(plain, TestImage.facts(), image.analysis(), signer, archive);
        layout = Layout.readStrictly(archive);
        index = Index.read(layout);
    }

    @Test
    void archivesAreReadOrRefused() throws IOException {
        var whole = Files.readAllBytes(archive);
        var changed = directory.resolve("changed.tar");
        for (int i = 0; i < TRIES; i++) {
            Files.write(changed, Hostile.bytes(whole, random));
            Hostile.refuses(() -> LayoutTar.read(changed));
            assertVerifierRefusesOrReads(changed);
        }
    }

    /// Documents that are what their digests say, up to the index.
    @Test
    void verifiedDocumentsAreReadOrRefusedWithCodesAlone() throws IOException {
        for (int i = 0; i < TRIES; i++) {
            var files = new TreeMap<>(layout.files());
            var names = new ArrayList<>(files.keySet());
            // Each in turn: their order is another with every key, and with it the changes.
            var name = names.get(i % names.size());
            var document =
                    Hostile.document(
                            Objects.requireNonNull(files.get(name)).bytes(1 << 20), random);
            if (name.startsWith("blobs/")) {
                rename(files, name.substring("blobs/sha256/".length()), document);
            } else {
                files.put(name, new Part.Bytes(document));
            }
            var changed = directory.resolve("changed.tar");
            LayoutTar.write(files, changed);
            assertVerifierRefusesOrReads(changed);
        }
        // It was not all refused at the first look.
        assertThat(codes).hasSizeGreaterThanOrEqualTo(3);
    }

    /// The blob's digest in whatever names it, and the digests of those in turn.
    private static void rename(Map<String, Part> files, String old, byte[] contents)
            throws IOException {
        var fresh = DigestSet.hex(Digest.of(contents));
        files.remove("blobs/sha256/" + old);
        files.put("blobs/sha256/" + fresh, new Part.Bytes(contents));
        if (old.equals(fresh)) {
            return;
        }
        for (var name : List.copyOf(files.keySet())) {
            var part = files.get(name);
            if (part == null) {
                continue;
            }
            var text = new String(part.bytes(1 << 20), StandardCharsets.ISO_8859_1);
            if (text.contains("sha256:" + old)) {
                var named =
                        text.replaceAll(
                                        "sha256:"
                                                + old
                                                + "\",\"mediaType\":\"([^\"]*)\",\"size\":\\d+",
                                        "sha256:"
                                                + fresh
                                                + "\",\"mediaType\":\"$1\",\"size\":"
                                                + contents.length)
                                .replace("sha256:" + old, "sha256:" + fresh)
                                .getBytes(StandardCharsets.ISO_8859_1);
                if (name.startsWith("blobs/")) {
                    rename(files, name.substring("blobs/sha256/".length()), named);
                } else {
                    files.put(name, new Part.Bytes(named));
                }
            }
        }
    }

    private void assertVerifierRefusesOrReads(Path changed) {
        try {
            Verifier.verifyWith(changed, List.of(key));
        } catch (EvidenceException e) {
            codes.add(e.code());
        }
    }

    /// With the key at hand, so that nothing is refused for its signature.
    @Test
    void signedStatementsAreReadOrRefused() throws IOException {
        var attached = Attachment.read(layout, index.attestations()).layers();
        int refused = 0;
        for (int i = 0; i < TRIES; i++) {
            var envelope = attached.get(random.nextInt(attached.size())).contents();
            var statement = Envelope.open(envelope, key);
            var changed = Hostile.document(statement, random);
            if (Hostile.refuses(
                    () -> {
                        var read =
                                Statement.read(Envelope.open(Envelope.seal(changed, signer), key));
                        var contents = ImageContents.read(layout, blobs());
                        Provenance.facts(read.predicate());
                        Certificate.require(read.predicate(), image.manifest, contents);
                    })) {
                refused++;
            }
            var mangled = Hostile.document(envelope, random);
            Hostile.refuses(() -> Envelope.open(mangled, key));
            var predicate = Layout.object(statement).get("predicate").orElseThrow();
            var other = Hostile.document(TestImage.text(predicate.text()), random);
            Hostile.refuses(() -> Provenance.facts(Layout.object(other)));
        }
        assertThat(refused).isGreaterThan(TRIES / 2);
    }

    @Test
    void layersAreReadOrRefused() throws IOException {
        var layer = blobs().layers().getFirst();
        byte[] plain;
        try (var in = new GZIPInputStream(layout.blob(layer).open())) {
            plain = in.readAllBytes();
        }
        for (int i = 0; i < TRIES; i++) {
            var changed = Hostile.bytes(plain, random);
            Hostile.refuses(() -> contents(changed));
        }
    }

    @Test
    void jarsAreReadOrRefused() throws IOException {
        var whole = Objects.requireNonNull(image.files.get("/app/lib/library.jar"));
        var jar = directory.resolve("library.jar");
        for (int i = 0; i < TRIES; i++) {
            Files.write(jar, Hostile.bytes(whole, random));
            Hostile.refuses(() -> JarContents.read(jar, "library.jar"));
        }
    }

    @Test
    void anAttachmentThatNamesOneLargeDocumentOftenIsRefused() throws IOException {
        var large = new Attachment.Layer("text", new byte[33 << 20], Map.of());
        var twice = new Attachment(List.of(large, large));
        var files = new TreeMap<>(layout.files());
        for (var blob : twice.blobs()) {
            files.put(Layout.blobName(Digest.of(blob)), new Part.Bytes(blob));
        }
        var descriptor = Descriptor.of(Descriptor.MANIFEST, twice.manifest(), Map.of());
        refused(Code.MALFORMED_EVIDENCE, () -> Attachment.read(new Layout(files), descriptor));
    }

    @Test
    void whatIsQuotedOfALayerIsSmall() throws IOException {
        refused(Code.MALFORMED_LAYERS, () -> contents(tar(file("opt/java/libc.so.6", 17 << 20))));
        refused(
                Code.MALFORMED_LAYERS,
                () ->
                        contents(
                                tar(
                                        file("lib/libc.so.6", 9 << 20)
                                                .andThen(file("usr/libc.so.6", 9 << 20)))));
    }

    @Test
    void aJarOfTooManyOrTooLargeEntriesIsRefused() throws IOException {
        var jar = directory.resolve("large.jar");
        var many = new TreeMap<String, byte[]>();
        for (int i = 0; i <= 1 << 17; i++) {
            many.put("e" + i, new byte[0]);
        }
        Files.write(jar, TestImage.jar(many));
        refused(Code.MALFORMED_LAYERS, () -> JarContents.read(jar, "large.jar"));
        var zeros = new byte[60 << 20];
        var large = new TreeMap<String, byte[]>();
        for (int i = 0; i < 5; i++) {
            large.put(i + ".jar", zeros);
        }
        Files.write(jar, TestImage.jar(large));
        refused(Code.MALFORMED_LAYERS, () -> JarContents.read(jar, "large.jar"));
    }

    @Test
    void aDirectoryOfMoreFilesThanAreLookedAtIsRefused() throws IOException {
        var blobs = Files.createDirectories(directory.resolve("many/blobs/sha256"));
        Files.write(directory.resolve("many/oci-layout"), Layout.VERSION_TEXT);
        Files.write(directory.resolve("many/index.json"), index.bytes());
        for (int i = 0; i < LayoutTar.MAX_FILES; i++) {
            Files.createFile(
                    blobs.resolve(
                            DigestSet.hex(Digest.of(new byte[] {(byte) i, (byte) (i >> 8)}))));
        }
        refused(Code.MALFORMED_ARCHIVE, () -> Layout.readStrictly(directory.resolve("many")));
    }

    @Test
    void aLinkInABuildersArchiveIsRefused() throws IOException {
        var built = directory.resolve("built.tar");
        for (byte type :
                List.of(TarConstants.LF_SYMLINK, TarConstants.LF_LINK, TarConstants.LF_CHR)) {
            Files.write(
                    built,
                    tar(
                            file("oci-layout", 0)
                                    .andThen(out ->
                                            put(out, new TarArchiveEntry("index.json", type), 0))));
            refused(Code.MALFORMED_ARCHIVE, () -> Layout.readBuilt(built));
        }
    }

    private ImageContents.Blobs blobs() throws IOException {
        return ImageContents.Blobs.read(layout, index.image());
    }

    /// What an image with this layer alone holds.
    private ImageContents contents(byte[] layer) throws IOException {
        var zipped = new ByteArrayOutputStream();
        try (var zip = new GZIPOutputStream(zipped)) {
            zip.write(layer);
        }
        var configuration =
                TestImage.text(
                        Json.object()
                                .put(
                                        "config",
                                        Json.object().put("Labels", Json.object().build()).build())
                                .put(
                                        "rootfs",
                                        Json.object()
                                                .put(
                                                        "diff_ids",
                                                        Json.strings(
                                                                List.of(Digest.of(layer).value())))
                                                .build())
                                .build()
                                .text());
        var files = new TreeMap<>(layout.files());
        for (var blob : List.of(zipped.toByteArray(), configuration)) {
            files.put(Layout.blobName(Digest.of(blob)), new Part.Bytes(blob));
        }
        return ImageContents.read(
                new Layout(files),
                new ImageContents.Blobs(
                        Descriptor.of(Descriptor.CONFIG, configuration, Map.of()),
                        List.of(Descriptor.of(Descriptor.LAYER, zipped.toByteArray(), Map.of()))));
    }

    private static Consumer<TarArchiveOutputStream> file(String name, int size) {
        return out -> put(out, new TarArchiveEntry(name), size);
    }

    private static void put(TarArchiveOutputStream out, TarArchiveEntry entry, int size) {
        try {
            entry.setSize(size);
            out.putArchiveEntry(entry);
            out.write(new byte[size]);
            out.closeArchiveEntry();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] tar(Consumer<TarArchiveOutputStream> entries) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var tar = new TarArchiveOutputStream(out)) {
            entries.accept(tar);
        }
        return out.toByteArray();
    }

    private static void refused(Code code, Hostile.Reader reader) {
        assertThatThrownBy(reader::read)
                .isInstanceOfSatisfying(
                        EvidenceException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
