package dev.casemate.proxy.policy;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;

/// Brings every way of writing a letter down to one.
///
/// Three steps, each a look-up in a table that is computed once:
/// - [#plain(int)] undoes what is not visible or only typographic: zero-width and other format
///   characters and combining marks vanish, full-width, mathematical, circled and tag characters
///   become ASCII (NFKD). Case and punctuation stay.
/// - [#word(char)] makes a letter of a plain character: lower case, Cyrillic, Greek and other
///   letters that look Latin become Latin; all that is neither letter nor digit is a [#GAP].
/// - [#compact(char)] reads digits and symbols as the letters that they imitate; `l` is `i`, as
///   nobody can say which of them `1` stands for.
final class Fold {

    /// A character that leaves no trace.
    static final char DROPPED = 0;

    /// What stands between words.
    static final char GAP = ' ';

    // Private-use characters stand for expansions such as "fi" (from one ligature); those of the
    // input become the replacement character first.
    private static final char EXPANSIONS_FROM = '\uE000';
    private static final char REPLACEMENT = '\uFFFD';
    private static final int MATHEMATICAL = 0x1D400;
    private static final int ENCLOSED = 0x1F100;

    private static final String LOOKALIKES =
            "аaвbсcԁdеeгrһhнhіiјjкkмmоoрpԛqѕsтtυuѵvԝwхxуyьbпnӏl"
                    + "ΗhΝnΥyΡpαaβbγyεeζzηnιiκkμuνvοoρpςcτtχxωwσo"
                    + "օoսuհhոnցgզqյj"
                    + "ıiȷjɑaɡgɩiʏyᴀaʙbᴄcᴅdᴇeꜰfɢgʜhɪiᴊjᴋkʟlᴍmɴnᴏoᴘpʀrꜱsᴛtᴜuᴠvᴡwᴢzøołlđdħhßs";
    private static final String DISGUISES = "0o1i2z3e4a5s6g7t8b9g@a$s!i|i+t€e£i¢c¥y©c®r§s";

    private static final List<String> EXPANSIONS = new ArrayList<>();
    private static final char[] PLAIN = new char[0x10000];
    private static final char[] MATHEMATICAL_PLAIN = new char[0x400];
    private static final char[] ENCLOSED_PLAIN = new char[0x100];
    private static final char[] WORD = new char[0x10000];
    private static final char[] COMPACT = new char[0x10000];

    static {
        for (int c = 0; c < PLAIN.length; c++) {
            PLAIN[c] = plainOf(c);
        }
        for (int i = 0; i < MATHEMATICAL_PLAIN.length; i++) {
            MATHEMATICAL_PLAIN[i] = normalized(MATHEMATICAL + i);
        }
        for (int i = 0; i < ENCLOSED_PLAIN.length; i++) {
            ENCLOSED_PLAIN[i] = enclosed(ENCLOSED + i);
        }
        for (int c = 0; c < WORD.length; c++) {
            char lower = Character.toLowerCase((char) c);
            WORD[c] = Character.isLetterOrDigit(lower) ? lower : GAP;
        }
        // Twice: what stands in the table in its lower-case form has an upper-case one, too.
        for (int i = 0; i < LOOKALIKES.length(); i += 2) {
            char upper = Character.toUpperCase(LOOKALIKES.charAt(i));
            if (LOOKALIKES.indexOf(upper) < 0 && upper >= 0x80) {
                WORD[upper] = LOOKALIKES.charAt(i + 1);
            }
        }
        for (int i = 0; i < LOOKALIKES.length(); i += 2) {
            WORD[LOOKALIKES.charAt(i)] = LOOKALIKES.charAt(i + 1);
        }
        for (int c = 0; c < COMPACT.length; c++) {
            char word = WORD[c];
            COMPACT[c] = word == GAP ? DROPPED : word == 'l' ? 'i' : word;
        }
        for (int i = 0; i < DISGUISES.length(); i += 2) {
            COMPACT[DISGUISES.charAt(i)] = DISGUISES.charAt(i + 1);
        }
    }

    private Fold() {}

    /// The plain character of a code point, [#DROPPED], or one that [#isExpansion] knows.
    static char plain(int codePoint) {
        if (codePoint < PLAIN.length) {
            return PLAIN[codePoint];
        } else if (codePoint >= MATHEMATICAL && codePoint < MATHEMATICAL + 0x400) {
            return MATHEMATICAL_PLAIN[codePoint - MATHEMATICAL];
        } else if (codePoint >= ENCLOSED && codePoint < ENCLOSED + 0x100) {
            return ENCLOSED_PLAIN[codePoint - ENCLOSED];
        } else if (codePoint >= 0xE0020 && codePoint <= 0xE007E) {
            return (char) (codePoint - 0xE0000);
        } else if (codePoint >= 0xE0000 && codePoint <= 0xE0FFF) {
            return DROPPED;
        }
        return REPLACEMENT;
    }

    static boolean isExpansion(char plain) {
        return plain >= EXPANSIONS_FROM && plain < EXPANSIONS_FROM + EXPANSIONS.size();
    }

    /// The characters that one stands for.
    static String expansion(char plain) {
        return EXPANSIONS.get(plain - EXPANSIONS_FROM);
    }

    /// The letter or digit of a plain character, or [#GAP].
    static char word(char plain) {
        return WORD[plain];
    }

    /// The letter that a plain character is or imitates, or [#DROPPED].
    static char compact(char plain) {
        return COMPACT[plain];
    }

    /// A phrase as the word view shows it: words with one gap between them, none at the ends.
    static String words(String text) {
        var out = new StringBuilder();
        text.codePoints()
                .forEach(codePoint -> {
                    char plain = plain(codePoint);
                    if (isExpansion(plain)) {
                        expansion(plain).chars().forEach(c -> append(out, word((char) c)));
                    } else if (plain != DROPPED) {
                        append(out, word(plain));
                    }
                });
        return out.toString().strip();
    }

    private static void append(StringBuilder out, char word) {
        if (word != GAP || out.isEmpty() || out.charAt(out.length() - 1) != GAP) {
            out.append(word);
        }
    }

    private static char plainOf(int c) {
        if (c == '\t' || c == '\n' || c == '\r' || (c >= ' ' && c < 0x7F)) {
            return (char) c;
        } else if (Character.isSurrogate((char) c)
                || Character.getType(c) == Character.PRIVATE_USE) {
            return REPLACEMENT;
        } else if (c == 0x2800 || c == 0x3164 || c == 0x115F || c == 0x1160 || c == 0xFFA0) {
            return GAP;
        } else if (c == 0x85 || c == 0x2028 || c == 0x2029) {
            return '\n';
        }
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.NON_SPACING_MARK,
                    Character.ENCLOSING_MARK ->
                    DROPPED;
            default -> normalized(c);
        };
    }

    private static char normalized(int codePoint) {
        char same = codePoint < 0x10000 ? (char) codePoint : REPLACEMENT;
        if (codePoint >= 0xAC00 && codePoint <= 0xD7A3) {
            return same;
        }
        var decomposed = Normalizer.normalize(Character.toString(codePoint), Normalizer.Form.NFKD);
        var kept = new StringBuilder();
        for (int i = 0; i < decomposed.length(); i++) {
            if (Character.getType(decomposed.charAt(i)) != Character.NON_SPACING_MARK) {
                kept.append(decomposed.charAt(i));
            }
        }
        if (kept.length() == 1) {
            return kept.charAt(0);
        } else if (kept.length() > 1 && kept.chars().allMatch(c -> c >= ' ' && c < 0x7F)) {
            EXPANSIONS.add(kept.toString());
            return (char) (EXPANSIONS_FROM + EXPANSIONS.size() - 1);
        }
        return same;
    }

    /// Letters in circles, squares and flags, of which NFKD knows only some.
    private static char enclosed(int codePoint) {
        if (codePoint >= 0x1F1E6) {
            return (char) ('a' + codePoint - 0x1F1E6);
        } else if (codePoint >= 0x1F150 && codePoint <= 0x1F169) {
            return (char) ('a' + codePoint - 0x1F150);
        } else if (codePoint >= 0x1F170 && codePoint <= 0x1F189) {
            return (char) ('a' + codePoint - 0x1F170);
        }
        return normalized(codePoint);
    }
}
