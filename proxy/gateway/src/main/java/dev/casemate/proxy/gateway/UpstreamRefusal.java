package dev.casemate.proxy.gateway;

import dev.casemate.manifest.Json;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
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
    private static final Set<Integer> FAILURES = Set.of(500, 502, 503, 504, 529);

    private static final Json.Obj NOTHING = Json.object().build();

    private UpstreamRefusal() {}

    /// Whether a status says that the upstream did nothing and charges nothing, so that another may
    /// be asked. 529 is how Anthropic says that it is overloaded.
    static boolean invitesAnother(int status) {
        return status == TOO_MANY_REQUESTS || isFailure(status);
    }

    /// Whether a status says that the upstream itself is not well.
    static boolean isFailure(int status) {
        return FAILURES.contains(status);
    }

    /// @param dialect that the upstream speaks
    /// @param header gives the value of a header of the answer
    static GatewayException of(
            Dialect dialect, int status, byte[] body, Function<String, Optional<String>> header) {
        var error = error(body);
        if (status == TOO_MANY_REQUESTS
                && !error.text("code").equals(Optional.of("insufficient_quota"))) {
            var refusal =
                    new GatewayException(
                            ErrorCode.RATE_LIMIT_EXCEEDED,
                            "the upstream is asked too often: ask again later");
            return wait(header).map(refusal::again).orElse(refusal);
        } else if (status == BAD_REQUEST && dialect.saysContextExceeded(error)) {
            return new GatewayException(
                    ErrorCode.CONTEXT_LENGTH_EXCEEDED,
                    "expected a conversation that fits into the model's context");
        }
        return AnswerReader.failed("status 200, not " + status + ",");
    }

    private static Json.Obj error(byte[] body) {
        try {
            if (WireJson.read(body) instanceof Json.Obj json
                    && json.get("error").orElse(null) instanceof Json.Obj error) {
                return error;
            }
        } catch (WireJson.MalformedException e) {
            // Cut off at the limit, or no JSON: then it says nothing.
            return NOTHING;
        }
        return NOTHING;
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
