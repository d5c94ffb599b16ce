package dev.casemate.agent.testkit;

import java.util.regex.Pattern;

/// Searches a text that a model wrote for a pattern that a test wrote, within a number of steps:
/// `java.util.regex` backtracks, and a model that is being attacked may write anything.
///
/// The bound is on the characters that the matcher looks at.
final class BoundedMatch implements CharSequence {

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

    private final CharSequence text;
    private int steps;

    private BoundedMatch(CharSequence text) {
        this.text = text;
    }

    /// Whether the pattern is somewhere in the text.
    static Found search(Pattern pattern, String text) {
        try {
            return pattern.matcher(new BoundedMatch(text)).find() ? Found.YES : Found.NO;
        } catch (TooManySteps | StackOverflowError e) {
            return Found.UNKNOWN;
        }
    }

    @Override
    public char charAt(int index) {
        if (++steps > MAX_STEPS) {
            throw new TooManySteps();
        }
        return text.charAt(index);
    }

    @Override
    public int length() {
        return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return text.subSequence(start, end);
    }

    @Override
    public String toString() {
        return text.toString();
    }

    /// The only way out of the matcher; it never leaves this class.
    private static final class TooManySteps extends RuntimeException {
        private TooManySteps() {
            super("too many steps", null, false, false);
        }
    }
}
