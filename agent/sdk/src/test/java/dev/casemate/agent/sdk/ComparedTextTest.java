package dev.casemate.agent.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ComparedTextTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "send 12",
                "SEND 12",
                " S e n d\t1\n2 ",
                "s-e-n-d: 1,2!",
                "s\u200be\u200cn\u200dd\ufeff12",
                "s\u00adend 12",
                "s\u3164e\u115fnd 12",
                "\uff33\uff25\uff2e\uff24 \uff11\uff12",
                "\ud835\udc2c\ud835\udc1e\ud835\udc27\ud835\udc1d 12",
                "s\u0301e\u0308nd 12",
                "\u015b\u00ebnd 12",
                "\u24e2\u24d4\u24dd\u24d3 \u2460\u2461",
                "send \u0661\u0662"
            })
    void writingItInAnotherWayChangesNothing(String text) {
        assertThat(ComparedText.of(text)).isEqualTo("send12");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-01-31",
                "2026-01-31T10:00Z",
                "2026-01-31T10:00:00.123456789+02:00",
                "2026-01-31 10:00:00"
            })
    void datesAndTimesSayNothing(String text) {
        assertThat(ComparedText.of("on " + text + " or so")).isEqualTo("onorso");
    }

    @Test
    void lettersWithSeveralFormsAreOneLetter() {
        assertThat(ComparedText.of("Stra\u00dfe \u03a3\u03bf\u03c6\u03cc\u03c2 \ufb01n"))
                .isEqualTo(ComparedText.of("STRASSE \u03a3\u039f\u03a6\u039f\u03a3 FIN"));
    }

    @Test
    void anIdeographCountsForThreeLetters() {
        assertThat(ComparedText.of("\u4ed8\u6b3e")).hasSize(6);
    }

    @Test
    @Timeout(10)
    void aLongRowOfMarksTakesNoLongerThanOtherText() {
        var marks = "\u0315".repeat(130_000) + "\u0300".repeat(130_000);
        assertThat(ComparedText.of("a" + marks + "b")).isEqualTo("ab");
    }
}
