package dev.casemate.proxy.policy;

/// A US social security number, `AAA-GG-SSSS` with one kind of separator, in a range that is
/// issued. Nine digits without separators are no evidence; a rule with a word beside them is.
///
/// Source: SSA, "Social Security Number Randomization": no area 000, 666 or 900-999, no group 00,
/// no serial 0000.
final class SocialSecurityNumber implements Detector {

    private static final int CHARS = 11;

    @Override
    public int look(PlainText text, int start, int end, boolean complete) {
        for (int i = 0; i < CHARS; i++) {
            if (start + i >= end) {
                return complete ? NO : start + CHARS + 2;
            }
            char c = text.at(start + i);
            boolean fits =
                    i == 3
                            ? c == '-' || c == ' ' || c == '.'
                            : i == 6 ? c == text.at(start + 3) : Detector.isDigit(c);
            if (!fits) {
                return NO;
            }
        }
        if (end < start + CHARS + 2 && !complete) {
            return start + CHARS + 2;
        }
        return isIssued(text, start) && standsAlone(text, start, end)
                ? Detector.yes(start + CHARS)
                : NO;
    }

    private static boolean isIssued(PlainText text, int start) {
        int area = number(text, start, 3);
        return area != 0
                && area != 666
                && area < 900
                && number(text, start + 4, 2) != 0
                && number(text, start + 7, 4) != 0;
    }

    /// Not a part of a longer row of numbers.
    private static boolean standsAlone(PlainText text, int start, int end) {
        char separator = text.at(start + 3);
        int after = start + CHARS;
        char next = after < end ? text.at(after) : '\n';
        char second = after + 1 < end ? text.at(after + 1) : '\n';
        boolean goesOn =
                Detector.isAlphanumeric(next)
                        || ((next == separator || next == '-') && Detector.isDigit(second));
        boolean wentBefore =
                text.at(start - 1) == separator && Detector.isDigit(text.at(start - 2));
        return !goesOn && !wentBefore;
    }

    private static int number(PlainText text, int from, int digits) {
        int value = 0;
        for (int i = 0; i < digits; i++) {
            value = value * 10 + text.at(from + i) - '0';
        }
        return value;
    }
}
