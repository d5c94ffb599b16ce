package dev.casemate.proxy.policy;

import dev.casemate.manifest.Json;
import java.util.Objects;

/// One rule that matched one text.
///
/// @param rule the rule's id, such as `injection.ignore-previous`
/// @param action what the effective policy says to do
/// @param place the passage's JSON Pointer
/// @param evidence what matched, masked: never a secret, a person's data or more of the text than a
///   rule's own words; at most [#MAX_EVIDENCE_CHARS] characters
public record Finding(
        String rule,
        Category category,
        Action action,
        Source source,
        String place,
        String evidence) {

    /// Enough to see which words of a rule were met.
    public static final int MAX_EVIDENCE_CHARS = 80;

    public Finding {
        Objects.requireNonNull(rule);
        Objects.requireNonNull(category);
        Objects.requireNonNull(action);
        Objects.requireNonNull(source);
        Objects.requireNonNull(place);
        if (evidence.length() > MAX_EVIDENCE_CHARS) {
            throw new IllegalArgumentException(
                    "evidence of at most " + MAX_EVIDENCE_CHARS + " characters expected");
        }
    }

    /// `{"rule","category","action","source","place","evidence"}`, the enums in lower case.
    public Json.Obj toJson() {
        return Json.object()
                .put("rule", rule)
                .put("category", category.word())
                .put("action", action.word())
                .put("source", source.word())
                .put("place", place)
                .put("evidence", evidence)
                .build();
    }
}
