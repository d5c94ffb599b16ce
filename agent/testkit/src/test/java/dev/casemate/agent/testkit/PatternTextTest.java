package dev.casemate.agent.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PatternTextTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X[A-Z]{2}",
                "^(?:X[A-Z]{2})$",
                "[A-Z]{2,6}",
                "[a-z][a-z0-9-]*",
                "(a|b|cd)+e?",
                "\\d{4}-\\d{2}",
                "\\p{Lu}\\p{L}*",
                "[^\\x00-\\x20]",
                "[]a-c]{3}",
                "[a-z&&[^b]]+",
                "a.c\\.d\\-",
                "x{0}y{2,}",
                "(?:a{2}|[0-9]{3}?)++",
                ""
            })
    void aTextIsWrittenThatThePatternMatches(String pattern) {
        for (int seed = 0; seed < 200; seed++) {
            var text = PatternText.of(new Random(seed), pattern).orElseThrow();
            assertThat(Pattern.compile(pattern).matcher(text).matches())
                    .as("%s with seed %d: %s", pattern, seed, text)
                    .isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"(?=a)b", "(a)\\1", "\\bword", "[", "(", "a)", "*", "(?<n>a)", "\\", "a{"})
    void aFormThatIsNotKnownGivesNoText(String pattern) {
        assertThat(PatternText.of(new Random(1), pattern)).isEmpty();
    }
}
