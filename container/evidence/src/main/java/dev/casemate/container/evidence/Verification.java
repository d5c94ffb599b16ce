package dev.casemate.container.evidence;

import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.Digest;
import dev.casemate.manifest.Json;
import java.util.List;

/// An image whose evidence holds together, and what that was found from.
///
/// It speaks of the bytes that were read. Whoever goes on to use the image names it by [#image] or
/// [#imageId], so that nothing can be put in its place.
///
/// @param reference the name that the signature is over, `localhost/name:tag`
/// @param image digest of the image's OCI manifest, which the signature is over
/// @param imageId digest of the image's configuration, which podman shows as its id
/// @param manifest digest of the agent manifest
/// @param keyId of the key that signed everything: SHA-256 of its SubjectPublicKeyInfo in hex
/// @param build what the builder says
/// @param checks in the order in which they were made
public record Verification(
        String reference,
        Digest image,
        Digest imageId,
        Digest manifest,
        AgentManifest agent,
        String keyId,
        BuildFacts build,
        List<Check> checks) {

    public Verification {
        checks = List.copyOf(checks);
    }

    /// For machines.
    public Json.Obj toJson() {
        return Json.object()
                .put("reference", reference)
                .put("image", image.value())
                .put("imageId", imageId.value())
                .put("manifest", manifest.value())
                .put("key", "sha256:" + keyId)
                .put("source", build.source())
                .put("revision", build.revision())
                .put("gates", Json.array(build.gates().stream().map(Gate::toJson).toList()))
                .put(
                        "checks",
                        Json.array(
                                checks.stream()
                                        .map(check ->
                                                Json.object()
                                                        .put("name", check.name())
                                                        .put("detail", check.detail())
                                                        .build())
                                        .toList()))
                .build();
    }
}
