package dev.casemate.proxy.gateway;

import dev.casemate.manifest.Json;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/// What an upstream's error status becomes for the agent.
///
/// Two of them an agent can act on, and gets as such: that it asked too often, with the time to
/// wait, and that its conversation has become too long. Every other is a failure of the upstream.
/// Nothing of the upstream's own words goes on; they are in the record.
final class UpstreamRefusal {

    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}(\\.[0-9]{1,9})?");
    private static final Duration MAX_WAIT = Duration.ofDays(1);
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int BAD_REQUEST = 400;

    private UpstreamRefusal() {}

    /// @param header gives the value of a header of the answer
    static GatewayException of(int status, byte[] body, Function<String, Optional<String>> header) {
        var code = code(body);
        if (status == TOO_MANY_REQUESTS && !code.equals(Optional.of("insufficient_quota"))) {
            var refusal =
                    new GatewayException(
                            ErrorCode.RATE_LIMIT_EXCEEDED,
                            "the upstream is asked too often: ask again later");
            return wait(header).map(refusal::again).orElse(refusal);
        } else if (status == BAD_REQUEST
                && code.equals(Optional.of(ErrorCode.CONTEXT_LENGTH_EXCEEDED.word()))) {
            return new GatewayException(
                    ErrorCode.CONTEXT_LENGTH_EXCEEDED,
                    "expected a conversation that fits into the model's context");
        }
        return AnswerReader.failed("status 200, not " + status + ",");
    }

    private static Optional<String> code(byte[] body) {
        try {
            return WireJson.read(body) instanceof Json.Obj json
                            && json.get("error").orElse(null) instanceof Json.Obj error
                    ? error.text("code")
                    : Optional.empty();
        } catch (WireJson.MalformedException e) {
            // Cut off at the limit, or no JSON: then it has no code.
            return Optional.empty();
        }
    }

    private static Optional<Duration> wait(Function<String, Optional<String>> header) {
        return amount(header.apply("retry-after-ms"), 1_000_000)
                .or(() -> amount(header.apply("retry-after"), 1_000_000_000));
    }

    private static Optional<Duration> amount(Optional<String> value, long unitNanos) {
        return value.map(String::strip)
                .filter(text -> NUMBER.matcher(text).matches())
                .map(text ->
                        new BigDecimal(text)
                                .multiply(BigDecimal.valueOf(unitNanos))
                                .min(BigDecimal.valueOf(MAX_WAIT.toNanos())))
                .map(nanos -> Duration.ofNanos(nanos.longValue()));
    }
}
