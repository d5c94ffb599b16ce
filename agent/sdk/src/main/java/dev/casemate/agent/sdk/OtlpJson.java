package dev.casemate.agent.sdk;

import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.Json;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Spans as the JSON of OTLP/HTTP, `ExportTraceServiceRequest`.
///
/// Ids are hexadecimal, times and whole numbers are strings of decimal digits, kinds and states are
/// numbers. Texts and attributes are cut to a length and a number, so that a span has a greatest
/// size. Nothing else of OTLP is written: no events, no links.
///
/// Source: OpenTelemetry Protocol 1.11, "JSON Protobuf Encoding".
final class OtlpJson {

    static final int MAX_TEXT_CHARS = 256;
    static final int MAX_ATTRIBUTES = 32;
    static final int MAX_ITEMS = 16;

    private static final String SCOPE = "dev.casemate.agent.sdk";
    private static final int STATUS_ERROR = 2;

    private OtlpJson() {}

    /// @param spans as [#span] wrote them
    static Json.Obj request(AgentManifest manifest, List<? extends Json> spans) {
        var resource =
                Json.object()
                        .put("service.name", manifest.name())
                        .put("service.version", manifest.version())
                        .put("gen_ai.agent.name", manifest.name())
                        .put("gen_ai.agent.version", manifest.version())
                        .put("gen_ai.agent.id", manifest.digest().value())
                        .build();
        var scopeSpans =
                Json.object()
                        .put("scope", Json.object().put("name", SCOPE).build())
                        .put("spans", Json.array(spans))
                        .build();
        var resourceSpans =
                Json.object()
                        .put(
                                "resource",
                                Json.object().put("attributes", attributes(resource)).build())
                        .put("scopeSpans", Json.array(List.of(scopeSpans)))
                        .build();
        return Json.object().put("resourceSpans", Json.array(List.of(resourceSpans))).build();
    }

    static Json.Obj span(Span span) {
        var json =
                Json.object()
                        .put("traceId", span.context().traceId())
                        .put("spanId", span.context().spanId());
        span.parent().ifPresent(parent -> json.put("parentSpanId", parent));
        // A clock that was set back must not make a span of less than no time.
        var end = span.end().isBefore(span.start()) ? span.start() : span.end();
        json.put("name", TextLimit.cut(span.name(), MAX_TEXT_CHARS))
                .put("kind", kind(span.kind()))
                .put("startTimeUnixNano", nanos(span.start()))
                .put("endTimeUnixNano", nanos(end))
                .put("attributes", attributes(withError(span)));
        if (span.error().isPresent()) {
            json.put("status", Json.object().put("code", STATUS_ERROR).build());
        }
        return json.build();
    }

    private static int kind(Span.Kind kind) {
        return switch (kind) {
            case INTERNAL -> 1;
            case CLIENT -> 3;
        };
    }

    private static String nanos(Instant at) {
        return BigDecimal.valueOf(at.getEpochSecond())
                .movePointRight(9)
                .add(BigDecimal.valueOf(at.getNano()))
                .max(BigDecimal.ZERO)
                .toBigInteger()
                .toString();
    }

    private static Json.Obj withError(Span span) {
        return span.error()
                .map(word -> span.attributes().with("error.type", Json.of(word)))
                .orElse(span.attributes());
    }

    private static Json attributes(Json.Obj values) {
        var attributes = new ArrayList<Json>();
        for (Map.Entry<String, Json> member : values.members().entrySet()) {
            var value = value(member.getValue());
            if (value.isPresent() && attributes.size() < MAX_ATTRIBUTES) {
                attributes.add(
                        Json.object()
                                .put("key", TextLimit.cut(member.getKey(), MAX_TEXT_CHARS))
                                .put("value", value.get())
                                .build());
            }
        }
        return Json.array(attributes);
    }

    /// Empty for what no attribute can be.
    private static Optional<Json> value(Json value) {
        return switch (value) {
            case Json.Arr(var items) ->
                    Optional.of(
                            Json.object()
                                    .put(
                                            "arrayValue",
                                            Json.object()
                                                    .put("values", Json.array(scalars(items)))
                                                    .build())
                                    .build());
            case Json.Str _, Json.Num _, Json.Bool _, Json.Null _, Json.Obj _ -> scalar(value);
        };
    }

    private static List<Json> scalars(List<Json> items) {
        return items.stream().flatMap(item -> scalar(item).stream()).limit(MAX_ITEMS).toList();
    }

    private static Optional<Json> scalar(Json value) {
        return switch (value) {
            case Json.Str(var text) ->
                    Optional.of(
                            Json.object()
                                    .put("stringValue", TextLimit.cut(text, MAX_TEXT_CHARS))
                                    .build());
            case Json.Bool flag -> Optional.of(Json.object().put("boolValue", flag).build());
            case Json.Num(var number) -> Optional.of(number(number));
            case Json.Null _, Json.Arr _, Json.Obj _ -> Optional.empty();
        };
    }

    private static Json number(BigDecimal number) {
        boolean isLong =
                number.scale() <= 0
                        && number.compareTo(BigDecimal.valueOf(Long.MIN_VALUE)) >= 0
                        && number.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) <= 0;
        return isLong
                ? Json.object().put("intValue", Long.toString(number.longValueExact())).build()
                : Json.object().put("doubleValue", Json.of(number)).build();
    }
}
