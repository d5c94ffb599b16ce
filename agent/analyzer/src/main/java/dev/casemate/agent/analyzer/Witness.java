package dev.casemate.agent.analyzer;

import dev.casemate.manifest.Json;
import java.util.List;

/// A shortest path from a root to a method that has the capability.
///
/// @param steps the first is in a root, the last is the method that the sink table judges, or a
///   native method of the application; at least one
/// @param reason why the last step counts, from the sink table
public record Witness(List<Step> steps, String reason) {

    public Witness {
        steps = List.copyOf(steps);
        if (steps.isEmpty()) {
            throw new IllegalArgumentException("expected at least one step");
        }
    }

    Json toJson() {
        return Json.object()
                .put("reason", reason)
                .put("path", Json.array(steps.stream().map(Step::toJson).toList()))
                .build();
    }
}
