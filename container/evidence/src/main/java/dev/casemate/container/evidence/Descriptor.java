package dev.casemate.container.evidence;

import dev.casemate.manifest.Digest;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.Members;
import java.util.Map;
import java.util.TreeMap;

/// How an OCI document names a blob.
///
/// @param annotations empty is the same as absent
record Descriptor(String mediaType, Digest digest, long size, Map<String, String> annotations) {

    static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
    static final String CONFIG = "application/vnd.oci.image.config.v1+json";
    static final String LAYER = "application/vnd.oci.image.layer.v1.tar+gzip";
    static final String REFERENCE = "org.opencontainers.image.ref.name";

    Descriptor {
        annotations = Map.copyOf(annotations);
    }

    static Descriptor of(String mediaType, byte[] contents, Map<String, String> annotations) {
        return new Descriptor(mediaType, Digest.of(contents), contents.length, annotations);
    }

    static Descriptor read(Json json, String place) {
        return Members.read(json, place, Descriptor::read);
    }

    static Descriptor read(Members members) {
        var annotations =
                members.has("annotations")
                        ? members.map(
                                "annotations",
                                (value, place) -> value instanceof Json.Str(var text) ? text : "")
                        : Map.<String, String>of();
        return new Descriptor(
                members.string("mediaType"),
                new Digest(members.string("digest")),
                members.positive("size", Long.MAX_VALUE),
                annotations);
    }

    Json.Obj toJson() {
        var json =
                Json.object()
                        .put("mediaType", mediaType)
                        .put("digest", digest.value())
                        .put("size", size);
        if (!annotations.isEmpty()) {
            var texts = Json.object();
            new TreeMap<>(annotations).forEach(texts::put);
            json.put("annotations", texts.build());
        }
        return json.build();
    }
}
