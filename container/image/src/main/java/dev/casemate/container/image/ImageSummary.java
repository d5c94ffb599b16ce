package dev.casemate.container.image;

import dev.casemate.container.image.ImageException.Code;
import dev.casemate.manifest.Digest;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.ManifestException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// What an archive says that its image is, down to the digests of its layers. Signatures and
/// attestations beside the image are left aside.
///
/// @param reference the name of the image in the archive
/// @param digest of the image's manifest
/// @param revision of the sources, as the label has it
/// @param layers digests, the lowest first
/// @param configuration digest of the image's configuration
public record ImageSummary(
        String reference,
        Digest digest,
        String revision,
        List<Digest> layers,
        Digest configuration) {

    private static final Pattern EVIDENCE = Pattern.compile("sha256-[0-9a-f]{64}\\.(sig|att)");
    private static final String NAME = "org.opencontainers.image.ref.name";

    // In the order in which they are written; see ImageArchive.
    private static final List<String> LAYERS =
            List.of("skeleton", "C library", "runtime", "agent", "start");

    public ImageSummary {
        layers = List.copyOf(layers);
    }

    /// @throws ImageException with code `UNREADABLE_IMAGE`
    public static ImageSummary read(Path archive) {
        try {
            var layout = Files.createTempDirectory("casemate-layout-");
            try {
                ImageLayers.unpackLayout(archive, layout);
                return of(layout);
            } finally {
                FileTree.delete(layout);
            }
        } catch (IOException | ManifestException e) {
            throw new ImageException(
                    Code.UNREADABLE_IMAGE, "expected an OCI image in a tar that is whole", e);
        }
    }

    private static ImageSummary of(Path layout) throws IOException {
        var entry = entry(ImageLayers.document(layout.resolve("index.json")));
        var manifest = ImageLayers.document(ImageLayers.blob(layout, entry));
        var configuration = ImageLayers.object(manifest, "config");
        var config = ImageLayers.document(ImageLayers.blob(layout, configuration));
        var layers = new ArrayList<Digest>();
        for (var layer : ImageLayers.items(manifest, "layers")) {
            layers.add(digest(layer));
        }
        return new ImageSummary(
                name(entry).orElse(""),
                digest(entry),
                ImageLayers.object(ImageLayers.object(config, "config"), "Labels")
                        .text("org.opencontainers.image.revision")
                        .orElse("unknown"),
                layers,
                digest(configuration));
    }

    /// The image's own entry in an index.
    static Json.Obj entry(Json.Obj index) {
        var images =
                ImageLayers.items(index, "manifests").stream()
                        .filter(item ->
                                name(item)
                                        .filter(name -> EVIDENCE.matcher(name).matches())
                                        .isEmpty())
                        .toList();
        if (images.size() != 1) {
            throw ImageLayers.refused("an image of one platform");
        }
        return images.getFirst();
    }

    private static Optional<String> name(Json.Obj entry) {
        return entry.get("annotations").orElse(new Json.Null()) instanceof Json.Obj annotations
                ? annotations.text(NAME)
                : Optional.empty();
    }

    private static Digest digest(Json.Obj descriptor) {
        return new Digest(descriptor.text("digest").orElse(""));
    }

    /// What differs from another image of the same agent, a line each; empty if nothing does.
    public List<String> differences(ImageSummary other) {
        var lines = new ArrayList<String>();
        if (layers.size() != other.layers.size()) {
            lines.add("%d layers, not %d".formatted(other.layers.size(), layers.size()));
        }
        for (int i = 0; i < Math.min(layers.size(), other.layers.size()); i++) {
            if (!layers.get(i).equals(other.layers.get(i))) {
                lines.add("layer %s differs".formatted(LAYERS.get(Math.min(i, LAYERS.size() - 1))));
            }
        }
        if (!configuration.equals(other.configuration)) {
            lines.add("the configuration differs, which names the layers and the labels");
        }
        return List.copyOf(lines);
    }
}
