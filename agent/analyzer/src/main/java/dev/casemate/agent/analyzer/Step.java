package dev.casemate.agent.analyzer;

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
        method = Printable.text(method);
        origin = Printable.text(origin);
        because = because.stream().map(Printable::text).toList();
    }

    /// For people, for example `calls com.example.Prices.fetch(String)`.
    public String display() {
        var reasons = because.isEmpty() ? "" : "  (" + String.join("; ", because) + ")";
        return link.verb() + " " + method + reasons;
    }
}
