package dev.casemate.proxy.policy;

/// A payment card number: an issuer's prefix, its length, the Luhn digit, and one of the groupings
/// in which people write it: solid, 4-4-4-4, 4-4-4-4-3, 4-6-5, 4-6-4, or digit by digit.
///
/// A fifth group of four is taken for a table of numbers.
///
/// Source: ISO/IEC 7812-1, annex B (Luhn); prefixes as the card schemes publish them.
final class CardNumber implements Detector {

    private static final int MAX_DIGITS = 19;
    private static final int MIN_DIGITS = 13;

    @Override
    public int look(PlainText text, int start, int end, boolean complete) {
        var digits = new byte[MAX_DIGITS];
        var groups = new int[MAX_DIGITS];
        int count = 0;
        int group = 0;
        char separator = 0;
        int i = start;
        while (i < end) {
            char c = text.at(i);
            if (Detector.isDigit(c)) {
                if (count == MAX_DIGITS) {
                    groups[group]++;
                    return judge(digits, groups, group, count, true) ? Detector.yes(i) : NO;
                }
                digits[count++] = (byte) (c - '0');
                groups[group]++;
                i++;
            } else if (c == ' ' || c == '-' || c == '.') {
                if (i + 1 == end && !complete) {
                    return end + 1;
                }
                if (i + 1 >= end
                        || !Detector.isDigit(text.at(i + 1))
                        || (separator != 0 && separator != c)
                        || group == MAX_DIGITS - 1) {
                    break;
                }
                separator = c;
                group++;
                i++;
            } else if (Detector.isAlphanumeric(c)) {
                return NO;
            } else {
                break;
            }
        }
        if (i == end && !complete) {
            return end + 1;
        }
        return judge(digits, groups, group, count, false) ? Detector.yes(i) : NO;
    }

    private static boolean judge(byte[] digits, int[] groups, int last, int count, boolean cut) {
        if (last == 0 || (!cut && last + 1 == count)) {
            return !cut && isCard(digits, count);
        }
        int length = grouped(groups, last);
        return length > 0 && length <= count && isCard(digits, length);
    }

    /// How many digits the groups at the beginning make, if they are those of a card.
    private static int grouped(int[] groups, int last) {
        if (last >= 2 && groups[0] == 4 && groups[1] == 6) {
            return groups[2] == 5 || groups[2] == 4 ? 10 + groups[2] : 0;
        }
        if (last < 3 || groups[0] != 4 || groups[1] != 4 || groups[2] != 4 || groups[3] != 4) {
            return 0;
        }
        return last == 3 || groups[4] < 3 ? 16 : groups[4] == 3 ? 19 : 0;
    }

    static boolean isCard(byte[] digits, int length) {
        if (length < MIN_DIGITS || length > MAX_DIGITS || !isIssued(digits, length)) {
            return false;
        }
        int sum = 0;
        for (int i = 0; i < length; i++) {
            int digit = digits[length - 1 - i];
            int doubled = digit * 2;
            sum += i % 2 == 0 ? digit : doubled > 9 ? doubled - 9 : doubled;
        }
        return sum % 10 == 0;
    }

    private static boolean isIssued(byte[] d, int length) {
        int two = d[0] * 10 + d[1];
        int four = two * 100 + d[2] * 10 + d[3];
        return switch (length) {
            case 13 -> d[0] == 4;
            case 14 -> two == 36 || two == 38 || two == 39 || (four >= 3000 && four <= 3059);
            case 15 -> two == 34 || two == 37;
            case 16 ->
                    d[0] == 4
                            || (two >= 51 && two <= 55)
                            || (four >= 2221 && four <= 2720)
                            || four == 6011
                            || two == 65
                            || (four >= 6440 && four <= 6499)
                            || (four >= 3528 && four <= 3589)
                            || two == 62;
            case 17, 18 -> two == 62;
            case 19 -> d[0] == 4 || four == 6011 || two == 65 || two == 62;
            default -> false;
        };
    }
}
