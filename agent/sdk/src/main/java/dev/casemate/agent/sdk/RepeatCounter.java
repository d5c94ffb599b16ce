package dev.casemate.agent.sdk;

import dev.casemate.manifest.JsonReader;
import dev.casemate.manifest.ManifestException;
import org.jspecify.annotations.Nullable;

/// Counts how often in a row the same call came: same name, and arguments that are equal as JSON,
/// however they are spelled.
final class RepeatCounter {

    private record Meaning(String tool, Object arguments) {}

    private @Nullable Meaning last;
    private int inRow;

    /// @return 1 for a call that differs from the one before it
    int count(ToolCall call) {
        var meaning = new Meaning(call.name(), meaning(call.arguments()));
        inRow = meaning.equals(last) ? inRow + 1 : 1;
        last = meaning;
        return inRow;
    }

    private static Object meaning(String arguments) {
        if (arguments.length() > CallAdmission.MAX_ARGUMENT_CHARS) {
            return arguments;
        }
        try {
            return JsonReader.read(arguments);
        } catch (ManifestException e) {
            return arguments;
        }
    }
}
