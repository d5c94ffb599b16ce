package dev.casemate.agent.analyzer;

import dev.casemate.manifest.Json;

/// One method on a path.
///
/// @param link how the path came here from the step before
/// @param method for example `com.example.Prices.fetch(String)`
public record Step(Link link, String method) {

    Json toJson() {
        return Json.object().put("link", link.word()).put("method", method).build();
    }
}
