package dev.casemate.container.evidence;

import dev.casemate.container.evidence.EvidenceException.Code;
import dev.casemate.manifest.CanonicalJson;
import dev.casemate.manifest.Digest;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.ManifestException;
import dev.casemate.manifest.Members;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// Documents that are attached to an image: an OCI manifest whose layers they are, as cosign lays
/// it out.
///
/// @param layers in order
record Attachment(List<Layer> layers) {

    static final String SIGNATURE = "dev.cosignproject.cosign/signature";
    static final String PREDICATE_TYPE = "predicateType";
    static final String SIMPLE_SIGNING = "application/vnd.dev.cosign.simplesigning.v1+json";

    private static final int MAX_LAYERS = 16;

    /// Of all layers together: one blob can be named by each of them.
    private static final int MAX_BYTES = 64 << 20;

    /// One document.
    @SuppressWarnings("ArrayRecordComponent") // Never compared, and not changed once it is here.
    record Layer(String mediaType, byte[] contents, Map<String, String> annotations) {
        Layer {
            annotations = Map.copyOf(annotations);
        }

        String annotation(String name) {
            return annotations.getOrDefault(name, "");
        }

        private Descriptor descriptor() {
            return Descriptor.of(mediaType, contents, annotations);
        }
    }

    Attachment {
        layers = List.copyOf(layers);
    }

    /// A configuration, which the form asks for and nobody reads.
    byte[] configuration() {
        var layerDigests =
                layers.stream().map(layer -> layer.descriptor().digest().value()).toList();
        return CanonicalJson.bytes(
                Json.object()
                        .put("architecture", "")
                        .put("os", "")
                        .put("config", Json.object().build())
                        .put(
                                "rootfs",
                                Json.object()
                                        .put("type", "layers")
                                        .put("diff_ids", Json.strings(layerDigests))
                                        .build())
                        .build());
    }

    byte[] manifest() {
        return CanonicalJson.bytes(
                Json.object()
                        .put("schemaVersion", 2)
                        .put("mediaType", Descriptor.MANIFEST)
                        .put(
                                "config",
                                Descriptor.of(Descriptor.CONFIG, configuration(), Map.of())
                                        .toJson())
                        .put(
                                "layers",
                                Json.array(
                                        layers.stream()
                                                .map(layer -> layer.descriptor().toJson())
                                                .toList()))
                        .build());
    }

    /// Manifest, configuration and layers.
    List<byte[]> blobs() {
        var blobs = new ArrayList<>(List.of(manifest(), configuration()));
        layers.forEach(layer -> blobs.add(layer.contents()));
        return blobs;
    }

    List<Digest> digests() {
        return blobs().stream().map(Digest::of).toList();
    }

    /// @throws EvidenceException unless it is, byte for byte, what [#manifest] makes of its layers
    static Attachment read(Layout layout, Descriptor descriptor) throws IOException {
        var document = layout.blob(descriptor).bytes(Layout.MAX_DOCUMENT_BYTES);
        try {
            var named =
                    Members.read(
                            Layout.object(document),
                            "",
                            members -> {
                                members.take("schemaVersion");
                                members.take("mediaType");
                                members.take("config");
                                return members.list("layers", Descriptor::read);
                            });
            if (named.size() > MAX_LAYERS) {
                throw malformed();
            }
            var layers = new ArrayList<Layer>();
            int left = MAX_BYTES;
            for (var layer : named) {
                var contents = layout.blob(layer).bytes(left);
                left -= contents.length;
                layers.add(new Layer(layer.mediaType(), contents, layer.annotations()));
            }
            var attachment = new Attachment(layers);
            if (Arrays.equals(attachment.manifest(), document)) {
                return attachment;
            }
        } catch (ManifestException e) {
            throw new EvidenceException(
                    Code.MALFORMED_EVIDENCE, "expected manifests of what is attached", e);
        }
        throw malformed();
    }

    private static EvidenceException malformed() {
        return new EvidenceException(
                Code.MALFORMED_EVIDENCE,
                "expected signature and attestations as `casemate build` attaches them");
    }
}
