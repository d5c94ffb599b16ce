package dev.casemate.container.evidence;

import dev.casemate.container.evidence.EvidenceException.Code;
import dev.casemate.manifest.CanonicalJson;
import dev.casemate.manifest.Digest;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.ManifestException;
import dev.casemate.manifest.Members;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// `index.json` of an archive with evidence: the image under its name, and what is attached to it
/// under names made from its digest, as cosign does it in registries.
///
/// @param reference `localhost/name:tag`
record Index(String reference, Descriptor image, Descriptor signature, Descriptor attestations) {

    private static final Pattern REFERENCE =
            Pattern.compile(
                    "localhost/[a-z0-9]+([._/-][a-z0-9]+)*:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");

    Index {
        if (!REFERENCE.matcher(reference).matches()) {
            throw new EvidenceException(
                    Code.MALFORMED_EVIDENCE,
                    "expected the image's name in the form localhost/name:tag");
        }
    }

    static Index of(String reference, Descriptor image, byte[] signature, byte[] attestations) {
        return new Index(
                reference,
                named(image, reference),
                Descriptor.of(Descriptor.MANIFEST, signature, name(signatureTag(image.digest()))),
                Descriptor.of(
                        Descriptor.MANIFEST, attestations, name(attestationTag(image.digest()))));
    }

    static String signatureTag(Digest image) {
        return "sha256-" + DigestSet.hex(image) + ".sig";
    }

    static String attestationTag(Digest image) {
        return "sha256-" + DigestSet.hex(image) + ".att";
    }

    private static Map<String, String> name(String name) {
        return Map.of(Descriptor.REFERENCE, name);
    }

    private static Descriptor named(Descriptor image, String reference) {
        return new Descriptor(image.mediaType(), image.digest(), image.size(), name(reference));
    }

    byte[] bytes() {
        return CanonicalJson.bytes(
                Json.object()
                        .put("schemaVersion", 2)
                        .put("mediaType", "application/vnd.oci.image.index.v1+json")
                        .put(
                                "manifests",
                                Json.array(
                                        List.of(
                                                image.toJson(),
                                                signature.toJson(),
                                                attestations.toJson())))
                        .build());
    }

    /// @throws EvidenceException unless it is, byte for byte, what [#bytes] makes of it
    static Index read(Layout layout) throws IOException {
        var document = layout.index().bytes(Layout.MAX_DOCUMENT_BYTES);
        var all = manifests(document);
        if (all.size() == 1) {
            throw new EvidenceException(
                    Code.NOT_SIGNED,
                    "expected a signature and attestations beside the image; build it with a key");
        }
        if (all.size() != 3) {
            throw malformed("an image, its signature and its attestations in " + Layout.INDEX);
        }
        var image = all.getFirst();
        var index =
                new Index(
                        image.annotations().getOrDefault(Descriptor.REFERENCE, ""),
                        image,
                        all.get(1),
                        all.get(2));
        var tags =
                all.stream()
                        .skip(1)
                        .map(it -> it.annotations().getOrDefault(Descriptor.REFERENCE, ""))
                        .toList();
        if (!tags.equals(List.of(signatureTag(image.digest()), attestationTag(image.digest())))) {
            throw new EvidenceException(
                    Code.OTHER_IMAGE, "expected signature and attestations of this image");
        }
        if (!Arrays.equals(index.bytes(), document)
                || all.stream().anyMatch(it -> !it.mediaType().equals(Descriptor.MANIFEST))) {
            throw malformed(Layout.INDEX + " as `casemate build` writes it");
        }
        return index;
    }

    /// The one image of an archive that has no evidence yet.
    static Descriptor onlyImage(Layout layout) throws IOException {
        var all = manifests(layout.index().bytes(Layout.MAX_DOCUMENT_BYTES));
        if (all.size() != 1 || !all.getFirst().mediaType().equals(Descriptor.MANIFEST)) {
            throw malformed("an archive of one image, without evidence");
        }
        return all.getFirst();
    }

    private static List<Descriptor> manifests(byte[] document) {
        try {
            return Members.read(
                    Layout.object(document),
                    "",
                    members -> {
                        members.take("schemaVersion");
                        members.take("mediaType");
                        return members.list("manifests", Descriptor::read);
                    });
        } catch (ManifestException e) {
            throw new EvidenceException(
                    Code.MALFORMED_EVIDENCE, "expected an OCI index in " + Layout.INDEX, e);
        }
    }

    private static EvidenceException malformed(String expected) {
        return new EvidenceException(Code.MALFORMED_EVIDENCE, "expected " + expected);
    }
}
