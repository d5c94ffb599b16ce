package dev.casemate.agent.testkit;

import dev.casemate.agent.sdk.TokenCount;
import java.math.BigDecimal;

/// What a model costs, in US dollars per million tokens.
///
/// A test gives them: the kit knows no prices, because prices change and a test should not.
public record TokenPrices(BigDecimal inputUsdPerMillion, BigDecimal outputUsdPerMillion) {

    public TokenPrices {
        if (inputUsdPerMillion.signum() < 0 || outputUsdPerMillion.signum() < 0) {
            throw new IllegalArgumentException("expected prices that are not negative");
        }
    }

    /// @param input for example `"0.15"`
    /// @param output for example `"0.60"`
    public static TokenPrices usdPerMillion(String input, String output) {
        return new TokenPrices(new BigDecimal(input), new BigDecimal(output));
    }

    /// In US dollars, exactly.
    public BigDecimal cost(TokenCount tokens) {
        return inputUsdPerMillion
                .multiply(BigDecimal.valueOf(tokens.input()))
                .add(outputUsdPerMillion.multiply(BigDecimal.valueOf(tokens.output())))
                .movePointLeft(6);
    }
}
