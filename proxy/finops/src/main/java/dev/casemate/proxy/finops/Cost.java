package dev.casemate.proxy.finops;

import dev.casemate.proxy.finops.FinopsException.Code;
import java.math.BigDecimal;

/// An amount of money, exact, never negative.
///
/// @param nanoUsd billionths of a US dollar
public record Cost(long nanoUsd) implements Comparable<Cost> {

    public static final Cost ZERO = new Cost(0);

    private static final int NANO_DIGITS = 9;
    // Longer spellings are no price; BigDecimal would still expand their exponents.
    private static final int MAX_USD_CHARS = 32;

    public Cost {
        if (nanoUsd < 0) {
            throw new FinopsException(Code.INVALID_VALUE, "an amount is zero or more");
        }
    }

    /// @param usd dollars as a plain decimal, such as `0.15`, with at most nine decimals
    /// @throws FinopsException `INVALID_VALUE`, or `OVERFLOW` beyond about nine billion dollars
    public static Cost ofUsd(String usd) {
        if (usd.length() > MAX_USD_CHARS || !usd.matches("[0-9]+(\\.[0-9]{1,9})?")) {
            throw new FinopsException(
                    Code.INVALID_VALUE, "an amount in dollars is digits with at most 9 decimals");
        }
        try {
            return new Cost(new BigDecimal(usd).movePointRight(NANO_DIGITS).longValueExact());
        } catch (ArithmeticException e) {
            throw new FinopsException(Code.OVERFLOW, "an amount is below nine billion dollars");
        }
    }

    /// The same amount in dollars.
    public BigDecimal usd() {
        return BigDecimal.valueOf(nanoUsd, NANO_DIGITS);
    }

    /// @throws FinopsException `OVERFLOW`
    public Cost plus(Cost other) {
        try {
            return new Cost(Math.addExact(nanoUsd, other.nanoUsd));
        } catch (ArithmeticException e) {
            throw new FinopsException(Code.OVERFLOW, "a sum is below nine billion dollars");
        }
    }

    /// @throws FinopsException `INVALID_VALUE` if the other is larger
    public Cost minus(Cost other) {
        return new Cost(nanoUsd - other.nanoUsd);
    }

    @Override
    public int compareTo(Cost other) {
        return Long.compare(nanoUsd, other.nanoUsd);
    }
}
