package dev.casemate.agent.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PassRateTest {

    /// Method 3 in R. G. Newcombe, "Two-sided confidence intervals for the single proportion",
    /// 1998, table I.
    @ParameterizedTest
    @CsvSource({
        "81,263,0.2553,0.3662",
        "15,148,0.0624,0.1605",
        "0,20,0,0.1611",
        "1,29,0.0061,0.1718"
    })
    void theIntervalIsThePublishedOne(int passed, int runs, double lower, double upper) {
        var rate = new PassRate(passed, runs);
        assertThat(rate.lower()).isCloseTo(lower, within(0.00005));
        assertThat(rate.upper()).isCloseTo(upper, within(0.00005));
        // And the same seen from the other side.
        var failed = new PassRate(runs - passed, runs);
        assertThat(failed.lower()).isCloseTo(1 - upper, within(0.00005));
        assertThat(failed.upper()).isCloseTo(1 - lower, within(0.00005));
    }

    @Test
    void nothingThatRanIsKnownToPass() {
        var none = new PassRate(0, 0);
        assertThat(none.rate()).isZero();
        assertThat(none.lower()).isZero();
        assertThat(none.upper()).isOne();
    }

    @Test
    void aThresholdOnTheLowerEndWantsMoreRunsThanOneOnTheRate() {
        var rate = new Threshold(Optional.of(BigDecimal.ONE), Optional.empty());
        var lower = new Threshold(Optional.empty(), Optional.of(new BigDecimal("0.9")));
        assertThat(rate.isMetBy(new PassRate(20, 20), true)).isTrue();
        assertThat(lower.isMetBy(new PassRate(20, 20), true)).isFalse();
        assertThat(lower.isMetBy(new PassRate(40, 40), true)).isTrue();
        assertThat(rate.isMetBy(new PassRate(39, 40), true)).isFalse();
    }

    @Test
    void scriptsAreNoSampleAndAreHeldToTheRateAlone() {
        var both = new Threshold(Optional.of(BigDecimal.ONE), Optional.of(new BigDecimal("0.9")));
        assertThat(both.isMetBy(new PassRate(3, 3), false)).isTrue();
        assertThat(both.isMetBy(new PassRate(3, 3), true)).isFalse();
        assertThat(both.isMetBy(new PassRate(2, 3), false)).isFalse();
        var lower = new Threshold(Optional.empty(), Optional.of(new BigDecimal("0.1")));
        assertThat(lower.isMetBy(new PassRate(39, 40), false)).isFalse();
        assertThat(lower.isMetBy(new PassRate(40, 40), false)).isTrue();
    }
}
