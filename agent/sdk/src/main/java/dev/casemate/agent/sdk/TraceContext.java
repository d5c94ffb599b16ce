package dev.casemate.agent.sdk;

import java.util.HexFormat;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/// Where in a trace something happens.
///
/// Source: W3C Trace Context, level 2.
///
/// @param traceId 32 hexadecimal digits, not all zero
/// @param spanId 16 hexadecimal digits, not all zero
public record TraceContext(String traceId, String spanId) {

    private static final Pattern TRACE = Pattern.compile("(?!0{32})[0-9a-f]{32}");
    private static final Pattern SPAN = Pattern.compile("(?!0{16})[0-9a-f]{16}");

    public TraceContext {
        if (!TRACE.matcher(traceId).matches() || !SPAN.matcher(spanId).matches()) {
            throw new IllegalArgumentException("expected ids of 32 and 16 hexadecimal digits");
        }
    }

    /// The first span of a new trace.
    static TraceContext drawn(RandomGenerator random) {
        return new TraceContext(hex(random, 16), hex(random, 8));
    }

    /// Another span of the same trace.
    TraceContext child(RandomGenerator random) {
        return new TraceContext(traceId, hex(random, 8));
    }

    /// The header `traceparent`, sampled.
    String traceparent() {
        return "00-" + traceId + "-" + spanId + "-01";
    }

    private static String hex(RandomGenerator random, int bytes) {
        var drawn = new byte[bytes];
        random.nextBytes(drawn);
        // All zeros is not a valid id.
        drawn[0] |= 1;
        return HexFormat.of().formatHex(drawn);
    }
}
