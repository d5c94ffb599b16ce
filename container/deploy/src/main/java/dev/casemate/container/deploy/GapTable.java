package dev.casemate.container.deploy;

import dev.casemate.manifest.Json;
import dev.casemate.manifest.JsonReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.LocalDate;
import java.util.List;

/// What each platform cannot enforce: `gaps.json` beside this class.
final class GapTable {

    private static final String RESOURCE = "gaps.json";

    private GapTable() {}

    static List<Gap> of(Platform platform, Kind kind) {
        return ((Json.Arr) document().get(platform.word()).orElseThrow())
                .items().stream()
                        .map(Json.Obj.class::cast)
                        .filter(gap -> appliesTo(gap, kind))
                        .map(GapTable::gap)
                        .toList();
    }

    private static boolean appliesTo(Json.Obj gap, Kind kind) {
        return gap.get("kinds")
                .map(kinds -> ((Json.Arr) kinds).items().contains(Json.of(kind.word())))
                .orElse(true);
    }

    private static Gap gap(Json.Obj gap) {
        return new Gap(
                gap.text("control").orElseThrow(),
                gap.text("reason").orElseThrow(),
                URI.create(gap.text("source").orElseThrow()),
                LocalDate.parse(gap.text("read").orElseThrow()));
    }

    private static Json.Obj document() {
        try (var stream = GapTable.class.getResourceAsStream(RESOURCE)) {
            if (stream == null) {
                throw new IllegalStateException("expected the resource " + RESOURCE);
            }
            return (Json.Obj) JsonReader.read(stream.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
