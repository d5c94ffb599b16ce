package dev.casemate.agent.testkit;

import java.math.BigDecimal;
import java.util.Optional;

/// The pass rate that runs must reach.
///
/// @param rate at least this share of the runs passed; empty where only `lower` counts
/// @param lower the lower end of the confidence interval is at least this; empty where only `rate`
///   counts
record Threshold(Optional<BigDecimal> rate, Optional<BigDecimal> lower) {

    boolean isMetBy(PassRate measured) {
        return rate.map(share -> measured.rate() >= share.doubleValue()).orElse(true)
                && lower.map(share -> measured.lower() >= share.doubleValue()).orElse(true);
    }

    /// Whether one case by itself keeps to the rate; its few runs say nothing of an interval.
    boolean fits(PassRate ofCase) {
        return rate.map(share -> ofCase.rate() >= share.doubleValue())
                .orElse(ofCase.passed() == ofCase.runs());
    }

    String words() {
        return rate.map(share -> "rate at least " + share.toPlainString()).orElse("")
                + (rate.isPresent() && lower.isPresent() ? " and " : "")
                + lower.map(share -> "lower end at least " + share.toPlainString()).orElse("");
    }
}
