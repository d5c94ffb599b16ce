package dev.casemate.proxy.gateway;

import dev.casemate.manifest.Json;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// Reads the spans that an agent tells of its run: the JSON of OTLP/HTTP,
/// `ExportTraceServiceRequest`, of one agent and one trace.
///
/// What it does not know it refuses, as in a prompt, although OTLP would have it ignored: events,
/// links and free text could carry what belongs into a prompt's record, under the policy. For the
/// same reason the attributes in which the conventions put content are refused by their names.
///
/// Source: OpenTelemetry Protocol 1.11, "JSON Protobuf Encoding"; semantic conventions for
/// generative AI.
final class SpanReader {

    static final int MAX_SPANS = 256;
    static final int MAX_ATTRIBUTES = 64;
    static final int MAX_ITEMS = 32;
    static final int MAX_TEXT_CHARS = 1_024;

    private static final int MAX_RESOURCES = 16;
    private static final int MAX_KIND = 5;
    private static final int MAX_STATUS = 2;

    private static final Pattern TRACE_ID = Pattern.compile("(?!0{32})[0-9a-f]{32}");
    private static final Pattern SPAN_ID = Pattern.compile("(?!0{16})[0-9a-f]{16}");
    private static final Pattern UNSIGNED = Pattern.compile("[0-9]{1,20}");
    private static final Pattern SIGNED = Pattern.compile("-?[0-9]{1,19}");
    private static final BigInteger MAX_UNSIGNED = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);

    private static final Set<String> CONTENT =
            Set.of(
                    "gen_ai.completion",
                    "gen_ai.input.messages",
                    "gen_ai.output.messages",
                    "gen_ai.prompt",
                    "gen_ai.system_instructions",
                    "gen_ai.tool.call.arguments",
                    "gen_ai.tool.call.result",
                    "gen_ai.tool.definitions");

    /// What was told.
    ///
    /// @param trace the one trace that all of them belong to
    /// @param resourceSpans as they came
    record Told(String trace, int spans, Json resourceSpans) {}

    private final AgentRegistry.Identity caller;
    private final Set<String> traces = new HashSet<>();
    private int spans;

    private SpanReader(AgentRegistry.Identity caller) {
        this.caller = caller;
    }

    /// @throws GatewayException `MALFORMED_JSON`, `INVALID_REQUEST`, or `SPANS_OF_ANOTHER_AGENT` if
    ///   a resource is not the caller
    static Told read(byte[] body, AgentRegistry.Identity caller) {
        try {
            return new SpanReader(caller).request(WireJson.read(body));
        } catch (WireJson.MalformedException e) {
            throw new GatewayException(ErrorCode.MALFORMED_JSON, String.valueOf(e.getMessage()));
        }
    }

    private Told request(Json json) {
        var root = WireObject.of(json, "");
        var resources = list(root, "resourceSpans", MAX_RESOURCES);
        for (int i = 0; i < resources.size(); i++) {
            resource(WireObject.of(resources.get(i), "/resourceSpans/" + i));
        }
        root.end();
        if (traces.size() != 1) {
            throw root.refuse("resourceSpans", "spans of one trace");
        }
        return new Told(traces.iterator().next(), spans, root.take("resourceSpans"));
    }

    private static List<Json> list(WireObject object, String name, int most) {
        return object.findList(name, most).orElseThrow(() -> object.refuse(name, "an array"));
    }

    private void resource(WireObject resourceSpans) {
        var resource =
                WireObject.of(resourceSpans.take("resource"), resourceSpans.place("resource"));
        requireCaller(attributes(resource));
        resource.end();
        var scopes = list(resourceSpans, "scopeSpans", MAX_RESOURCES);
        for (int i = 0; i < scopes.size(); i++) {
            scope(WireObject.of(scopes.get(i), resourceSpans.place("scopeSpans") + "/" + i));
        }
        resourceSpans.end();
    }

    private void requireCaller(Map<String, Json> attributes) {
        var manifest = caller.admitted().manifest();
        var name = text(manifest.name());
        var digest = text(manifest.digest().value());
        boolean isCaller =
                name.equals(attributes.get("service.name"))
                        && name.equals(attributes.getOrDefault("gen_ai.agent.name", name))
                        && digest.equals(attributes.getOrDefault("gen_ai.agent.id", digest));
        if (!isCaller) {
            throw new GatewayException(
                    ErrorCode.SPANS_OF_ANOTHER_AGENT,
                    "expected the caller's own name as service.name, and its own name and manifest"
                            + " digest as gen_ai.agent.name and gen_ai.agent.id");
        }
    }

    private static Json text(String value) {
        return Json.object().put("stringValue", value).build();
    }

    private void scope(WireObject scopeSpans) {
        scopeSpans
                .find("scope")
                .map(json -> WireObject.of(json, scopeSpans.place("scope")))
                .ifPresent(scope -> {
                    scope.findWord("name");
                    scope.findWord("version");
                    scope.end();
                });
        var items = list(scopeSpans, "spans", MAX_SPANS);
        for (int i = 0; i < items.size(); i++) {
            span(WireObject.of(items.get(i), scopeSpans.place("spans") + "/" + i));
        }
        scopeSpans.end();
        spans += items.size();
        if (spans > MAX_SPANS) {
            throw scopeSpans.refuse("spans", "at most " + MAX_SPANS + " in one request");
        }
    }

    private void span(WireObject span) {
        traces.add(matching(span, "traceId", TRACE_ID, "32 hexadecimal digits"));
        matching(span, "spanId", SPAN_ID, "16 hexadecimal digits");
        span.findString("parentSpanId")
                .filter(id -> !id.isEmpty() && !SPAN_ID.matcher(id).matches())
                .ifPresent(_ -> {
                    throw span.refuse("parentSpanId", "16 hexadecimal digits");
                });
        limited(span, "name");
        choice(span, "kind", MAX_KIND);
        if (time(span, "endTimeUnixNano").compareTo(time(span, "startTimeUnixNano")) < 0) {
            throw span.refuse("endTimeUnixNano", "no time before the start");
        }
        attributes(span);
        span.find("status")
                .map(json -> WireObject.of(json, span.place("status")))
                .ifPresent(status -> {
                    choice(status, "code", MAX_STATUS);
                    status.end();
                });
        span.end();
    }

    private static String matching(
            WireObject object, String name, Pattern pattern, String expected) {
        return object.findString(name)
                .filter(text -> pattern.matcher(text).matches())
                .orElseThrow(() -> object.refuse(name, expected));
    }

    private static String limited(WireObject object, String name) {
        return object.findString(name)
                .filter(text -> !text.isEmpty() && text.length() <= MAX_TEXT_CHARS)
                .orElseThrow(
                        () -> object.refuse(name, "1 to %d characters".formatted(MAX_TEXT_CHARS)));
    }

    private static void choice(WireObject object, String name, int most) {
        object.findNumber(name)
                .filter(value ->
                        value.scale() > 0
                                || value.signum() < 0
                                || value.compareTo(java.math.BigDecimal.valueOf(most)) > 0)
                .ifPresent(_ -> {
                    throw object.refuse(name, "a whole number of 0 to " + most);
                });
    }

    private static BigInteger time(WireObject span, String name) {
        var expected = "nanoseconds as a string of digits";
        var value = new BigInteger(matching(span, name, UNSIGNED, expected));
        if (value.compareTo(MAX_UNSIGNED) > 0) {
            throw span.refuse(name, expected);
        }
        return value;
    }

    private static Map<String, Json> attributes(WireObject object) {
        var attributes = new HashMap<String, Json>();
        var items = object.findList("attributes", MAX_ATTRIBUTES).orElse(List.of());
        for (int i = 0; i < items.size(); i++) {
            var attribute = WireObject.of(items.get(i), object.place("attributes") + "/" + i);
            var key = limited(attribute, "key");
            var value = attribute.take("value");
            value(WireObject.of(value, attribute.place("value")), true);
            attribute.end();
            if (CONTENT.contains(key)) {
                throw attribute.refuse("key", "no prompt and no answer in an attribute");
            } else if (attributes.put(key, value) != null) {
                throw attribute.refuse("key", "each attribute once");
            }
        }
        return attributes;
    }

    private static void value(WireObject value, boolean orArray) {
        int found = 0;
        if (value.findString("stringValue").filter(SpanReader::isLimited).isPresent()) {
            found++;
        }
        found += value.findFlag("boolValue").isPresent() ? 1 : 0;
        found += value.findNumber("doubleValue").isPresent() ? 1 : 0;
        found += value.findString("intValue").filter(SpanReader::isLong).isPresent() ? 1 : 0;
        if (orArray && value.find("arrayValue").isPresent()) {
            found++;
            array(WireObject.of(value.take("arrayValue"), value.place("arrayValue")));
        }
        value.end();
        if (found != 1) {
            throw value.refuse("", "one value: text within the limit, a number or a flag");
        }
    }

    private static boolean isLimited(String text) {
        return text.length() <= MAX_TEXT_CHARS;
    }

    private static boolean isLong(String digits) {
        return SIGNED.matcher(digits).matches() && new BigInteger(digits).bitLength() < Long.SIZE;
    }

    private static void array(WireObject array) {
        var items = list(array, "values", MAX_ITEMS);
        for (int i = 0; i < items.size(); i++) {
            value(WireObject.of(items.get(i), array.place("values") + "/" + i), false);
        }
        array.end();
    }
}
