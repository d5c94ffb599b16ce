package dev.casemate.agent.analyzer;

import java.util.List;

/// A shortest path from a root to a call that has the capability, made by the code of one jar.
///
/// @param steps the first is in a root, the last is the method that the sink table judges, or a
///   native method of the application; at least one
/// @param reason why the last step counts, from the sink table
/// @param origin the jar whose code makes the call that counts, as [Origin#name] spells it
/// @param roots every root from which such a call in this jar can be reached, as [Root#display]
///   spells them, in the order of the report
public record Witness(List<Step> steps, String reason, String origin, List<String> roots) {

    public Witness {
        steps = List.copyOf(steps);
        reason = Printable.text(reason);
        origin = Printable.text(origin);
        roots = roots.stream().map(Printable::text).toList();
        if (steps.isEmpty()) {
            throw new IllegalArgumentException("expected at least one step");
        }
    }
}
