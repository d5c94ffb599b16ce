package dev.casemate.proxy.gateway;

import dev.casemate.manifest.Json;
import dev.casemate.proxy.policy.Verdict;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/// One exchange that does not go on: caught once, at the edge, and answered in the wire format's
/// own error shape.
///
/// The message is for the agent and its operator: it says what was expected and where, never what
/// was in the payload.
public final class GatewayException extends RuntimeException {

    private final ErrorCode code;
    private final Json.Obj evidence;
    private final Verdict verdict;
    private final Optional<Duration> retryAfter;

    GatewayException(ErrorCode code, String message) {
        this(code, message, Json.object().build());
    }

    /// @param evidence members for the ledger's record that the agent does not see
    GatewayException(ErrorCode code, String message, Json.Obj evidence) {
        this(code, message, evidence, Verdict.pass(), Optional.empty());
    }

    private GatewayException(
            ErrorCode code,
            String message,
            Json.Obj evidence,
            Verdict verdict,
            Optional<Duration> retryAfter) {
        super(message);
        this.code = Objects.requireNonNull(code);
        this.evidence = evidence;
        this.verdict = verdict;
        this.retryAfter = retryAfter;
    }

    /// A prompt that the policy blocks.
    static GatewayException blocked(String message, Verdict verdict) {
        return new GatewayException(
                ErrorCode.POLICY_BLOCKED,
                message,
                Json.object().put("verdict", verdict.toJson()).build(),
                verdict,
                Optional.empty());
    }

    GatewayException(ErrorCode code, String message, Throwable cause) {
        super(message, cause);
        this.code = Objects.requireNonNull(code);
        this.evidence = Json.object().build();
        this.verdict = Verdict.pass();
        this.retryAfter = Optional.empty();
    }

    public ErrorCode code() {
        return code;
    }

    Json.Obj evidence() {
        return evidence;
    }

    /// The same refusal with one more member for the ledger's record.
    GatewayException with(String name, Json value) {
        return new GatewayException(
                code, detail(), evidence.with(name, value), verdict, retryAfter);
    }

    /// The same refusal, which says when to ask again.
    GatewayException again(Duration after) {
        return new GatewayException(code, detail(), evidence, verdict, Optional.of(after));
    }

    Optional<Duration> retryAfter() {
        return retryAfter;
    }

    Verdict verdict() {
        return verdict;
    }

    String detail() {
        return Optional.ofNullable(getMessage()).orElse("");
    }
}
