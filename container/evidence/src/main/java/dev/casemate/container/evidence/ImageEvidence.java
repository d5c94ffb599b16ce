package dev.casemate.container.evidence;

import dev.casemate.container.evidence.EvidenceException.Code;
import dev.casemate.manifest.Digest;
import dev.casemate.manifest.ManifestException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// Makes the evidence of an image and attaches it in the same archive. The image's own digest does
/// not change.
public final class ImageEvidence {

    private ImageEvidence() {}

    /// Attaches list of components, provenance, analyzer's certificate and signature.
    ///
    /// @param archive an OCI archive of one image, as [dev.casemate.manifest] describes its agent
    /// @param analysis the analyzer's report on the image's jars, JSON in UTF-8
    /// @param output where the archive with its evidence goes; may be the same file
    /// @return what [Verifier] finds of it with the signer's key; nothing is written that it would
    ///   refuse
    public static Verification attach(
            Path archive, BuildFacts facts, byte[] analysis, Signer signer, Path output) {
        try {
            var layout = Layout.readBuilt(archive);
            var image = Index.onlyImage(layout);
            var reference = image.annotations().getOrDefault(Descriptor.REFERENCE, "");
            var blobs = ImageContents.Blobs.read(layout, image);
            var contents = ImageContents.read(layout, blobs);
            var manifest = Verifier.manifest(contents);
            var signature = signature(reference, image.digest(), signer);
            var attestations = new ArrayList<Attachment.Layer>();
            for (var statement :
                    List.of(
                            new Statement(
                                    reference,
                                    image.digest(),
                                    Statement.SBOM,
                                    Sbom.of(reference, image.digest(), contents)),
                            new Statement(
                                    reference,
                                    image.digest(),
                                    Statement.PROVENANCE,
                                    Provenance.of(facts, contents)),
                            new Statement(
                                    reference,
                                    image.digest(),
                                    Statement.CAPABILITIES,
                                    Certificate.of(
                                            manifest.digest(), Certificate.analysis(analysis))))) {
                attestations.add(attestation(statement, signer));
            }
            var attached = new Attachment(attestations);
            var files = new TreeMap<String, Part>();
            for (var digest : blobs.digests()) {
                put(files, layout, digest);
            }
            put(files, layout, image.digest());
            for (var attachment : List.of(signature, attached)) {
                for (var blob : attachment.blobs()) {
                    files.put(Layout.blobName(Digest.of(blob)), new Part.Bytes(blob));
                }
            }
            var index = Index.of(reference, image, signature.manifest(), attached.manifest());
            files.put(Layout.INDEX, new Part.Bytes(index.bytes()));
            files.put(Layout.VERSION, new Part.Bytes(Layout.VERSION_TEXT));
            return write(files, signer.publicKey(), output);
        } catch (IOException | UncheckedIOException | ManifestException e) {
            throw new EvidenceException(
                    Code.WRITE_FAILED,
                    "expected to read the image and to write beside the output",
                    e);
        }
    }

    private static void put(SortedMap<String, Part> files, Layout layout, Digest digest) {
        var name = Layout.blobName(digest);
        var part = layout.files().get(name);
        if (part == null) {
            throw new EvidenceException(Code.UNACCOUNTED_BLOB, "expected the blob " + digest);
        }
        files.put(name, part);
    }

    private static Attachment signature(String reference, Digest image, Signer signer) {
        var payload = SimpleSigning.payload(SimpleSigning.COSIGN, reference, image);
        return new Attachment(
                List.of(
                        new Attachment.Layer(
                                Attachment.SIMPLE_SIGNING,
                                payload,
                                Map.of(
                                        Attachment.SIGNATURE,
                                        Envelope.base64(signer.sign(payload))))));
    }

    private static Attachment.Layer attestation(Statement statement, Signer signer) {
        return new Attachment.Layer(
                Envelope.MEDIA_TYPE,
                Envelope.seal(statement.bytes(), signer),
                Map.of(
                        Attachment.SIGNATURE,
                        "",
                        Attachment.PREDICATE_TYPE,
                        statement.predicateType()));
    }

    private static Verification write(SortedMap<String, Part> files, TrustedKey key, Path output)
            throws IOException {
        var target = output.toAbsolutePath();
        var fresh = Files.createTempFile(target.getParent(), ".casemate-", ".tar");
        try {
            LayoutTar.write(files, fresh);
            var verification = Verifier.verifyWith(fresh, List.of(key));
            Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-r--r--"));
            Files.move(fresh, target, StandardCopyOption.REPLACE_EXISTING);
            return verification;
        } finally {
            Files.deleteIfExists(fresh);
        }
    }
}
