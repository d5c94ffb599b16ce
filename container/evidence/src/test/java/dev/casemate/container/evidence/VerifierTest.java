package dev.casemate.container.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.casemate.container.evidence.EvidenceException.Code;
import dev.casemate.manifest.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.cyclonedx.Version;
import org.cyclonedx.parsers.JsonParser;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifierTest {

    private static final int FLIPS = 1_000;

    @TempDir private Path directory;
    private Path publicKey;
    private Signer signer;

    @BeforeEach
    void keys() {
        publicKey = directory.resolve("signer.pub");
        SigningKeys.create(directory.resolve("signer.pem"), publicKey);
        signer = Signer.keyFile(directory.resolve("signer.pem"), Optional.empty());
    }

    private Path attach(TestImage image, String name) throws IOException {
        var archive = image.write(directory.resolve("plain.tar"));
        var output = directory.resolve(name);
        ImageEvidence.attach(archive, TestImage.facts(), image.analysis(), signer, output);
        return output;
    }

    private Code refused(Path archive) {
        var failure =
                catchThrowableOfType(
                        EvidenceException.class,
                        () -> Verifier.verify(archive, List.of(publicKey)));
        assertThat(failure).isNotNull();
        return failure.code();
    }

    private Code notAttached(TestImage image, byte[] analysis) throws IOException {
        var archive = image.write(directory.resolve("plain.tar"));
        var output = directory.resolve("none.tar");
        var failure =
                catchThrowableOfType(
                        EvidenceException.class,
                        () ->
                                ImageEvidence.attach(
                                        archive, TestImage.facts(), analysis, signer, output));
        assertThat(failure).isNotNull();
        assertThat(output).doesNotExist();
        return failure.code();
    }

    @Test
    void whatBelongsTogetherIsVerifiedAndSaysByWhichKey() throws IOException {
        var image = new TestImage("Answers");
        var found = Verifier.verify(attach(image, "image.tar"), List.of(publicKey));
        assertThat(found.reference()).isEqualTo(TestImage.REFERENCE);
        assertThat(found.manifest()).isEqualTo(image.manifest.digest());
        assertThat(found.keyId()).isEqualTo(TrustedKey.read(publicKey).id());
        assertThat(found.build()).isEqualTo(TestImage.facts());
        assertThat(found.checks())
                .extracting(Check::name)
                .containsExactly(
                        "archive",
                        "signature",
                        "attestations",
                        "manifest",
                        "sbom",
                        "provenance",
                        "certificate");
    }

    @Test
    void attachingDoesNotChangeTheImagesDigest() throws IOException {
        var archive = new TestImage("Answers").write(directory.resolve("before.tar"));
        var before = Index.onlyImage(Layout.readBuilt(archive)).digest();
        var found = Verifier.verify(attach(new TestImage("Answers"), "a.tar"), List.of(publicKey));
        assertThat(found.image()).isEqualTo(before);
    }

    @Test
    void aDirectoryOfTheSameLayoutIsVerified() throws IOException {
        var layout = unpack(attach(new TestImage("Answers"), "image.tar"));
        assertThat(Verifier.verify(layout, List.of(publicKey)).checks()).hasSize(7);
        Files.createSymbolicLink(layout.resolve("blobs/link"), layout.resolve("index.json"));
        assertThat(refused(layout)).isEqualTo(Code.MALFORMED_ARCHIVE);
    }

    @Test
    void aFlippedByteAnywhereIsRefused() throws IOException {
        var archive = attach(new TestImage("Answers"), "image.tar");
        var whole = Files.readAllBytes(archive);
        var random = new Random(20_260_101);
        // A third anywhere, a third in headers, padding and end, a third in documents: layers are
        // most of a real archive, and must not be most of the trial.
        var layout = LayoutTar.read(archive);
        var codes = EnumSet.noneOf(Code.class);
        var touched = new HashSet<String>();
        var parts = new ArrayList<>(layout.entrySet());
        for (int flip = 0; flip < FLIPS; flip++) {
            int place;
            if (flip % 3 == 0) {
                place = random.nextInt(whole.length);
            } else {
                var part = parts.get(random.nextInt(parts.size()));
                var slice = (Part.Slice) part.getValue();
                touched.add(part.getKey());
                place =
                        flip % 3 == 1
                                ? (int) slice.offset() - 1 - random.nextInt(512)
                                : (int) (slice.offset() + random.nextLong(slice.size()));
            }
            var changed = whole.clone();
            changed[place] ^= (byte) (1 << random.nextInt(8));
            Files.write(archive, changed);
            codes.add(refused(archive));
        }
        assertThat(touched).isEqualTo(layout.keySet());
        assertThat(codes).contains(Code.MALFORMED_ARCHIVE, Code.DIGEST_MISMATCH);
        Files.write(archive, whole);
        assertThat(Verifier.verify(archive, List.of(publicKey)).checks()).isNotEmpty();
    }

    @Test
    void whatAnotherKeySignedIsRefused() throws IOException {
        var archive = attach(new TestImage("Answers"), "image.tar");
        publicKey = directory.resolve("other.pub");
        SigningKeys.create(directory.resolve("other.pem"), publicKey);
        assertThat(refused(archive)).isEqualTo(Code.BAD_SIGNATURE);
    }

    @Test
    void anImageWithoutEvidenceIsRefused() throws IOException {
        assertThat(refused(new TestImage("Answers").write(directory.resolve("plain.tar"))))
                .isEqualTo(Code.NOT_SIGNED);
    }

    @Test
    void theSignatureOfAnotherImageIsRefused() throws IOException {
        var ours = attach(new TestImage("Answers"), "ours.tar");
        var theirs = attach(new TestImage("Questions"), "theirs.tar");
        assertThat(refused(graft(ours, theirs, true))).isEqualTo(Code.OTHER_IMAGE);
    }

    @Test
    void attestationsOfAnotherImageAreRefused() throws IOException {
        var ours = attach(new TestImage("Answers"), "ours.tar");
        var theirs = attach(new TestImage("Questions"), "theirs.tar");
        assertThat(refused(graft(ours, theirs, false))).isEqualTo(Code.OTHER_IMAGE);
    }

    @Test
    void anImageUnderAnotherNameIsRefused() throws IOException {
        var archive = attach(new TestImage("Answers"), "image.tar");
        var files = new TreeMap<>(LayoutTar.read(archive));
        var index = Index.read(new Layout(files));
        var renamed =
                new Index(
                        "localhost/other:1.2.3",
                        new Descriptor(
                                index.image().mediaType(),
                                index.image().digest(),
                                index.image().size(),
                                Map.of(Descriptor.REFERENCE, "localhost/other:1.2.3")),
                        index.signature(),
                        index.attestations());
        files.put(Layout.INDEX, new Part.Bytes(renamed.bytes()));
        assertThat(refused(write(files))).isEqualTo(Code.OTHER_IMAGE);
    }

    @Test
    void aFileThatNothingLeadsToIsRefused() throws IOException {
        var files = new TreeMap<>(LayoutTar.read(attach(new TestImage("Answers"), "image.tar")));
        var extra = TestImage.text("extra");
        files.put(Layout.blobName(Digest.of(extra)), new Part.Bytes(extra));
        assertThat(refused(write(files))).isEqualTo(Code.UNACCOUNTED_BLOB);
        files.put("readme", new Part.Bytes(extra));
        assertThat(refused(write(files))).isEqualTo(Code.MALFORMED_ARCHIVE);
    }

    @Test
    void whatFollowsTheEndAndWhatIsCutOffAreRefused() throws IOException {
        var archive = attach(new TestImage("Answers"), "image.tar");
        var whole = Files.readAllBytes(archive);
        Files.write(archive, Arrays.copyOf(whole, whole.length + 512));
        assertThat(refused(archive)).isEqualTo(Code.MALFORMED_ARCHIVE);
        for (int left : List.of(0, 511, 512, whole.length / 2, whole.length - 1)) {
            Files.write(archive, Arrays.copyOf(whole, left));
            assertThat(refused(archive)).isEqualTo(Code.MALFORMED_ARCHIVE);
        }
    }

    @Test
    void anIndexWithANameTwiceIsRefused() throws IOException {
        var files = new TreeMap<>(LayoutTar.read(attach(new TestImage("Answers"), "image.tar")));
        var index = new String(new Layout(files).index().bytes(1 << 20), StandardCharsets.UTF_8);
        var twice = index.replaceFirst("\\{", "{\"schemaVersion\":2,");
        files.put(Layout.INDEX, new Part.Bytes(TestImage.text(twice)));
        assertThat(refused(write(files))).isEqualTo(Code.MALFORMED_EVIDENCE);
    }

    @Test
    void anImageWithLinksOrAnotherManifestGetsNoEvidence() throws IOException {
        var linked = new TestImage("Answers");
        linked.links.put("/app/link", TarConstants.LF_SYMLINK);
        assertThat(notAttached(linked, linked.analysis())).isEqualTo(Code.MALFORMED_LAYERS);
        var hard = new TestImage("Answers");
        hard.links.put("/app/link", TarConstants.LF_LINK);
        assertThat(notAttached(hard, hard.analysis())).isEqualTo(Code.MALFORMED_LAYERS);
        var other = new TestImage("Answers");
        other.files.put(
                "/app/manifest.json", new TestImage("Questions").files.get("/app/manifest.json"));
        assertThat(notAttached(other, other.analysis())).isEqualTo(Code.MANIFEST_MISMATCH);
        var two = new TestImage("Answers");
        two.files.put("/app/lib/second.jar", two.files.get("/app/lib/agent.jar"));
        assertThat(notAttached(two, two.analysis())).isEqualTo(Code.MANIFEST_MISMATCH);
        var unsealed = new TestImage("Answers");
        unsealed.labels.put("dev.casemate.sealed", "false");
        assertThat(notAttached(unsealed, unsealed.analysis())).isEqualTo(Code.NOT_SEALED);
    }

    @Test
    void anAnalysisOfOtherJarsOrOfMoreThanIsDeclaredIsNoCertificate() throws IOException {
        var image = new TestImage("Answers");
        assertThat(notAttached(image, image.analysis("exec"))).isEqualTo(Code.CERTIFICATE_MISMATCH);
        assertThat(notAttached(image, new TestImage("Questions").analysis()))
                .isEqualTo(Code.CERTIFICATE_MISMATCH);
        assertThat(notAttached(image, TestImage.text("{\"a\":1,\"a\":1}")))
                .isEqualTo(Code.MALFORMED_EVIDENCE);
    }

    @Test
    void theListOfComponentsIsCycloneDxAndNamesJarsJdkAndCLibrary() throws Exception {
        var layout = Layout.readStrictly(attach(new TestImage("Answers"), "image.tar"));
        var attached = Attachment.read(layout, Index.read(layout).attestations());
        var sbom =
                Statement.read(
                                Envelope.open(
                                        attached.layers().getFirst().contents(),
                                        TrustedKey.read(publicKey)))
                        .predicate()
                        .text();
        assertThat(new JsonParser().validate(TestImage.text(sbom), Version.VERSION_16)).isEmpty();
        assertThat(sbom)
                .contains(
                        "\"purl\":\"pkg:maven/org.example/library@1%2B2\"",
                        "\"name\":\"inner.jar\"",
                        "\"name\":\"agent.jar\"",
                        "\"name\":\"java.sql\"",
                        "pkg:deb/debian/libc6@2.36-9%2Bdeb12u14",
                        "\"name\":\"/opt/java/lib/modules\"");
    }

    /// The archive of one image with the signature or the attestations of another, in the form that
    /// the tags ask for.
    private Path graft(Path ours, Path theirs, boolean signature) throws IOException {
        var layout = Layout.readStrictly(ours);
        var other = Layout.readStrictly(theirs);
        var index = Index.read(layout);
        var foreign = Index.read(other);
        var first =
                Attachment.read(
                        signature ? other : layout, (signature ? foreign : index).signature());
        var second =
                Attachment.read(
                        signature ? layout : other, (signature ? index : foreign).attestations());
        var files = new TreeMap<String, Part>();
        var blobs = ImageContents.Blobs.read(layout, index.image());
        for (var digest : blobs.digests()) {
            files.put(Layout.blobName(digest), layout.files().get(Layout.blobName(digest)));
        }
        files.put(Layout.blobName(index.image().digest()), layout.blob(index.image()));
        for (var attachment : List.of(first, second)) {
            for (var blob : attachment.blobs()) {
                files.put(Layout.blobName(Digest.of(blob)), new Part.Bytes(blob));
            }
        }
        var joined =
                Index.of(index.reference(), index.image(), first.manifest(), second.manifest());
        files.put(Layout.INDEX, new Part.Bytes(joined.bytes()));
        files.put(Layout.VERSION, new Part.Bytes(Layout.VERSION_TEXT));
        return write(files);
    }

    private Path write(SortedMap<String, Part> files) throws IOException {
        var archive = directory.resolve("changed.tar");
        LayoutTar.write(files, archive);
        return archive;
    }

    private Path unpack(Path archive) throws IOException {
        var layout = Files.createDirectory(directory.resolve("layout"));
        for (var file : LayoutTar.read(archive).entrySet()) {
            var place = layout.resolve(file.getKey());
            Files.createDirectories(place.getParent());
            Files.write(place, file.getValue().bytes(1 << 20));
        }
        return layout;
    }
}
