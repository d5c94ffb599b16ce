package dev.casemate.agent.testkit;

import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// Writes a text that a regular expression matches.
///
/// Knows literals, classes, groups, choices, repetition and anchors, which is what arguments of
/// tools are described with. What it does not know, for example a look-ahead, gives no text.
final class PatternText {

    /// Of `*`, `+` and `{n,}`: more than the least, at most.
    private static final int MORE = 4;

    /// Characters of a class are looked for here, first printable ASCII, then some beyond.
    private static final String ALPHABET = alphabet();

    private final Random random;
    private final String pattern;
    private int at;

    private PatternText(Random random, String pattern) {
        this.random = random;
        this.pattern = pattern;
    }

    private static String alphabet() {
        var all = new StringBuilder();
        for (char c = '!'; c <= '~'; c++) {
            all.append(c);
        }
        return all.append(" \t\u00e9\u03a9\u0416").toString();
    }

    /// @param pattern of `java.util.regex`
    static Optional<String> of(Random random, String pattern) {
        var writer = new PatternText(random, pattern);
        try {
            var text = writer.choices();
            return writer.at == pattern.length() ? Optional.of(text) : Optional.empty();
        } catch (Unknown | PatternSyntaxException e) {
            return Optional.empty();
        }
    }

    private String choices() {
        var chosen = sequence();
        int seen = 1;
        while (accept('|')) {
            var next = sequence();
            if (random.nextInt(++seen) == 0) {
                chosen = next;
            }
        }
        return chosen;
    }

    private String sequence() {
        var text = new StringBuilder();
        while (at < pattern.length() && pattern.charAt(at) != '|' && pattern.charAt(at) != ')') {
            if (accept('^') || accept('$')) {
                continue;
            }
            int begin = at;
            var first = atom();
            int end = at;
            int times = times();
            int after = at;
            for (int i = 0; i < times; i++) {
                if (i == 0) {
                    text.append(first);
                } else {
                    // The same atom again, which may choose differently.
                    at = begin;
                    text.append(atom());
                    if (at != end) {
                        throw new Unknown();
                    }
                }
            }
            at = after;
        }
        return text.toString();
    }

    private String atom() {
        char c = next();
        return switch (c) {
            case '(' -> group();
            case '[' -> ofClass(classText());
            case '\\' -> escaped();
            case '.' -> ofClass("[ -~]");
            case '*', '+', '?', '{' -> throw new Unknown();
            default -> String.valueOf(c);
        };
    }

    private String group() {
        if (accept('?') && !accept(':')) {
            throw new Unknown();
        }
        var text = choices();
        if (!accept(')')) {
            throw new Unknown();
        }
        return text;
    }

    private String classText() {
        int begin = at - 1;
        accept('^');
        // A bracket that comes first is meant as itself.
        accept(']');
        int depth = 1;
        while (depth > 0) {
            char c = next();
            if (c == '\\') {
                next();
            } else if (c == '[') {
                depth++;
            } else if (c == ']') {
                depth--;
            }
        }
        return pattern.substring(begin, at);
    }

    private String escaped() {
        char c = next();
        if (c == 'p' || c == 'P') {
            int begin = at;
            if (accept('{')) {
                while (!accept('}')) {
                    next();
                }
            } else {
                next();
            }
            return ofClass("\\" + c + pattern.substring(begin, at));
        } else if ("dDwWsS".indexOf(c) >= 0) {
            return ofClass("\\" + c);
        } else if (Character.isLetterOrDigit(c)) {
            // Boundaries, back references and named characters.
            throw new Unknown();
        }
        return String.valueOf(c);
    }

    private String ofClass(String text) {
        var matcher = Pattern.compile(text).matcher("");
        var members = new StringBuilder();
        for (int i = 0; i < ALPHABET.length(); i++) {
            if (matcher.reset(ALPHABET.substring(i, i + 1)).matches()) {
                members.append(ALPHABET.charAt(i));
            }
        }
        if (members.isEmpty()) {
            throw new Unknown();
        }
        return String.valueOf(members.charAt(random.nextInt(members.length())));
    }

    private int times() {
        int least = 1;
        int most = 1;
        if (accept('?')) {
            least = 0;
        } else if (accept('*')) {
            least = 0;
            most = MORE;
        } else if (accept('+')) {
            most = 1 + MORE;
        } else if (accept('{')) {
            least = number();
            most = least;
            if (accept(',')) {
                most = accept('}') ? least + MORE : closed(number());
            } else {
                closed(0);
            }
        } else {
            return 1;
        }
        // How eagerly it matches does not change what it matches.
        if (!accept('?')) {
            accept('+');
        }
        return least + random.nextInt(Math.max(0, Math.min(most, least + MORE) - least) + 1);
    }

    private int closed(int value) {
        if (!accept('}')) {
            throw new Unknown();
        }
        return value;
    }

    private int number() {
        int begin = at;
        while (at < pattern.length() && Character.isDigit(pattern.charAt(at)) && at < begin + 5) {
            at++;
        }
        if (begin == at) {
            throw new Unknown();
        }
        return Integer.parseInt(pattern.substring(begin, at));
    }

    private boolean accept(char wanted) {
        if (at < pattern.length() && pattern.charAt(at) == wanted) {
            at++;
            return true;
        }
        return false;
    }

    private char next() {
        if (at == pattern.length()) {
            throw new Unknown();
        }
        return pattern.charAt(at++);
    }

    /// The only way out of the parser; it never leaves this class.
    private static final class Unknown extends RuntimeException {
        private Unknown() {
            super("a form that is not known", null, false, false);
        }
    }
}
