package dev.casemate.agent.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.casemate.manifest.Json;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Status;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The encoding, read by OpenTelemetry's own classes.
class OtlpJsonTest {

    private static final Pattern IDS =
            Pattern.compile("\"(traceId|spanId|parentSpanId)\":\"([0-9a-f]+)\"");

    private static final Instant START = Instant.parse("2026-01-01T00:00:00.000000001Z");
    private static final Instant END = Instant.parse("2026-01-01T00:00:02.5Z");

    private static final Json.Obj ATTRIBUTES =
            Json.object()
                    .put("gen_ai.operation.name", "chat")
                    .put("gen_ai.usage.input_tokens", 11)
                    .put("flag", true)
                    .put("ratio", Json.of(new BigDecimal("0.25")))
                    .put("gen_ai.response.finish_reasons", Json.strings(List.of("stop", "é")))
                    .build();

    private static Span span(Json.Obj attributes, Optional<String> parent, Optional<String> error) {
        return new Span(
                new TraceContext("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"),
                parent,
                "chat test-model",
                Span.Kind.CLIENT,
                START,
                END,
                attributes,
                error);
    }

    // JSON of protobuf has base64 where JSON of OTLP has hexadecimal digits; the rest is the same,
    // and a member that OTLP does not have fails here.
    private static ExportTraceServiceRequest read(Span... spans) {
        var json =
                OtlpJson.request(
                        TestTools.answering("").manifest(),
                        List.of(spans).stream().map(OtlpJson::span).toList());
        var protobuf =
                IDS.matcher(json.text())
                        .replaceAll(id ->
                                "\"%s\":\"%s\""
                                        .formatted(
                                                id.group(1),
                                                Base64.getEncoder()
                                                        .encodeToString(
                                                                HexFormat.of()
                                                                        .parseHex(id.group(2)))));
        try {
            var request = ExportTraceServiceRequest.newBuilder();
            JsonFormat.parser().merge(protobuf, request);
            return request.build();
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    private static io.opentelemetry.proto.trace.v1.Span readOne(Span span) {
        return read(span).getResourceSpans(0).getScopeSpans(0).getSpans(0);
    }

    private static AnyValue value(List<KeyValue> attributes, String key) {
        return attributes.stream()
                .filter(attribute -> attribute.getKey().equals(key))
                .map(KeyValue::getValue)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aSpanIsWhatItWas() {
        var read = readOne(span(ATTRIBUTES, Optional.of("00f067aa0ba902b7"), Optional.empty()));
        assertThat(HexFormat.of().formatHex(read.getTraceId().toByteArray()))
                .isEqualTo("0af7651916cd43dd8448eb211c80319c");
        assertThat(HexFormat.of().formatHex(read.getSpanId().toByteArray()))
                .isEqualTo("b7ad6b7169203331");
        assertThat(HexFormat.of().formatHex(read.getParentSpanId().toByteArray()))
                .isEqualTo("00f067aa0ba902b7");
        assertThat(read.getName()).isEqualTo("chat test-model");
        assertThat(read.getKind())
                .isEqualTo(io.opentelemetry.proto.trace.v1.Span.SpanKind.SPAN_KIND_CLIENT);
        assertThat(read.getStartTimeUnixNano()).isEqualTo(1_767_225_600_000_000_001L);
        assertThat(read.getEndTimeUnixNano()).isEqualTo(1_767_225_602_500_000_000L);
        assertThat(read.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_UNSET);
        var attributes = read.getAttributesList();
        assertThat(attributes).hasSize(5);
        assertThat(value(attributes, "gen_ai.operation.name").getStringValue()).isEqualTo("chat");
        assertThat(value(attributes, "gen_ai.usage.input_tokens").getIntValue()).isEqualTo(11);
        assertThat(value(attributes, "flag").getBoolValue()).isTrue();
        assertThat(value(attributes, "ratio").getDoubleValue()).isEqualTo(0.25);
        assertThat(
                        value(attributes, "gen_ai.response.finish_reasons")
                                .getArrayValue()
                                .getValuesList()
                                .stream()
                                .map(AnyValue::getStringValue))
                .containsExactly("stop", "é");
    }

    @Test
    void anErrorIsStatusAndAttribute() {
        var read = readOne(span(ATTRIBUTES, Optional.empty(), Optional.of("timed_out")));
        assertThat(read.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_ERROR);
        assertThat(value(read.getAttributesList(), "error.type").getStringValue())
                .isEqualTo("timed_out");
        assertThat(read.getParentSpanId().isEmpty()).isTrue();
    }

    @Test
    void theResourceIsTheAgent() {
        var manifest = TestTools.answering("").manifest();
        var request = read(span(ATTRIBUTES, Optional.empty(), Optional.empty()));
        var resource = request.getResourceSpans(0).getResource().getAttributesList();
        assertThat(value(resource, "service.name").getStringValue()).isEqualTo("tester");
        assertThat(value(resource, "service.version").getStringValue()).isEqualTo("1");
        assertThat(value(resource, "gen_ai.agent.name").getStringValue()).isEqualTo("tester");
        assertThat(value(resource, "gen_ai.agent.id").getStringValue())
                .isEqualTo(manifest.digest().value());
        assertThat(request.getResourceSpans(0).getScopeSpans(0).getScope().getName())
                .isEqualTo("dev.casemate.agent.sdk");
    }

    @Test
    void aSpanHasAGreatestSize() {
        var many = Json.object();
        for (int i = 0; i < 100; i++) {
            many.put("a".repeat(999) + i, "é".repeat(9_999));
        }
        many.put("b", Json.strings(List.of("x".repeat(999)).stream().toList()));
        var json =
                OtlpJson.span(span(many.build(), Optional.empty(), Optional.of("z".repeat(999))));
        var read = readOne(span(many.build(), Optional.empty(), Optional.of("z".repeat(999))));
        assertThat(read.getAttributesList()).hasSize(OtlpJson.MAX_ATTRIBUTES);
        assertThat(read.getAttributesList())
                .allSatisfy(attribute -> {
                    assertThat(attribute.getKey()).hasSize(OtlpJson.MAX_TEXT_CHARS);
                    assertThat(attribute.getValue().getStringValue())
                            .hasSize(OtlpJson.MAX_TEXT_CHARS);
                });
        assertThat(json.text().getBytes(StandardCharsets.UTF_8).length)
                .isLessThan(SpanPost.FULL_BYTES);
    }

    @Test
    void whatNoAttributeCanBeIsLeftOut() {
        var read =
                readOne(
                        span(
                                Json.object()
                                        .put("nothing", new Json.Null())
                                        .put("object", ATTRIBUTES)
                                        .put("mixed", Json.array(List.of(ATTRIBUTES, Json.of("x"))))
                                        .put("huge", Json.of(new BigDecimal("1e300")))
                                        .build(),
                                Optional.empty(),
                                Optional.empty()));
        assertThat(read.getAttributesList()).hasSize(2);
        assertThat(value(read.getAttributesList(), "huge").getDoubleValue()).isEqualTo(1e300);
        assertThat(value(read.getAttributesList(), "mixed").getArrayValue().getValuesList())
                .hasSize(1);
    }

    @Test
    void timesThatCannotBeAreMadeToFit() {
        var backwards =
                new Span(
                        TraceContext.drawn(new Random(1)),
                        Optional.empty(),
                        "x",
                        Span.Kind.INTERNAL,
                        END,
                        START,
                        ATTRIBUTES,
                        Optional.empty());
        assertThat(readOne(backwards).getEndTimeUnixNano())
                .isEqualTo(readOne(backwards).getStartTimeUnixNano());
        var ancient =
                new Span(
                        TraceContext.drawn(new Random(1)),
                        Optional.empty(),
                        "x",
                        Span.Kind.INTERNAL,
                        Instant.EPOCH.minusSeconds(9),
                        Instant.EPOCH.minusSeconds(1),
                        ATTRIBUTES,
                        Optional.empty());
        assertThat(readOne(ancient).getStartTimeUnixNano()).isZero();
    }

    @Test
    void everySpanThatCanBeDrawnIsReadBack() {
        var random = new Random(7);
        for (int i = 0; i < 500; i++) {
            var context = TraceContext.drawn(random);
            var attributes = Json.object();
            for (int j = random.nextInt(8); j > 0; j--) {
                attributes.put("a." + j, random.nextBoolean() ? "\"\n\\🙂 " + j : "");
                attributes.put("n." + j, random.nextLong());
            }
            var span =
                    new Span(
                            context,
                            Optional.of(TraceContext.drawn(random).spanId()),
                            "execute_tool \u0000\u2028" + i,
                            Span.Kind.INTERNAL,
                            START.plusNanos(random.nextInt()),
                            END.plusSeconds(random.nextInt(1_000)),
                            attributes.build(),
                            Optional.empty());
            var read = readOne(span);
            assertThat(read.getName()).isEqualTo(span.name());
            assertThat(read.getAttributesList()).hasSize(span.attributes().members().size());
            span.attributes()
                    .members()
                    .forEach((key, value) -> {
                        var got = value(read.getAttributesList(), key);
                        assertThat(
                                        value instanceof Json.Str
                                                ? Json.of(got.getStringValue())
                                                : Json.of(got.getIntValue()))
                                .isEqualTo(value);
                    });
        }
    }
}
