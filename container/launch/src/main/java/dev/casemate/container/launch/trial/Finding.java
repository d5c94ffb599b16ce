package dev.casemate.container.launch.trial;

import dev.casemate.manifest.Json;
import java.util.Locale;

/// What became of one attempt.
///
/// @param how `java`, in the agent's runtime; `native`, by system calls of a program that has none
/// @param area what it was made against
/// @param seen what came about, or what stopped it
public record Finding(String how, String area, String attempt, Outcome outcome, String seen) {

    /// The three ends of an attempt, and that it had none.
    public enum Outcome {
        CAME_ABOUT,
        HELD,
        /// Not in this kernel, and so held without proof of what else would hold it.
        ABSENT,
        /// The probe did not come to it.
        NOT_TRIED;

        /// For people.
        public String text() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    /// What it is called among all attempts.
    public String key() {
        return how + " | " + area + " | " + attempt;
    }

    Json toJson(String expected, boolean asExpected) {
        return Json.object()
                .put("how", how)
                .put("area", area)
                .put("attempt", attempt)
                .put("expected", expected)
                .put("outcome", outcome.text())
                .put("seen", seen)
                .put("asExpected", asExpected)
                .build();
    }
}
