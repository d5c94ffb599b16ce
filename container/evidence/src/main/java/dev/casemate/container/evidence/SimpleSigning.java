package dev.casemate.container.evidence;

import dev.casemate.manifest.CanonicalJson;
import dev.casemate.manifest.Digest;
import dev.casemate.manifest.Json;

/// What a signature of an image is over: its name and the digest of its manifest.
///
/// Source: containers-signature(5), and cosign's SIGNATURE_SPEC.
final class SimpleSigning {

    static final String COSIGN = "cosign container image signature";
    static final String OPENPGP = "atomic container signature";

    private SimpleSigning() {}

    static byte[] payload(String type, String reference, Digest image) {
        return CanonicalJson.bytes(
                Json.object()
                        .put(
                                "critical",
                                Json.object()
                                        .put(
                                                "identity",
                                                Json.object()
                                                        .put("docker-reference", reference)
                                                        .build())
                                        .put(
                                                "image",
                                                Json.object()
                                                        .put(
                                                                "docker-manifest-digest",
                                                                image.value())
                                                        .build())
                                        .put("type", type)
                                        .build())
                        .put("optional", Json.object().put("creator", "casemate").build())
                        .build());
    }
}
