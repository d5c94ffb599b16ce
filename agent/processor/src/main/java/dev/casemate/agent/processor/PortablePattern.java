package dev.casemate.agent.processor;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Rewrites a Java regular expression so that it means the same to `java.util.regex` and to a JSON
/// Schema reader, and refuses what cannot mean the same.
///
/// The schema's `pattern` is read by ECMAScript, RE2, Rust and Python engines, each with a dialect
/// of its own. What is left here is what they share: characters, classes, groups, alternatives and
/// repetition. Dialects differ in `.` and `\s`, so both are spelled out. Look-around,
/// back-references, possessive repetition and embedded flags have no counterpart.
///
/// Source: ECMA-262 with the `u` flag, as JSON Schema recommends, and `java.util.regex.Pattern`.
final class PortablePattern {

    /// Longer expressions have not been understood by those who wrote them.
    static final int MAX_LENGTH = 1_000;

    /// The bound of RE2; `@Size` is the way to say more.
    static final int MAX_REPETITIONS = 1_000;

    private static final int MAX_DEPTH = 20;
    private static final String SPACE = " \\t\\n\\x0B\\f\\r";
    private static final String ANY = "[^\\n\\r\\x85\\u2028\\u2029]";
    private static final String SYNTAX = "^$\\.*+?()[]{}|/";
    private static final Pattern CATEGORY =
            Pattern.compile("\\{(L[ulmot]?|M[nce]?|N[dlo]?|P[cdseifo]?|S[mcko]?|Z[slp]?)\\}");
    private static final Pattern COUNTS = Pattern.compile("\\{(\\d{1,9})(,(\\d{1,9})?)?\\}");

    private final String source;
    private final StringBuilder out = new StringBuilder();
    private int at;

    private PortablePattern(String source) {
        this.source = source;
    }

    /// @param source as Jakarta's `@Pattern` takes it: the whole text must match
    /// @return the same without anchors
    /// @throws IllegalArgumentException saying what to write instead, and at which character
    static String of(String source) {
        if (source.length() > MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "has more than " + MAX_LENGTH + " characters: split the argument");
        }
        var pattern = new PortablePattern(source);
        pattern.alternatives(0);
        if (pattern.at < source.length()) {
            throw pattern.refuse("a ')' that closes nothing: write \\)");
        }
        var portable = pattern.out.toString();
        // Holds by construction; a hole in the grammar must not reach a running agent.
        Pattern.compile(portable);
        return portable;
    }

    private void alternatives(int depth) {
        if (depth > MAX_DEPTH) {
            throw refuse("more than " + MAX_DEPTH + " groups inside each other");
        }
        sequence(depth);
        while (accept('|')) {
            out.append('|');
            sequence(depth);
        }
    }

    private void sequence(int depth) {
        while (at < source.length() && peek() != '|' && peek() != ')') {
            if (anchor()) {
                continue;
            }
            atom(depth);
            repetition();
        }
    }

    // The whole text must match anyway, so the two outermost say nothing; others mean different
    // things in different engines.
    private boolean anchor() {
        if (peek() == '^' || peek() == '$') {
            if (at != (peek() == '^' ? 0 : source.length() - 1)) {
                throw refuse("an anchor: the whole text must match anyway, leave it out");
            }
            at++;
            return true;
        }
        return false;
    }

    private void atom(int depth) {
        switch (peek()) {
            case '(' -> group(depth);
            case '[' -> characterClass();
            case '\\' -> escape();
            case '.' -> {
                at++;
                out.append(ANY);
            }
            case '*', '+', '?', '{' -> throw refuse("a repetition of nothing: escape it with \\");
            default -> literal(codePoint());
        }
    }

    private void group(int depth) {
        at++;
        if (accept('?') && !accept(':')) {
            throw refuse("a group that is not ( or (?: : no look-around, names or flags");
        }
        out.append("(?:");
        alternatives(depth + 1);
        if (!accept(')')) {
            throw refuse("a group that is not closed");
        }
        out.append(')');
    }

    private void repetition() {
        if (at == source.length()) {
            return;
        }
        switch (peek()) {
            case '*', '+', '?' -> out.append(source.charAt(at++));
            case '{' -> counts();
            default -> {
                return;
            }
        }
        // Reluctant or not, the whole text matches or does not.
        accept('?');
        if (at < source.length() && peek() == '+') {
            throw refuse("a possessive repetition: leave out the second sign");
        }
    }

    private void counts() {
        var counts = match(COUNTS, "a '{' without numbers: write \\{");
        int from = Integer.parseInt(counts.group(1));
        int to = counts.group(3) == null ? from : Integer.parseInt(counts.group(3));
        if (to < from || to > MAX_REPETITIONS) {
            throw refuse("a repetition of more than " + MAX_REPETITIONS + " times: use @Size");
        }
        out.append(counts.group());
    }

    private void characterClass() {
        at++;
        out.append('[');
        if (accept('^')) {
            out.append('^');
        }
        int first = at;
        while (!(at < source.length() && peek() == ']' && at > first)) {
            if (at == source.length()) {
                throw refuse("a character class that is not closed");
            }
            classItem(at == first);
        }
        at++;
        out.append(']');
    }

    private void classItem(boolean first) {
        if (peek() == '-' && !first && !source.startsWith("-]", at)) {
            throw refuse("a hyphen inside a character class: write \\-");
        }
        int from = classCharacter();
        if (at + 1 < source.length() && peek() == '-' && source.charAt(at + 1) != ']') {
            at++;
            out.append('-');
            int to = classCharacter();
            if (from < 0 || to < from) {
                throw refuse("a range whose ends are not two characters in order");
            }
        }
    }

    /// @return the character, or -1 for a set of them
    private int classCharacter() {
        if (at == source.length()) {
            throw refuse("a character class that is not closed");
        }
        char c = peek();
        if (c == '[' || c == ']' || source.startsWith("&&", at)) {
            throw refuse("a class inside a character class: no unions and intersections");
        }
        if (c != '\\') {
            return classLiteral(codePoint());
        }
        at++;
        char kind = next();
        switch (kind) {
            case 'd', 'w', 'D', 'W' -> out.append('\\').append(kind);
            case 's' -> out.append(SPACE);
            case 'S' -> throw refuse("\\S inside a character class: list the characters");
            case 'p', 'P' -> category(kind);
            default -> {
                return classLiteral(escaped(kind));
            }
        }
        return -1;
    }

    private int classLiteral(int c) {
        if (c < 0x80 && (SYNTAX + "-").indexOf(c) >= 0) {
            out.append('\\').append((char) c);
        } else {
            append(c);
        }
        return c;
    }

    private void escape() {
        at++;
        char kind = next();
        switch (kind) {
            case 'd', 'w', 'D', 'W' -> out.append('\\').append(kind);
            case 's' -> out.append('[').append(SPACE).append(']');
            case 'S' -> out.append("[^").append(SPACE).append(']');
            case 'p', 'P' -> category(kind);
            default -> literal(escaped(kind));
        }
    }

    private void category(char kind) {
        var category = match(CATEGORY, "a \\" + kind + " that is not a general category as \\p{L}");
        out.append('\\').append(kind).append(category.group());
    }

    /// The one character that an escape stands for.
    private int escaped(char kind) {
        return switch (kind) {
            case 't' -> '\t';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 'f' -> '\f';
            case 'x' -> hexadecimal(2);
            case 'u' -> hexadecimal(4);
            default -> {
                if (kind >= 0x80 || Character.isLetterOrDigit(kind)) {
                    throw refuse("an escape that not every engine knows: write the characters");
                }
                yield kind;
            }
        };
    }

    private int hexadecimal(int digits) {
        int value = 0;
        for (int i = 0; i < digits; i++) {
            char c = next();
            int digit = c < 0x80 ? Character.digit(c, 16) : -1;
            if (digit < 0) {
                throw refuse("an escape without its " + digits + " hexadecimal digits");
            }
            value = value << 4 | digit;
        }
        if (Character.isSurrogate((char) value)) {
            throw refuse("half a character: write the character itself");
        }
        return value;
    }

    private void literal(int c) {
        if (c < 0x80 && SYNTAX.indexOf(c) >= 0) {
            out.append('\\').append((char) c);
        } else {
            append(c);
        }
    }

    // Invisible characters as escapes: a reviewer must see them.
    private void append(int c) {
        if (c < 0x20 || c == 0x7f) {
            out.append(String.format("\\x%02X", c));
        } else if (c < 0x10000 && c >= 0x80 && !Character.isLetterOrDigit(c)) {
            out.append(String.format("\\u%04X", c));
        } else {
            out.appendCodePoint(c);
        }
    }

    private int codePoint() {
        int c = source.codePointAt(at);
        if (c < 0x10000 && Character.isSurrogate((char) c)) {
            throw refuse("half a character");
        }
        at += Character.charCount(c);
        return c;
    }

    private Matcher match(Pattern pattern, String otherwise) {
        var matcher = pattern.matcher(source).region(at, source.length());
        if (!matcher.lookingAt()) {
            throw refuse(otherwise);
        }
        at = matcher.end();
        return matcher;
    }

    private char peek() {
        return source.charAt(at);
    }

    private char next() {
        if (at == source.length()) {
            throw refuse("an escape of nothing");
        }
        return source.charAt(at++);
    }

    private boolean accept(char c) {
        if (at < source.length() && source.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }

    private IllegalArgumentException refuse(String what) {
        return new IllegalArgumentException("has at character " + at + " " + what);
    }
}
