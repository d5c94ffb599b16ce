package dev.casemate.container.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.casemate.manifest.Json;
import dev.casemate.manifest.JsonReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every control of the second layer, and every limit, is in a rendering or among its gaps.
final class ControlsTest {

    static List<Place> places() {
        return Subjects.places();
    }

    @ParameterizedTest
    @MethodSource("places")
    void everyControlIsRenderedOrNamedAsAGap(Place place) throws IOException {
        var lost = new ArrayList<String>();
        for (var subject : Subjects.all()) {
            var rendering = Rendering.of(place, subject);
            var gaps = rendering.gaps().stream().map(Gap::control).collect(Collectors.toSet());
            var text = rendered(rendering);
            for (var control : controls().members().entrySet()) {
                var entry = (Json.Obj) control.getValue();
                if (!appliesTo(entry, subject)) {
                    continue;
                }
                var marks = new ArrayList<String>();
                marks.addAll(strings(entry, place.platform().word()));
                marks.addAll(strings(entry, place.platform().word() + " " + subject.kind().word()));
                assertThat(marks)
                        .as("%s of a %s", control.getKey(), subject.kind())
                        .allMatch(text::contains);
                if (marks.isEmpty() && !gaps.contains(control.getKey())) {
                    lost.add(subject.kind().word() + ": " + control.getKey());
                }
            }
        }
        assertThat(lost).as("neither rendered nor a gap").isEmpty();
    }

    @Test
    void everyGapSaysWhereItIsWritten() {
        for (var platform : Platform.values()) {
            for (var kind : Kind.values()) {
                assertThat(GapTable.of(platform, kind)).hasSizeGreaterThan(5);
                for (var gap : GapTable.of(platform, kind)) {
                    if (gap.source().isAbsolute()) {
                        assertThat(gap.source().getScheme()).isEqualTo("https");
                    } else {
                        assertThat(Path.of("../..", gap.source().getPath()))
                                .matches(Files::isRegularFile, "is a file of this project");
                    }
                }
            }
        }
    }

    /// Without the comments: a gap's own words do not render anything.
    private static String rendered(Rendering rendering) {
        return rendering.files().stream()
                .map(RenderedFile::text)
                .map(text -> text.substring(0, end(text, rendering.platform())))
                .collect(Collectors.joining("\n"));
    }

    private static int end(String text, Platform platform) {
        int end = text.indexOf("What " + platform.title() + " cannot enforce:");
        return end < 0 ? text.length() : end;
    }

    private static boolean appliesTo(Json.Obj entry, Subject subject) {
        var kinds = strings(entry, "kinds");
        return kinds.isEmpty() || kinds.contains(subject.kind().word());
    }

    private static List<String> strings(Json.Obj entry, String name) {
        return entry.get(name).map(json -> ((Json.Arr) json).items()).orElse(List.of()).stream()
                .map(json -> ((Json.Str) json).value())
                .toList();
    }

    private static Json.Obj controls() throws IOException {
        try (var stream = ControlsTest.class.getResourceAsStream("controls.json")) {
            assertThat(stream).isNotNull();
            return (Json.Obj) JsonReader.read(stream.readAllBytes());
        }
    }
}
