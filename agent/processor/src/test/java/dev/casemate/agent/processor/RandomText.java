package dev.casemate.agent.processor;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// Draws texts that a portable pattern matches: the grammar is the one that [PortablePattern]
/// writes, without categories.
final class RandomText {

    /// Repetitions beyond the least that must be.
    private static final int MORE = 4;

    /// Characters that are drawn from a class: up to the combining ones.
    private static final int SOME = 0x300;

    private static final Map<String, List<String>> CLASSES = new HashMap<>();

    private final Random random;
    private final String pattern;
    private int at;

    private RandomText(Random random, String pattern) {
        this.random = random;
        this.pattern = pattern;
    }

    /// @param pattern of a schema; what stands between its anchors is drawn
    static String matching(Random random, String pattern) {
        boolean anchored = pattern.startsWith("^(?:") && pattern.endsWith(")$");
        var text =
                new RandomText(
                        random, anchored ? pattern.substring(1, pattern.length() - 1) : pattern);
        return text.alternatives();
    }

    private String alternatives() {
        var drawn = new ArrayList<String>();
        do {
            drawn.add(sequence());
        } while (accept('|'));
        return drawn.get(random.nextInt(drawn.size()));
    }

    private String sequence() {
        var out = new StringBuilder();
        while (at < pattern.length() && pattern.charAt(at) != '|' && pattern.charAt(at) != ')') {
            int from = at;
            var first = atom();
            int end = at;
            int count = count();
            int after = at;
            for (int i = 0; i < count; i++) {
                at = from;
                out.append(i == 0 ? first : atom());
            }
            at = Math.max(end, after);
        }
        return out.toString();
    }

    private String atom() {
        char c = pattern.charAt(at++);
        return switch (c) {
            case '(' -> group();
            case '[' -> characterClass();
            case '\\' -> escape();
            default -> String.valueOf(c);
        };
    }

    private String group() {
        at += 2;
        var inside = alternatives();
        at++;
        return inside;
    }

    private String escape() {
        char c = pattern.charAt(at++);
        return switch (c) {
            case 'd' -> String.valueOf(random.nextInt(10));
            case 'x' -> hexadecimal(2);
            case 'u' -> hexadecimal(4);
            case 't' -> "\t";
            case 'n' -> "\n";
            case 'f' -> "\f";
            case 'r' -> "\r";
            case 'p' -> {
                at = pattern.indexOf('}', at) + 1;
                yield random.nextBoolean() ? "\u00e4" : "Z";
            }
            default -> String.valueOf(c);
        };
    }

    private String hexadecimal(int digits) {
        at += digits;
        return Character.toString(Integer.parseInt(pattern.substring(at - digits, at), 16));
    }

    private String characterClass() {
        boolean not = accept('^');
        int start = at;
        int end = start;
        while (pattern.charAt(end) != ']') {
            end += pattern.charAt(end) == '\\' ? 2 : 1;
        }
        at = end + 1;
        var characters =
                CLASSES.computeIfAbsent(
                        "[" + (not ? "^" : "") + pattern.substring(start, end) + "]",
                        RandomText::members);
        return characters.get(random.nextInt(characters.size()));
    }

    private static List<String> members(String characterClass) {
        var matcher = Pattern.compile(characterClass).asMatchPredicate();
        return IntStream.range(0, SOME).mapToObj(Character::toString).filter(matcher).toList();
    }

    private int count() {
        if (at == pattern.length()) {
            return 1;
        }
        return switch (pattern.charAt(at)) {
            case '*' -> drawn(0, MORE);
            case '+' -> drawn(1, MORE);
            case '?' -> drawn(0, 1);
            case '{' -> {
                int end = pattern.indexOf('}', at);
                var bounds = pattern.substring(at + 1, end).split(",", -1);
                at = end;
                int from = Integer.parseInt(bounds[0]);
                yield bounds.length == 1
                        ? drawn(from, from)
                        : drawn(
                                from,
                                bounds[1].isEmpty() ? from + MORE : Integer.parseInt(bounds[1]));
            }
            default -> 1;
        };
    }

    private int drawn(int from, int to) {
        at++;
        return from + random.nextInt(to - from + 1);
    }

    private boolean accept(char c) {
        if (at < pattern.length() && pattern.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }
}
