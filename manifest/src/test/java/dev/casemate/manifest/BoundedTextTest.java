package dev.casemate.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class BoundedTextTest {

    private static final Pattern COSTLY = Pattern.compile("(a|aa)+b");

    @Test
    void aPatternThatBacktracksEndsAtTheBound() {
        var text = new BoundedText("a".repeat(300), 1_000);
        assertThatThrownBy(() -> COSTLY.matcher(text).matches())
                .isInstanceOf(BoundedText.Exhausted.class);
    }

    @Test
    void onePlainReadOfAllIsWithinItsLength() {
        var text = new BoundedText("abc", 3);
        assertThat(Pattern.compile("abc").matcher(text).matches()).isTrue();
        assertThatThrownBy(() -> text.charAt(0)).isInstanceOf(BoundedText.Exhausted.class);
    }

    @Test
    void whatMatchedIsTheTextsOwn() {
        var matcher = Pattern.compile("b(.)").matcher(new BoundedText("abcd", 100));
        assertThat(matcher.find()).isTrue();
        assertThat(matcher.group(1)).isEqualTo("c");
    }
}
