package dev.casemate.proxy.gateway;

import dev.casemate.manifest.Correlation;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Who asks, and what for: what the headers of a request say, after the credential was checked.
///
/// @param exchange the id that this gateway gave to the exchange
/// @param traceparent W3C Trace Context, if it is well formed: the agent's span that asks, by which
///   its spans and this exchange are joined
record Caller(
        String exchange,
        AgentRegistry.Identity identity,
        Correlation correlation,
        Optional<String> traceparent) {

    /// The id of a workflow or transaction that the agent did not name.
    static final String NONE = "none";

    private static final Pattern TRACE =
            Pattern.compile("00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

    static Optional<String> traceparent(Optional<String> header) {
        return header.filter(value -> TRACE.matcher(value).matches());
    }

    /// Reads the `baggage` header. What is absent or not an id becomes the exchange's own id as the
    /// run, and [#NONE] as workflow and transaction: it correlates, it grants nothing.
    static Correlation correlation(String exchange, Optional<String> baggage) {
        Map<String, String> ids = new HashMap<>();
        for (var member : baggage.orElse("").split(",", -1)) {
            var pair = member.split(";", 2)[0];
            int equals = pair.indexOf('=');
            if (equals > 0) {
                ids.putIfAbsent(
                        pair.substring(0, equals).strip(), pair.substring(equals + 1).strip());
            }
        }
        return new Correlation(
                id(ids, Correlation.RUN_KEY, exchange),
                id(ids, Correlation.WORKFLOW_KEY, NONE),
                id(ids, Correlation.TRANSACTION_KEY, NONE));
    }

    private static String id(Map<String, String> ids, String key, String fallback) {
        var id = ids.getOrDefault(key, fallback);
        return Correlation.isId(id) ? id : fallback;
    }
}
