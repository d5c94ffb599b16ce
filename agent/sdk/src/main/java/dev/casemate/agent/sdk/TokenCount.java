package dev.casemate.agent.sdk;

/// Tokens of one or more answers.
///
/// @param input tokens of the prompt, cached ones included
/// @param output tokens that the model wrote
public record TokenCount(long input, long output) {

    public static final TokenCount NONE = new TokenCount(0, 0);

    public TokenCount {
        if (input < 0 || output < 0) {
            throw new IllegalArgumentException("expected token counts that are not negative");
        }
    }

    /// Both together; at most `Long.MAX_VALUE`.
    public long total() {
        return saturated(input, output);
    }

    public TokenCount plus(TokenCount other) {
        return new TokenCount(saturated(input, other.input), saturated(output, other.output));
    }

    private static long saturated(long one, long other) {
        return one > Long.MAX_VALUE - other ? Long.MAX_VALUE : one + other;
    }
}
