package dev.casemate.proxy.policy;

/// Undoes escapes in running text: percent-encoded bytes, HTML entities, the `u` and `x` escapes of
/// programming languages, and an escaped line break as a gap.
///
/// What turns out to be none goes on as it was. Holds at most [#MAX_CHARS] characters back.
final class Escapes {

    /// Receives what an escape stood for, and everything else.
    interface Next {
        void accept(int codePoint, int origin);
    }

    private static final int MAX_CHARS = 10;
    private static final int INCOMPLETE = -1;
    private static final int NONE = -2;

    private final Next next;
    private final StringBuilder held = new StringBuilder(MAX_CHARS);
    private final int[] origins = new int[MAX_CHARS];

    // Bytes of one character in UTF-8 that were escaped one by one.
    private int utf8;
    private int utf8Missing;
    private int utf8Origin;

    Escapes(Next next) {
        this.next = next;
    }

    void clear() {
        held.setLength(0);
        utf8Missing = 0;
    }

    boolean isIdle() {
        return held.isEmpty() && utf8Missing == 0;
    }

    static boolean begins(char c) {
        return c == '%' || c == '&' || c == '\\';
    }

    void accept(char c, int origin) {
        if (held.isEmpty()) {
            if (begins(c)) {
                hold(c, origin);
            } else {
                utf8Missing = 0;
                next.accept(c, origin);
            }
            return;
        }
        hold(c, origin);
        int decoded = decode();
        if (decoded == NONE || (decoded == INCOMPLETE && held.length() == MAX_CHARS)) {
            giveUp();
        } else if (decoded != INCOMPLETE) {
            boolean isByte = held.charAt(0) == '%';
            int began = origins[0];
            held.setLength(0);
            if (isByte) {
                octet(decoded, began);
            } else {
                utf8Missing = 0;
                next.accept(decoded, began);
            }
        }
    }

    void end() {
        while (!held.isEmpty()) {
            giveUp();
        }
        utf8Missing = 0;
    }

    /// Where in the original that begins which is held back; `limit` if nothing is.
    int hold(int limit) {
        int from = held.isEmpty() ? limit : origins[0];
        return utf8Missing > 0 ? Math.min(from, utf8Origin) : from;
    }

    private void hold(char c, int origin) {
        origins[held.length()] = origin;
        held.append(c);
    }

    /// The first held character stands for itself; the others are looked at again.
    private void giveUp() {
        var rest = held.toString();
        var places = origins.clone();
        held.setLength(0);
        utf8Missing = 0;
        next.accept(rest.charAt(0), places[0]);
        for (int i = 1; i < rest.length(); i++) {
            accept(rest.charAt(i), places[i]);
        }
    }

    private int decode() {
        return switch (held.charAt(0)) {
            case '%' -> held.length() == 3 ? hex(1, 3) : held.length() < 3 ? partial(1) : NONE;
            case '&' -> entity();
            default -> backslash();
        };
    }

    private int backslash() {
        return switch (held.charAt(1)) {
            case 'n', 'r', 't' -> ' ';
            case 'x' -> held.length() == 4 ? hex(2, 4) : partial(2);
            case 'u' -> held.length() == 6 ? hex(2, 6) : partial(2);
            default -> NONE;
        };
    }

    private int entity() {
        int last = held.length() - 1;
        if (held.charAt(last) != ';') {
            char c = held.charAt(last);
            return Detector.isAlphanumeric(c) || (c == '#' && last == 1) ? INCOMPLETE : NONE;
        }
        if (held.charAt(1) != '#') {
            return switch (held.substring(1, last)) {
                case "lt" -> '<';
                case "gt" -> '>';
                case "amp" -> '&';
                case "quot" -> '"';
                case "apos" -> '\'';
                case "nbsp" -> ' ';
                default -> NONE;
            };
        }
        boolean hexadecimal = last > 2 && (held.charAt(2) == 'x' || held.charAt(2) == 'X');
        return hexadecimal ? hex(3, last) : number(2, last, 10);
    }

    private int partial(int from) {
        for (int i = from; i < held.length(); i++) {
            if (Character.digit(held.charAt(i), 16) < 0) {
                return NONE;
            }
        }
        return INCOMPLETE;
    }

    private int hex(int from, int to) {
        return number(from, to, 16);
    }

    private int number(int from, int to, int radix) {
        int value = 0;
        for (int i = from; i < to; i++) {
            int digit = Character.digit(held.charAt(i), radix);
            if (digit < 0) {
                return NONE;
            }
            value = value * radix + digit;
            if (value > Character.MAX_CODE_POINT) {
                return NONE;
            }
        }
        return from < to ? value : NONE;
    }

    /// One byte of UTF-8; bytes that make no character are dropped.
    private void octet(int value, int origin) {
        if (value < 0x80) {
            utf8Missing = 0;
            next.accept(value, origin);
        } else if (value < 0xC0) {
            if (utf8Missing > 0) {
                utf8 = utf8 << 6 | (value & 0x3F);
                if (--utf8Missing == 0) {
                    next.accept(Math.min(utf8, Character.MAX_CODE_POINT), utf8Origin);
                }
            }
        } else {
            utf8Missing = value < 0xE0 ? 1 : value < 0xF0 ? 2 : 3;
            utf8 = value & (0x3F >> utf8Missing);
            utf8Origin = origin;
        }
    }
}
