package dev.casemate.container.deploy;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What one platform takes, with what that platform cannot enforce.
///
/// @param files the first is the descriptor, which ends with the gaps
/// @param gaps from `gaps.json` beside this class; never empty
public record Rendering(Platform platform, List<RenderedFile> files, List<Gap> gaps) {

    private static final int WIDTH = 98;
    private static final Pattern LINES = Pattern.compile("(.{1,%d})(?: |$)".formatted(WIDTH - 4));

    public Rendering {
        files = List.copyOf(files);
        gaps = List.copyOf(gaps);
    }

    /// Renders what manifest and bindings decide; nothing is written or deployed.
    public static Rendering of(Place place, Subject subject) {
        var gaps = GapTable.of(place.platform(), subject.kind());
        var files =
                switch (place) {
                    case Place.Kubernetes kubernetes -> KubernetesFiles.of(kubernetes, subject);
                    case Place.Ecs ecs -> EcsFiles.of(ecs, subject);
                    case Place.Spcs spcs -> SpcsFiles.of(spcs, subject);
                    case Place.Podman podman -> PodmanFiles.of(podman, subject);
                };
        var comment = place instanceof Place.Spcs ? "--" : "#";
        return new Rendering(
                place.platform(),
                files.stream()
                        .map(file ->
                                file.equals(files.getFirst())
                                        ? ended(file, place.platform(), gaps, comment)
                                        : file)
                        .toList(),
                gaps);
    }

    private static RenderedFile ended(
            RenderedFile file, Platform platform, List<Gap> gaps, String comment) {
        var text =
                new StringBuilder(file.text())
                        .append('\n')
                        .append(
                                "%s What %s cannot enforce:%n"
                                        .formatted(comment, platform.title()));
        for (var gap : gaps) {
            text.append("%s%n".formatted(comment));
            var line = gap.control() + ": " + gap.reason();
            text.append(wrapped(line, comment + " "));
            text.append("%s   %s (%s)%n".formatted(comment, gap.source(), gap.read()));
        }
        return new RenderedFile(file.name(), text.toString());
    }

    private static String wrapped(String text, String prefix) {
        return LINES.matcher(text)
                .results()
                .map(line -> prefix + line.group(1) + "\n")
                .collect(Collectors.joining());
    }

    /// The file of this name.
    public Optional<RenderedFile> file(String name) {
        return files.stream().filter(file -> file.name().equals(name)).findFirst();
    }
}
