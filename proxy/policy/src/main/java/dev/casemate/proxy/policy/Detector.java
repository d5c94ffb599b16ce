package dev.casemate.proxy.policy;

/// Decides whether something begins at a place of a plain text.
///
/// The answer depends on the text from `start` to `end` and on the two characters before it alone,
/// and once it is not "more", more text would not change it: so an answer in pieces is judged like
/// a whole one.
interface Detector {

    int NO = -1;

    /// @param end how far the text may be looked at
    /// @param complete whether it ends there for this detector
    /// @return [#NO], [#yes(int)], or the `end` at which it is worth asking again
    int look(PlainText text, int start, int end, boolean complete);

    /// The answer that something ends at a position.
    static int yes(int stop) {
        return -2 - stop;
    }

    static boolean isYes(int answer) {
        return answer <= -2;
    }

    /// Where the thing ends that an answer speaks of.
    static int stop(int yes) {
        return -2 - yes;
    }

    static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    static boolean isAlphanumeric(char c) {
        return isDigit(c) || isLetter(c);
    }
}
