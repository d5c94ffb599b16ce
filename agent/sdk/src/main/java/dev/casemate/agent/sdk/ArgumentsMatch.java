package dev.casemate.agent.sdk;

import dev.casemate.manifest.BoundedText;
import java.util.regex.Pattern;

/// Matches a text that the model chose against a pattern that the developer chose, within a number
/// of steps.
final class ArgumentsMatch {

    enum Outcome {
        YES,
        NO,
        TOO_COSTLY
    }

    /// Some tens of milliseconds; a pattern without nested repetition stays far below it.
    static final int MAX_STEPS = 5_000_000;

    private ArgumentsMatch() {}

    /// Whether the whole text matches.
    static Outcome of(Pattern pattern, String text) {
        try {
            return pattern.matcher(new BoundedText(text, MAX_STEPS)).matches()
                    ? Outcome.YES
                    : Outcome.NO;
        } catch (BoundedText.Exhausted | StackOverflowError e) {
            return Outcome.TOO_COSTLY;
        }
    }
}
