package dev.casemate.proxy.finops;

import dev.casemate.manifest.Json;
import dev.casemate.proxy.finops.FinopsException.Code;
import java.math.BigDecimal;
import java.util.Set;

/// Tokens of one exchange, or the sum of several.
///
/// @param inputTokens everything that the model read, cached tokens included
/// @param cachedInputTokens the part of it that the provider had cached
/// @param outputTokens everything that the model wrote, reasoning included
public record Usage(long inputTokens, long cachedInputTokens, long outputTokens) {

    public static final Usage NONE = new Usage(0, 0, 0);

    /// More than any model takes; keeps a provider's nonsense from overflowing a sum.
    public static final long MAX_TOKENS_READ = 1_000_000_000;

    private static final Set<String> MEMBERS =
            Set.of("inputTokens", "cachedInputTokens", "outputTokens");

    public Usage {
        if (inputTokens < 0 || cachedInputTokens < 0 || outputTokens < 0) {
            throw new FinopsException(Code.INVALID_VALUE, "token counts are zero or more");
        }
        if (cachedInputTokens > inputTokens) {
            throw new FinopsException(
                    Code.INVALID_VALUE, "cached input tokens are a part of the input tokens");
        }
    }

    /// @throws FinopsException `OVERFLOW`
    public Usage plus(Usage other) {
        try {
            return new Usage(
                    Math.addExact(inputTokens, other.inputTokens),
                    Math.addExact(cachedInputTokens, other.cachedInputTokens),
                    Math.addExact(outputTokens, other.outputTokens));
        } catch (ArithmeticException e) {
            throw new FinopsException(Code.OVERFLOW, "a sum of tokens fits into 63 bits");
        }
    }

    /// `{"inputTokens","cachedInputTokens","outputTokens"}`.
    public Json.Obj toJson() {
        return Json.object()
                .put("inputTokens", inputTokens)
                .put("cachedInputTokens", cachedInputTokens)
                .put("outputTokens", outputTokens)
                .build();
    }

    /// Reads what [#toJson] writes.
    ///
    /// @throws FinopsException `INVALID_VALUE` for anything else, or above [#MAX_TOKENS_READ]
    public static Usage read(Json.Obj json) {
        if (!json.members().keySet().equals(MEMBERS)) {
            throw new FinopsException(
                    Code.INVALID_VALUE,
                    "usage has inputTokens, cachedInputTokens and outputTokens, and nothing else");
        }
        return new Usage(
                tokens(json, "inputTokens"),
                tokens(json, "cachedInputTokens"),
                tokens(json, "outputTokens"));
    }

    private static long tokens(Json.Obj json, String name) {
        if (json.get(name).orElse(null) instanceof Json.Num(var value)
                && value.scale() <= 0
                && value.signum() >= 0
                && value.compareTo(BigDecimal.valueOf(MAX_TOKENS_READ)) <= 0) {
            return value.longValueExact();
        }
        throw new FinopsException(
                Code.INVALID_VALUE, name + " is a whole number from 0 to " + MAX_TOKENS_READ);
    }
}
