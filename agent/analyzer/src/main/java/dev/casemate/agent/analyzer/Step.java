package dev.casemate.agent.analyzer;

import dev.casemate.manifest.Json;
import java.util.List;

/// One method on a path.
///
/// @param link how the path came here from the step before
/// @param method for example `com.example.Prices.fetch(String)`
/// @param origin where the method is: a jar, as [Origin#name] spells it, or a module of the JDK
/// @param because what lies between the two where the code names no call, for example that a class
///   is named by a constant; usually empty
public record Step(Link link, String method, String origin, List<String> because) {

    public Step {
        because = List.copyOf(because);
    }

    /// In words, for people.
    public String display() {
        var reasons = because.isEmpty() ? "" : "  (" + String.join("; ", because) + ")";
        return link.verb() + " " + method + reasons;
    }

    Json toJson() {
        var json =
                Json.object().put("link", link.word()).put("method", method).put("origin", origin);
        if (!because.isEmpty()) {
            json.put("because", Json.strings(because));
        }
        return json.build();
    }
}
