package dev.casemate.agent.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PortablePatternTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[A-Z]{2,6}",
                "^[a-z]+(-[a-z]+)*$",
                "\\d{4}-\\d{2}-\\d{2}",
                "(?:a|b|)c*?",
                "[^\\s,;]+",
                "\\S+ \\s*x",
                ".*",
                "\\p{L}[\\p{L}\\p{Nd} '\\-]*",
                "[-a]|[a-]",
                "\\$\\d+(\\.\\d\\d)?",
                "a/b}]",
                "[a^.*$&]",
                "\\x41\\u00e4\\t",
                "\u00e4|\ud83d\ude00",
                ""
            })
    void aPortablePatternMeansTheSame(String source) {
        var random = new Random(7);
        var original = Pattern.compile(source);
        var portable = PortablePattern.of(source);
        for (int i = 0; i < 2_000; i++) {
            var text = text(random, source);
            assertThat(Pattern.matches(portable, text))
                    .as("%s as %s on %s", source, portable, text)
                    .isEqualTo(original.matcher(text).matches());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(?=a)",
                "(?<name>a)",
                "(?i)a",
                "(?>a)",
                "(a)\\1",
                "\\bword",
                "\\Aword",
                "\\Qa.b\\E",
                "\\h",
                "\\R",
                "\\p{Alpha}",
                "\\pL",
                "a++",
                "a*+",
                "a{2}+",
                "a**",
                "*a",
                "a{,2}",
                "a{5000}",
                "a{3,2}",
                "{",
                "a^b",
                "(a$)",
                "^*",
                "[a[b]]",
                "[a&&b]",
                "[]",
                "[]a]",
                "[a-z-9]",
                "[\\d-z]",
                "[z-a]",
                "[\\S]",
                "[a",
                "[",
                "(a",
                "a)",
                "\\",
                "\\x4",
                "\\ud800",
                "\ud800"
            })
    void aPatternThatMeansDifferentThingsIsRefused(String source) {
        assertThatThrownBy(() -> PortablePattern.of(source))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("has at character ");
    }

    @Test
    void anInvisibleCharacterIsWrittenVisibly() {
        assertThat(PortablePattern.of("\u200b\u0001\u00e4")).isEqualTo("\\u200B\\x01\u00e4");
    }

    @Test
    void depthAndLengthAreBounded() {
        assertThatThrownBy(() -> PortablePattern.of("(".repeat(100) + ")".repeat(100)))
                .hasMessageContaining("groups inside each other");
        assertThatThrownBy(() -> PortablePattern.of("a".repeat(1_001)))
                .hasMessageContaining("1000 characters");
    }

    @Test
    void randomPatternsMeanTheSameOrAreRefused() {
        var random = new Random(11);
        int portable = 0;
        for (int i = 0; i < 30_000; i++) {
            portable += sameOrRefused(random, pattern(random)) ? 1 : 0;
        }
        // The comparison has to have seen enough.
        assertThat(portable).isGreaterThan(3_000);
    }

    /// @return whether it was compared
    static boolean sameOrRefused(Random random, String source) {
        Pattern original;
        try {
            original = Pattern.compile(source);
        } catch (PatternSyntaxException e) {
            return false;
        }
        String portable;
        try {
            portable = PortablePattern.of(source);
        } catch (IllegalArgumentException e) {
            return false;
        }
        var searched = Pattern.compile("^(?:" + portable + ")$");
        for (int i = 0; i < 20; i++) {
            var text = text(random, source);
            boolean expected = original.matcher(text).matches();
            assertThat(Pattern.matches(portable, text))
                    .as("%s as %s on %s", source, portable, text)
                    .isEqualTo(expected);
            assertThat(searched.matcher(text).matches()).isEqualTo(expected);
        }
        return true;
    }

    private static String pattern(Random random) {
        var parts =
                "a b Z 9 _ - ^ $ . * + ? { } ( ) [ ] | \\ / , : & \\d \\w \\s \\S \\D \\W \\. \\- {2} {1,}"
                        .split(" ", -1);
        var out = new StringBuilder();
        for (int i = random.nextInt(8); i >= 0; i--) {
            out.append(parts[random.nextInt(parts.length)]);
        }
        return out.toString();
    }

    // Mostly from the pattern's own characters, so that some match.
    private static String text(Random random, String source) {
        var alphabet = source + "abzABZ019_- \t\n\r\u000b\u0085\u00a0\u2028\u00e4.,;\ud83d\ude00";
        var points = alphabet.codePoints().toArray();
        var out = new StringBuilder();
        for (int i = random.nextInt(7); i > 0; i--) {
            out.appendCodePoint(points[random.nextInt(points.length)]);
        }
        return out.toString();
    }
}
