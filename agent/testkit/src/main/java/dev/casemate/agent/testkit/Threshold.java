package dev.casemate.agent.testkit;

import java.math.BigDecimal;
import java.util.Optional;

/// The pass rate that runs must reach.
///
/// Runs of scripts are no sample of anything: an interval around them would say how many cases
/// there are. So `lower` counts only where a model was asked, and scripts that are held to nothing
/// else must all pass.
///
/// @param rate at least this share of the runs passed; empty where only `lower` counts
/// @param lower the lower end of the confidence interval is at least this; empty where only `rate`
///   counts
record Threshold(Optional<BigDecimal> rate, Optional<BigDecimal> lower) {

    /// @param sampled whether a model was asked
    boolean isMetBy(PassRate measured, boolean sampled) {
        if (!sampled && rate.isEmpty()) {
            return measured.passed() == measured.runs();
        }
        return rate.map(share -> measured.rate() >= share.doubleValue()).orElse(true)
                && (!sampled
                        || lower.map(share -> measured.lower() >= share.doubleValue())
                                .orElse(true));
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
