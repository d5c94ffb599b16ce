package dev.casemate.container.evidence;

import dev.casemate.container.evidence.EvidenceException.Code;
import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.Digest;
import dev.casemate.manifest.ManifestException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;

/// Whether image, signature, list of components, provenance, certificate and manifest belong
/// together.
///
/// Each document has one form in which it is written. It is read, written again from what was read
/// and from what the layers hold, and must come out the same: so there is no byte of an archive
/// that nothing answers for.
public final class Verifier {

    private final Layout layout;
    private final List<Check> checks = new ArrayList<>();

    private Verifier(Layout layout) {
        this.layout = layout;
    }

    /// @param archive an archive as [ImageEvidence] writes it, or a directory of the same files
    /// @param publicKeys PEM files; one of them must have signed everything
    /// @throws EvidenceException with the code of the first thing that does not hold
    public static Verification verify(Path archive, List<Path> publicKeys) {
        return verifyWith(archive, publicKeys.stream().map(TrustedKey::read).toList());
    }

    static Verification verifyWith(Path archive, List<TrustedKey> keys) {
        if (keys.isEmpty()) {
            throw new EvidenceException(Code.INVALID_KEY, "expected at least one trusted key");
        }
        try {
            return new Verifier(Layout.readStrictly(archive)).verify(keys);
        } catch (IOException | UncheckedIOException | ManifestException e) {
            throw new EvidenceException(
                    Code.MALFORMED_ARCHIVE, "expected an archive that can be read to its end", e);
        }
    }

    private Verification verify(List<TrustedKey> keys) throws IOException {
        layout.requireVersion();
        var index = Index.read(layout);
        layout.requireDigests();
        var image = index.image().digest();
        var blobs = ImageContents.Blobs.read(layout, index.image());
        var signature = Attachment.read(layout, index.signature());
        var attestations = Attachment.read(layout, index.attestations());
        requireAllNamed(index, blobs, signature, attestations);
        passed("archive", layout.files().size() + " files, each with its digest, and no others");

        var key = signedBy(signature, index.reference(), image, keys);
        passed("signature", index.reference() + " at " + image + ", by key sha256:" + key.id());
        var statements = statements(attestations, index, key);
        passed("attestations", statements.size() + ", of this image and by the same key");

        var contents = ImageContents.read(layout, blobs);
        var manifest = manifest(contents);
        requireKind(contents, manifest);
        passed("manifest", manifest.digest() + " in label, file and jar");
        var sbom = Sbom.of(index.reference(), image, contents);
        require(
                statements.get(0).predicate().equals(sbom),
                Code.SBOM_MISMATCH,
                "the list of components that the layers give");
        passed(
                "sbom",
                contents.files().size()
                        + " files and "
                        + contents.jars().size()
                        + " jars, as in the layers");

        var facts = Provenance.facts(statements.get(1).predicate());
        require(
                statements.get(1).predicate().equals(Provenance.of(facts, contents))
                        && facts.revision()
                                .equals(contents.labels().get("org.opencontainers.image.revision")),
                Code.PROVENANCE_MISMATCH,
                "provenance with the parts and the revision of this image");
        passed("provenance", "revision " + facts.revision() + ", gates " + gates(facts));
        Certificate.require(statements.get(2).predicate(), manifest, contents);
        passed(
                "certificate",
                "the jars in the image reach what the manifest declares, and no more");
        return new Verification(
                index.reference(),
                image,
                contents.imageId(),
                manifest.digest(),
                manifest,
                key.id(),
                facts,
                checks);
    }

    private void requireAllNamed(
            Index index, ImageContents.Blobs blobs, Attachment signature, Attachment attestations)
            throws IOException {
        layout.blob(blobs.configuration());
        blobs.layers().forEach(layout::blob);
        var named = new HashSet<Digest>(blobs.digests());
        named.add(index.image().digest());
        named.addAll(signature.digests());
        named.addAll(attestations.digests());
        layout.requireNoOthers(named);
    }

    private static TrustedKey signedBy(
            Attachment signature, String reference, Digest image, List<TrustedKey> keys) {
        var payload = SimpleSigning.payload(SimpleSigning.COSIGN, reference, image);
        if (signature.layers().size() != 1
                || !signature.layers().getFirst().mediaType().equals(Attachment.SIMPLE_SIGNING)) {
            throw new EvidenceException(Code.MALFORMED_EVIDENCE, "expected one signature");
        }
        var layer = signature.layers().getFirst();
        if (!Arrays.equals(layer.contents(), payload)) {
            throw new EvidenceException(
                    Code.OTHER_IMAGE, "expected the signature to be over this image and its name");
        }
        byte[] bytes;
        try {
            bytes = Envelope.decode(layer.annotation(Attachment.SIGNATURE));
        } catch (IllegalArgumentException e) {
            throw new EvidenceException(Code.MALFORMED_EVIDENCE, "expected a signature", e);
        }
        require(
                layer.annotations().size() == 1
                        && Envelope.base64(bytes).equals(layer.annotation(Attachment.SIGNATURE)),
                Code.MALFORMED_EVIDENCE,
                "a signature as it is written");
        return keys.stream()
                .filter(key -> key.verifies(payload, bytes))
                .findFirst()
                .orElseThrow(() ->
                        new EvidenceException(
                                Code.BAD_SIGNATURE,
                                "expected the image to be signed by a trusted key"));
    }

    private static List<Statement> statements(Attachment attached, Index index, TrustedKey key) {
        var types = List.of(Statement.SBOM, Statement.PROVENANCE, Statement.CAPABILITIES);
        var found = new ArrayList<Statement>();
        for (var layer : attached.layers()) {
            var statement = Statement.read(Envelope.open(layer.contents(), key));
            require(
                    statement.image().equals(index.image().digest())
                            && statement.reference().equals(index.reference()),
                    Code.OTHER_IMAGE,
                    "attestations of this image under this name");
            require(
                    layer.mediaType().equals(Envelope.MEDIA_TYPE)
                            && layer.annotations().size() == 2
                            && layer.annotations().containsKey(Attachment.SIGNATURE)
                            && layer.annotation(Attachment.SIGNATURE).isEmpty()
                            && layer.annotation(Attachment.PREDICATE_TYPE)
                                    .equals(statement.predicateType()),
                    Code.MALFORMED_EVIDENCE,
                    "attestations as they are attached");
            found.add(statement);
        }
        require(
                found.stream().map(Statement::predicateType).toList().equals(types),
                Code.MALFORMED_EVIDENCE,
                "a list of components, provenance and a certificate, in this order");
        return found;
    }

    /// The one manifest of the image: label, file and jar say the same.
    static AgentManifest manifest(ImageContents contents) {
        var inside =
                contents.jars().values().stream().flatMap(jar -> jar.manifests().stream()).toList();
        var file = contents.documents().get(ImageContents.MANIFEST);
        if (file != null && inside.size() == 1) {
            try {
                var manifest = AgentManifest.read(file);
                if (AgentManifest.read(inside.getFirst()).digest().equals(manifest.digest())
                        && manifest.digest()
                                .value()
                                .equals(contents.labels().get("dev.casemate.manifest.digest"))) {
                    return manifest;
                }
            } catch (ManifestException e) {
                throw new EvidenceException(
                        Code.MANIFEST_MISMATCH, "expected manifests that can be read", e);
            }
        }
        throw new EvidenceException(
                Code.MANIFEST_MISMATCH,
                "expected one manifest, the same in label, /app/manifest.json and the agent's jar");
    }

    private static void requireKind(ImageContents contents, AgentManifest manifest) {
        var labels = contents.labels();
        require(
                !labels.containsKey("dev.casemate.sealed")
                        && !labels.containsKey("dev.casemate.probe"),
                Code.NOT_SEALED,
                "the image of an agent on a sealed runtime");
        require(
                manifest.name().equals(labels.get("org.opencontainers.image.title"))
                        && manifest.version()
                                .equals(labels.get("org.opencontainers.image.version")),
                Code.MANIFEST_MISMATCH,
                "labels with the manifest's name and version");
    }

    private static String gates(BuildFacts facts) {
        return String.join(
                ", ",
                facts.gates().stream().map(gate -> gate.name() + " " + gate.outcome()).toList());
    }

    private void passed(String name, String detail) {
        checks.add(new Check(name, detail));
    }

    private static void require(boolean holds, Code code, String expected) {
        if (!holds) {
            throw new EvidenceException(code, "expected " + expected);
        }
    }
}
