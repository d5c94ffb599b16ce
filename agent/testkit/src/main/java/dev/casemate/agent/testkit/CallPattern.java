package dev.casemate.agent.testkit;

import dev.casemate.agent.testkit.BoundedMatch.Found;
import dev.casemate.manifest.Json;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/// Some calls of one tool: all of them, or those with certain arguments.
///
/// @param arguments values that these arguments have; others may have any
/// @param matching patterns that are found in these arguments: in a text itself, in anything else
///   as JSON
record CallPattern(String tool, Map<String, Json> arguments, Map<String, Pattern> matching) {

    CallPattern {
        arguments = Collections.unmodifiableMap(new LinkedHashMap<>(arguments));
        matching = Collections.unmodifiableMap(new LinkedHashMap<>(matching));
    }

    static CallPattern any(String tool) {
        return new CallPattern(tool, Map.of(), Map.of());
    }

    /// Whether a call is one of these.
    ///
    /// @param given the call's arguments; not an object where they could not be read
    Found covers(String name, Json given) {
        if (!name.equals(tool)) {
            return Found.NO;
        }
        if (arguments.isEmpty() && matching.isEmpty()) {
            return Found.YES;
        }
        if (!(given instanceof Json.Obj object)) {
            return Found.NO;
        }
        var found = Found.YES;
        for (var argument : arguments.entrySet()) {
            var value = object.get(argument.getKey());
            if (value.isEmpty() || !value.get().equals(argument.getValue())) {
                return Found.NO;
            }
        }
        for (var pattern : matching.entrySet()) {
            var value = object.get(pattern.getKey());
            if (value.isEmpty()) {
                return Found.NO;
            }
            var text = value.get() instanceof Json.Str(var own) ? own : value.get().text();
            found = found.and(BoundedMatch.search(pattern.getValue(), text));
        }
        return found;
    }

    @Override
    public String toString() {
        var text = new StringBuilder(tool);
        arguments.forEach((name, value) ->
                text.append(' ').append(name).append('=').append(Shown.line(value.text(), 80)));
        matching.forEach((name, pattern) ->
                text.append(' ').append(name).append(" matching ").append(pattern));
        return text.toString();
    }
}
