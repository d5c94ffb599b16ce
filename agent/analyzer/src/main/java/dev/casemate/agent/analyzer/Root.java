package dev.casemate.agent.analyzer;

import dev.casemate.manifest.Json;
import java.util.Optional;

/// Where execution of the shipped code starts.
///
/// @param type binary name of a shipped class, for example `com.example.MarketAnalystToolSet`
/// @param method every method of this name; empty for all methods of the class
public record Root(String type, Optional<String> method) {

    public Root {
        if (type.isBlank() || type.indexOf('/') >= 0) {
            throw new IllegalArgumentException("expected a binary class name with dots");
        }
    }

    /// The main method of a class.
    public static Root main(String type) {
        return new Root(type, Optional.of("main"));
    }

    /// Every method of a class, instances included: a generated tool set, for example.
    public static Root every(String type) {
        return new Root(type, Optional.empty());
    }

    String display() {
        return method.map(name -> type + "." + name).orElse(type + ".*");
    }

    Json toJson() {
        return Json.of(display());
    }
}
