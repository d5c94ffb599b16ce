package dev.casemate.agent.sdk;

import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;

/// Text as it is compared: only what it says, not how it is written.
///
/// Of a text there remain letters and digits, without case, accents, width and style. White space,
/// punctuation and everything invisible is gone, and so are dates and times in ISO 8601, which say
/// nothing of where a text came from.
final class ComparedText {

    /// One ideograph says about as much as this many letters.
    private static final int LETTERS_OF_AN_IDEOGRAPH = 3;

    private static final Pattern MOMENT =
            Pattern.compile(
                    "\\d{4}-\\d{2}-\\d{2}"
                            + "(?:[Tt ]\\d{2}:\\d{2}(?::\\d{2}(?:[.,]\\d{1,9})?)?"
                            + "(?:[Zz]|[+-]\\d{2}:?\\d{2})?)?");

    private ComparedText() {}

    static String of(String text) {
        var plain = visible(text, Normalizer.Form.NFKD);
        // Capitals first: some letters have two of them.
        return bare(MOMENT.matcher(plain).replaceAll(" ").toUpperCase(Locale.ROOT));
    }

    /// The text in one normal form, without marks and without what shows nothing.
    static String visible(String text, Normalizer.Form form) {
        // Before as well: to bring a long row of marks into order takes the square of its length.
        return withoutInvisible(Normalizer.normalize(withoutInvisible(text), form));
    }

    private static String withoutInvisible(String text) {
        var visible = new StringBuilder(text.length());
        text.codePoints().filter(c -> !isInvisible(c)).forEach(visible::appendCodePoint);
        return visible.toString();
    }

    private static String bare(String text) {
        var bare = new StringBuilder(text.length());
        text.codePoints()
                .filter(Character::isLetterOrDigit)
                .forEach(c -> {
                    int plain = Character.toLowerCase(digit(c));
                    int times = Character.isIdeographic(c) ? LETTERS_OF_AN_IDEOGRAPH : 1;
                    for (int i = 0; i < times; i++) {
                        bare.appendCodePoint(plain);
                    }
                });
        return bare.toString();
    }

    private static int digit(int codePoint) {
        return Character.getType(codePoint) == Character.DECIMAL_DIGIT_NUMBER
                ? '0' + Character.digit(codePoint, 10)
                : codePoint;
    }

    private static boolean isInvisible(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.FORMAT,
                    Character.NON_SPACING_MARK,
                    Character.ENCLOSING_MARK,
                    Character.COMBINING_SPACING_MARK ->
                    true;
            // Hangul fillers are letters that show nothing.
            default ->
                    codePoint == 0x115F
                            || codePoint == 0x1160
                            || codePoint == 0x3164
                            || codePoint == 0xFFA0;
        };
    }
}
