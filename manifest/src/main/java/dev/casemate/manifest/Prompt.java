package dev.casemate.manifest;

import java.util.List;

/// What the model is told it is: the system message, fixed with the rest of the manifest.
///
/// @param persona who it is and how it speaks
/// @param scope what it answers, and from what
/// @param refusals what it declines, one sentence each; at least one
public record Prompt(String persona, String scope, List<String> refusals) {

    public Prompt {
        refusals = List.copyOf(refusals);
        if (persona.isBlank() || scope.isBlank() || refusals.isEmpty()) {
            throw new ManifestException(
                    ManifestException.Code.INVALID_VALUE,
                    "/prompt",
                    "expected a persona, a scope and at least one refusal");
        }
    }

    /// The text of the system message, the same wherever it is rendered.
    public String systemMessage() {
        return persona + "\n\nScope: " + scope + "\n\nRefuse:\n- " + String.join("\n- ", refusals);
    }

    Json toJson() {
        return Json.object()
                .put("persona", persona)
                .put("scope", scope)
                .put("refusals", Json.strings(refusals))
                .build();
    }

    static Prompt read(Members members) {
        return new Prompt(
                members.string("persona"), members.string("scope"), members.strings("refusals"));
    }
}
