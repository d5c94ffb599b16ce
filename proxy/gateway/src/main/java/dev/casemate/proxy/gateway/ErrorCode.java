package dev.casemate.proxy.gateway;

import java.util.Locale;

/// Why an exchange was refused or failed: the `code` of the error that the agent sees, of the
/// ledger's record and of the metric.
public enum ErrorCode {
    MALFORMED_JSON(400, Type.INVALID_REQUEST),
    INVALID_REQUEST(400, Type.INVALID_REQUEST),
    /// The upstream speaks another wire format, which has no words for a part of the request.
    NOT_TRANSLATABLE(400, Type.INVALID_REQUEST),
    BODY_TOO_LARGE(413, Type.INVALID_REQUEST),
    UNKNOWN_ROUTE(404, Type.INVALID_REQUEST),
    UNKNOWN_AGENT(401, Type.AUTHENTICATION),
    /// An agent's credential where a launcher's belongs, or the other way round.
    CREDENTIAL_OF_ANOTHER_ROLE(403, Type.PERMISSION),
    /// The file of the agent's manifest is not the one that was admitted.
    MANIFEST_NOT_ADMITTED(403, Type.PERMISSION),
    UNKNOWN_MODEL(404, Type.INVALID_REQUEST),
    MODEL_NOT_IN_MANIFEST(403, Type.PERMISSION),
    TOOL_NOT_IN_MANIFEST(403, Type.PERMISSION),
    TOOL_DIFFERS_FROM_MANIFEST(403, Type.PERMISSION),
    POLICY_BLOCKED(403, Type.PERMISSION),
    BUDGET_EXCEEDED(429, Type.QUOTA),
    /// The model has no price in the configuration, so no budget could bound it.
    PRICE_UNKNOWN(403, Type.PERMISSION),
    LEDGER_UNAVAILABLE(503, Type.SERVER),
    UPSTREAM_UNREACHABLE(502, Type.SERVER),
    UPSTREAM_FAILED(502, Type.SERVER),
    UPSTREAM_TIMEOUT(504, Type.SERVER),
    /// The upstream wants to be asked less often.
    RATE_LIMIT_EXCEEDED(429, Type.RATE_LIMIT),
    /// The conversation does not fit into the model's context.
    CONTEXT_LENGTH_EXCEEDED(400, Type.INVALID_REQUEST),
    ANSWER_BLOCKED(403, Type.PERMISSION),
    ILLEGAL_TOOL_CALL(403, Type.PERMISSION),
    /// Spans whose resource is not the caller.
    SPANS_OF_ANOTHER_AGENT(403, Type.PERMISSION),
    OVERLOADED(503, Type.SERVER),
    /// A fault of the gateway's own. The exchange ends as safely as any other.
    INTERNAL_ERROR(500, Type.SERVER);

    /// The values of `type` in OpenAI's error object.
    private static final class Type {
        static final String INVALID_REQUEST = "invalid_request_error";
        static final String AUTHENTICATION = "authentication_error";
        static final String PERMISSION = "permission_error";
        static final String QUOTA = "insufficient_quota";
        static final String RATE_LIMIT = "rate_limit_error";
        static final String SERVER = "server_error";
    }

    private final int status;
    private final String type;

    ErrorCode(int status, String type) {
        this.status = status;
        this.type = type;
    }

    /// The HTTP status of an answer that carries it.
    public int status() {
        return status;
    }

    /// The `type` of OpenAI's error object.
    public String type() {
        return type;
    }

    /// The word for it on the wire, in the ledger and in metrics, for example `unknown_agent`.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Whether the same request, sent again unchanged, can only fail again or cost again.
    boolean forbidsRetry() {
        return this == BUDGET_EXCEEDED || this == LEDGER_UNAVAILABLE;
    }
}
