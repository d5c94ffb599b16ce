package dev.casemate.proxy.finops;

import dev.casemate.proxy.finops.FinopsException.Code;
import java.math.BigInteger;

/// What one model costs, per million tokens.
///
/// @param perMillionCachedInput for the cached part of the input, instead of the other price
public record Price(
        String model, Cost perMillionInput, Cost perMillionCachedInput, Cost perMillionOutput) {

    /// A million dollars per million tokens; with [Usage#MAX_TOKENS_READ] no cost overflows.
    public static final Cost MAX_PER_MILLION = new Cost(1_000_000_000_000_000L);

    private static final BigInteger MILLION = BigInteger.valueOf(1_000_000);

    public Price {
        if (model.isBlank()) {
            throw new FinopsException(Code.INVALID_VALUE, "a price names its model");
        }
        if (perMillionInput.compareTo(MAX_PER_MILLION) > 0
                || perMillionCachedInput.compareTo(MAX_PER_MILLION) > 0
                || perMillionOutput.compareTo(MAX_PER_MILLION) > 0) {
            throw new FinopsException(
                    Code.INVALID_VALUE, "a million tokens cost at most a million dollars");
        }
    }

    /// Exact to the nano-dollar, rounded up once.
    ///
    /// @throws FinopsException `OVERFLOW`
    public Cost of(Usage usage) {
        long fresh = usage.inputTokens() - usage.cachedInputTokens();
        return perMillion(
                product(fresh, perMillionInput)
                        .add(product(usage.cachedInputTokens(), perMillionCachedInput))
                        .add(product(usage.outputTokens(), perMillionOutput)));
    }

    /// The most that an exchange can cost: a token is at least one byte of UTF-8, so the bytes of
    /// the whole request body bound its input tokens, the marks between messages included (each
    /// message's JSON is longer than they are). It does not hold for images or files that a request
    /// only names.
    ///
    /// @throws FinopsException `OVERFLOW`, or `INVALID_VALUE` for a negative number
    public Cost worstCase(long inputBytes, long maxOutputTokens) {
        if (inputBytes < 0 || maxOutputTokens < 0) {
            throw new FinopsException(Code.INVALID_VALUE, "bytes and tokens are zero or more");
        }
        var input =
                perMillionInput.compareTo(perMillionCachedInput) >= 0
                        ? perMillionInput
                        : perMillionCachedInput;
        return perMillion(
                product(inputBytes, input).add(product(maxOutputTokens, perMillionOutput)));
    }

    private static BigInteger product(long tokens, Cost perMillion) {
        return BigInteger.valueOf(tokens).multiply(BigInteger.valueOf(perMillion.nanoUsd()));
    }

    private static Cost perMillion(BigInteger product) {
        var parts = product.divideAndRemainder(MILLION);
        var nano = parts[1].signum() == 0 ? parts[0] : parts[0].add(BigInteger.ONE);
        if (nano.bitLength() > 63) {
            throw new FinopsException(Code.OVERFLOW, "a cost is below nine billion dollars");
        }
        return new Cost(nano.longValueExact());
    }
}
