package dev.casemate.container.deploy;

import dev.casemate.manifest.Json;
import dev.casemate.manifest.JsonReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.Collectors;

/// A manifest as one platform takes it, with what that platform cannot enforce.
///
/// @param text what the platform reads
/// @param gaps from `gaps.json` beside this class; never empty
public record Descriptor(Platform platform, String text, List<Gap> gaps) {

    private static final String GAPS = "gaps.json";

    public Descriptor {
        gaps = List.copyOf(gaps);
    }

    /// Renders what the manifest decides; nothing is written or deployed.
    public static Descriptor of(Platform platform, DeployRequest request) {
        var text =
                switch (platform) {
                    case QUADLET -> QuadletUnit.of(request);
                    case KUBERNETES -> IndentedJson.of(KubernetesList.of(request));
                };
        return new Descriptor(platform, text, gapsOf(platform));
    }

    /// The gaps as a text for people, a paragraph each.
    public String gapsText() {
        return gaps.stream()
                .map(gap -> "- %s: %s%n".formatted(gap.control(), gap.reason()))
                .collect(Collectors.joining());
    }

    private static List<Gap> gapsOf(Platform platform) {
        try (var stream = Descriptor.class.getResourceAsStream(GAPS)) {
            if (stream == null) {
                throw new IllegalStateException("expected the resource " + GAPS);
            }
            var all = (Json.Obj) JsonReader.read(stream.readAllBytes());
            return ((Json.Arr) all.get(platform.word()).orElseThrow())
                    .items().stream()
                            .map(Json.Obj.class::cast)
                            .map(gap ->
                                    new Gap(
                                            gap.text("control").orElseThrow(),
                                            gap.text("reason").orElseThrow()))
                            .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
