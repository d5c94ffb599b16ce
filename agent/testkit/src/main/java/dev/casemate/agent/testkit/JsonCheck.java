package dev.casemate.agent.testkit;

import dev.casemate.manifest.Json;
import dev.casemate.manifest.JsonReader;
import dev.casemate.manifest.ManifestException;
import java.util.Optional;
import java.util.regex.Pattern;

/// What an answer that is JSON must have at one place.
///
/// @param value what must be there; empty where anything will do
record JsonCheck(JsonPath path, Optional<Json> value) {

    private static final Pattern FENCED =
            Pattern.compile("\\A[^`]*```(?:json)?\\s*\\n([^`]*)```[^`]*\\z");

    /// @param answer JSON, or a text with one fenced block of it, as models like to write
    boolean holds(String answer) {
        var json = read(answer);
        return json.isPresent()
                && path.in(json.get()).stream()
                        .anyMatch(found -> value.isEmpty() || value.get().equals(found));
    }

    private static Optional<Json> read(String answer) {
        var fenced = FENCED.matcher(answer);
        try {
            return Optional.of(JsonReader.read(fenced.matches() ? fenced.group(1) : answer));
        } catch (ManifestException e) {
            return Optional.empty();
        }
    }

    String words() {
        return "that is JSON with "
                + value.map(json -> json.text() + " at ").orElse("something at ")
                + path;
    }
}
