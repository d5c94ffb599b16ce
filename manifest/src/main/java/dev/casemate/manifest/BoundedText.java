package dev.casemate.manifest;

/// A text that may be read a number of times and no more: for `java.util.regex`, which backtracks,
/// so that some patterns need years for 300 characters.
///
/// The bound is on the characters that a matcher looks at, because that is what it does over and
/// over again while it backtracks. Good for one match; not for threads that share it.
public final class BoundedText implements CharSequence {

    private final String text;
    private final int maxReads;
    private int reads;

    /// @param maxReads characters that may be read; a million take some ten milliseconds
    public BoundedText(String text, int maxReads) {
        this.text = text;
        this.maxReads = maxReads;
    }

    /// @throws Exhausted when it has been read too often
    @Override
    public char charAt(int index) {
        if (++reads > maxReads) {
            throw new Exhausted();
        }
        return text.charAt(index);
    }

    @Override
    public int length() {
        return text.length();
    }

    /// A part is what a matcher hands out as its result, and is not counted.
    @Override
    public CharSequence subSequence(int start, int end) {
        return text.substring(start, end);
    }

    @Override
    public String toString() {
        return text;
    }

    /// The only way out of a matcher. Whoever made the text catches it beside the
    /// [StackOverflowError] of a matcher that recursed for each repetition of a group.
    public static final class Exhausted extends RuntimeException {
        private Exhausted() {
            super("read too often", null, false, false);
        }
    }
}
