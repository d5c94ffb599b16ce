package dev.casemate.agent.testkit;

import dev.casemate.manifest.BoundedText;
import java.util.regex.Pattern;

/// Searches a text that a model wrote for a pattern that a test wrote, within a number of steps: a
/// model that is being attacked may write anything.
final class BoundedMatch {

    /// What a search found. Unknown is neither: what is expected is then missing, and what is
    /// forbidden may be there.
    enum Found {
        YES,
        NO,
        UNKNOWN;

        /// Both together: no if one is no.
        Found and(Found other) {
            if (this == NO || other == NO) {
                return NO;
            }
            return this == UNKNOWN ? UNKNOWN : other;
        }
    }

    /// About a tenth of a second.
    private static final int MAX_STEPS = 10_000_000;

    private BoundedMatch() {}

    /// Whether the pattern is somewhere in the text.
    static Found search(Pattern pattern, String text) {
        try {
            return pattern.matcher(new BoundedText(text, MAX_STEPS)).find() ? Found.YES : Found.NO;
        } catch (BoundedText.Exhausted | StackOverflowError e) {
            return Found.UNKNOWN;
        }
    }
}
