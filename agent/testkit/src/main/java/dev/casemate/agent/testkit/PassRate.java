package dev.casemate.agent.testkit;

import java.util.Locale;

/// How many of some runs passed, and the 95 % confidence interval of the rate behind it.
///
/// Source: E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference",
/// 1927: the score interval, without continuity correction. It stays within 0 and 1 and says
/// something of 20 passes in 20 runs, where the plain normal interval says "certain".
///
/// @param passed of `runs`
public record PassRate(int passed, int runs) {

    /// Of the standard normal distribution, two-sided 95 %.
    private static final double Z = 1.959963984540054;

    public PassRate {
        if (passed < 0 || passed > runs) {
            throw new IllegalArgumentException("expected no more passes than runs");
        }
    }

    /// The share that passed; 0 if nothing ran.
    public double rate() {
        return runs == 0 ? 0 : (double) passed / runs;
    }

    /// The lower end of the interval; 0 if nothing ran.
    public double lower() {
        return passed == 0 ? 0 : Math.max(0, centre() - half());
    }

    /// The upper end of the interval; 1 if nothing ran.
    public double upper() {
        return passed == runs ? 1 : Math.min(1, centre() + half());
    }

    private double centre() {
        return (rate() + Z * Z / (2 * runs)) / (1 + Z * Z / runs);
    }

    private double half() {
        double spread = rate() * (1 - rate()) / runs + Z * Z / (4.0 * runs * runs);
        return Z * Math.sqrt(spread) / (1 + Z * Z / runs);
    }

    PassRate plus(PassRate other) {
        return new PassRate(passed + other.passed, runs + other.runs);
    }

    /// For example `39/40, 97.5 % (87.1 to 99.6)`.
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%d/%d, %.1f %% (%.1f to %.1f)",
                passed,
                runs,
                100 * rate(),
                100 * lower(),
                100 * upper());
    }
}
