package dev.casemate.agent.sdk;

import dev.casemate.manifest.Json;
import dev.casemate.manifest.ManifestException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/// What a contained agent's process says: one JSON object a line, in UTF-8 whatever the container's
/// locale is.
///
/// @param out events and results
/// @param err what went wrong outside of a run
record EventLines(PrintStream out, PrintStream err) {

    /// How much is told of why something was refused: the place in it was chosen by whoever sent
    /// it.
    private static final int MAX_MESSAGE_CHARS = 300;

    void event(Json json) {
        line(out, json);
    }

    void problem(Json json) {
        line(err, json);
    }

    /// The beginning of an event that says why something was refused.
    static Json.Builder refusal(String event, Exception reason) {
        var code =
                switch (reason) {
                    case ManifestException e -> e.code().name();
                    case GuardException e -> e.code().name();
                    default -> reason.getClass().getSimpleName();
                };
        return Json.object()
                .put("event", event)
                .put("code", code)
                .put(
                        "message",
                        TextLimit.cut(String.valueOf(reason.getMessage()), MAX_MESSAGE_CHARS));
    }

    private static void line(PrintStream stream, Json json) {
        var bytes = (json.text() + "\n").getBytes(StandardCharsets.UTF_8);
        stream.write(bytes, 0, bytes.length);
        stream.flush();
    }
}
