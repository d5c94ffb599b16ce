package dev.casemate.agent.sdk;

import java.text.Normalizer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// The short texts in a tool's result that matter as they stand, however little they are: e-mail
/// addresses, URLs and their hosts, names of hosts and files; and whole values, such as a person's
/// or an account's name.
final class ToldNames {

    private static final int MIN_ADDRESS_CHARS = 6;
    private static final int MIN_DOTTED_CHARS = 8;
    private static final int MIN_VALUE_LETTERS = 12;

    private static final Pattern BETWEEN_WORDS = Pattern.compile("[\\s<>()\\[\\]{}\"'`,;|]+");
    private static final String EDGES = ".:!?";
    private static final Pattern MAIL = Pattern.compile("[\\p{L}\\p{N}][.]?@[\\p{L}\\p{N}]");
    private static final Pattern DOTTED = Pattern.compile("\\p{L}[.]\\p{L}");
    private static final String SCHEME_END = "://";
    private static final Pattern HOST_END = Pattern.compile("[/:?#].*", Pattern.DOTALL);

    private final Set<String> names = new HashSet<>();

    private ToldNames() {}

    /// @param texts of one result
    /// @return as [ComparedText]; shorter than [Provenance#RUN_CHARS], since what is longer is seen
    ///   without its borders
    static Set<String> in(List<String> texts) {
        var told = new ToldNames();
        for (var text : texts) {
            var whole = ComparedText.of(text);
            if (whole.codePoints().filter(Character::isLetter).count() >= MIN_VALUE_LETTERS) {
                told.add(whole, MIN_VALUE_LETTERS);
            }
            var visible = ComparedText.visible(text, Normalizer.Form.NFKC);
            BETWEEN_WORDS.splitAsStream(visible).map(ToldNames::withoutEdges).forEach(told::word);
        }
        return told.names;
    }

    private static String withoutEdges(String word) {
        int from = 0;
        int to = word.length();
        while (from < to && EDGES.indexOf(word.charAt(from)) >= 0) {
            from++;
        }
        while (from < to && EDGES.indexOf(word.charAt(to - 1)) >= 0) {
            to--;
        }
        return word.substring(from, to);
    }

    private void word(String word) {
        int scheme = word.indexOf(SCHEME_END);
        if (scheme >= 0) {
            var place = word.substring(scheme + SCHEME_END.length());
            add(ComparedText.of(word), MIN_ADDRESS_CHARS);
            add(ComparedText.of(place), MIN_ADDRESS_CHARS);
            add(ComparedText.of(HOST_END.matcher(place).replaceFirst("")), MIN_ADDRESS_CHARS);
        } else if (MAIL.matcher(word).find()) {
            add(ComparedText.of(word), MIN_ADDRESS_CHARS);
        } else if (DOTTED.matcher(word).find()) {
            add(ComparedText.of(word), MIN_DOTTED_CHARS);
        }
    }

    private void add(String name, int minChars) {
        if (name.length() >= minChars && name.length() < Provenance.RUN_CHARS) {
            names.add(name);
        }
    }
}
