package dev.casemate.agent.sdk;

import java.util.regex.Pattern;

/// Matches a text that the model chose against a pattern that the developer chose, within a number
/// of steps: `java.util.regex` backtracks, and some patterns need years for 300 characters.
///
/// The bound is on the characters that the matcher looks at, because that is what it does over and
/// over again while it backtracks.
final class ArgumentsMatch implements CharSequence {

    enum Outcome {
        YES,
        NO,
        TOO_COSTLY
    }

    /// Some tens of milliseconds; a pattern without nested repetition stays far below it.
    static final int MAX_STEPS = 5_000_000;

    private final String text;
    private int steps;

    private ArgumentsMatch(String text) {
        this.text = text;
    }

    /// Whether the whole text matches.
    static Outcome of(Pattern pattern, String text) {
        try {
            return pattern.matcher(new ArgumentsMatch(text)).matches() ? Outcome.YES : Outcome.NO;
        } catch (TooManySteps | StackOverflowError e) {
            // The matcher recurses for each repetition of a group.
            return Outcome.TOO_COSTLY;
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
        return text;
    }

    /// The only way out of the matcher; it never leaves this class.
    private static final class TooManySteps extends RuntimeException {
        private TooManySteps() {
            super("too many steps", null, false, false);
        }
    }
}
