package dev.casemate.proxy.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.Correlation;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.JsonReader;
import dev.casemate.proxy.audit.LedgerEntry.Kind;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What an agent tells of its runs in OTLP: taken from itself alone, strictly, and onto record
/// before the answer.
final class SpanTest {

    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

    private static final String SPAN =
            """
            {"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"b7ad6b7169203331",
             "parentSpanId":"00f067aa0ba902b7","name":"chat gpt-4o-mini","kind":3,
             "startTimeUnixNano":"1767225600000000001","endTimeUnixNano":"1767225602500000000",
             "attributes":[{"key":"gen_ai.operation.name","value":{"stringValue":"chat"}},
               {"key":"gen_ai.usage.input_tokens","value":{"intValue":"11"}},
               {"key":"flag","value":{"boolValue":true}},{"key":"ratio","value":{"doubleValue":0.5}},
               {"key":"reasons","value":{"arrayValue":{"values":[{"stringValue":"stop"}]}}}],
             "status":{"code":2}}\
            """;

    @TempDir Path directory;
    private House house;

    @BeforeEach
    void open() throws Exception {
        house = new House(directory);
        house.start();
    }

    @AfterEach
    void close() {
        house.close();
    }

    private static String request(String agent, String spans) {
        return """
        {"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"%s"}}]},
         "scopeSpans":[{"scope":{"name":"dev.casemate.agent.sdk"},"spans":[%s]}]}]}\
        """
                .formatted(agent, spans);
    }

    private HttpResponse<String> post(String body) throws Exception {
        return house.send(
                house.request(FrontDoor.TRACES)
                        .header("baggage", new Correlation("run-1", "w", "t").baggage())
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build());
    }

    private void assertRefused(HttpResponse<String> response, ErrorCode code) throws Exception {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(code.status());
        assertThat(response.body()).contains("\"code\":\"" + code.word() + "\"");
        assertThat(house.records())
                .singleElement()
                .satisfies(entry -> assertThat(entry.kind()).isEqualTo(Kind.REFUSAL))
                .satisfies(
                        entry -> assertThat(entry.body().text("route")).contains(FrontDoor.TRACES));
        assertThat(house.metrics()).doesNotContain("casemate_spans_total");
    }

    @Test
    void spansAreOnRecordUnderTheirRunAndTrace() throws Exception {
        var body = request("market-analyst", SPAN + "," + SPAN.replace("b7ad", "c7ad"));
        var response = post(body);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("{}");
        assertThat(response.headers().firstValue("content-type")).contains("application/json");
        var sent = (Json.Obj) JsonReader.read(body);
        assertThat(house.records())
                .singleElement()
                .satisfies(entry -> {
                    assertThat(entry.kind()).isEqualTo(Kind.SPANS);
                    assertThat(entry.agent()).contains("market-analyst");
                    assertThat(entry.correlation()).contains(new Correlation("run-1", "w", "t"));
                    assertThat(entry.body().text("trace")).contains(TRACE);
                    assertThat(entry.body().get("spans")).contains(Json.of(2));
                    assertThat(entry.body().get("resourceSpans"))
                            .isEqualTo(sent.get("resourceSpans"));
                });
        assertThat(house.metrics())
                .contains("casemate_spans_total{agent=\"market-analyst\"} 2.0")
                .contains("route=\"/v1/traces\"");
    }

    @Test
    void aLargeBatchIsTaken() throws Exception {
        var many = (SPAN + ",").repeat(SpanReader.MAX_SPANS - 1) + SPAN;
        assertThat(many.length()).isGreaterThan(ChatExchange.LARGE_BYTES);
        assertThat(post(request("market-analyst", many)).statusCode()).isEqualTo(200);
    }

    @Test
    void aBatchThatIsTooLargeIsRefused() throws Exception {
        var many = (SPAN + ",").repeat(SpanReader.MAX_SPANS) + SPAN;
        assertRefused(post(request("market-analyst", many)), ErrorCode.INVALID_REQUEST);
    }

    @Test
    void aBodyOverTheLimitIsRefused() throws Exception {
        assertRefused(post(" ".repeat(FrontDoor.MAX_TRACES_BYTES + 1)), ErrorCode.BODY_TOO_LARGE);
    }

    @Test
    void aBatchInPartsCannotGetAroundTheLimit() throws Exception {
        var half = (SPAN + ",").repeat(SpanReader.MAX_SPANS / 2) + SPAN;
        var scope = "{\"spans\":[" + half + "]}";
        var body =
                request("market-analyst", SPAN)
                        .replace(
                                "\"scopeSpans\":[", "\"scopeSpans\":[" + scope + "," + scope + ",");
        assertRefused(post(body), ErrorCode.INVALID_REQUEST);
    }

    @Test
    void theSpansOfAnotherAgentAreRefused() throws Exception {
        assertRefused(post(request("clerk", SPAN)), ErrorCode.SPANS_OF_ANOTHER_AGENT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gen_ai.agent.name|clerk", "gen_ai.agent.id|sha256:00"})
    void theSpansOfAnotherManifestAreRefused(String attribute) throws Exception {
        var parts = attribute.split("\\|", -1);
        var body =
                request("market-analyst", SPAN)
                        .replace(
                                "\"resource\":{\"attributes\":[",
                                "\"resource\":{\"attributes\":[{\"key\":\"%s\",\"value\":{\"stringValue\":\"%s\"}},"
                                        .formatted(parts[0], parts[1]));
        assertRefused(post(body), ErrorCode.SPANS_OF_ANOTHER_AGENT);
    }

    @Test
    void theSpansOfTheCallersOwnManifestAreTaken() throws Exception {
        var manifest =
                AgentManifest.read(Files.readAllBytes(directory.resolve("market-analyst.json")));
        var body =
                request("market-analyst", SPAN)
                        .replace(
                                "\"resource\":{\"attributes\":[",
                                """
                                "resource":{"attributes":[
                                {"key":"gen_ai.agent.name","value":{"stringValue":"market-analyst"}},
                                {"key":"gen_ai.agent.id","value":{"stringValue":"%s"}},\
                                """
                                        .formatted(manifest.digest().value()));
        assertThat(post(body).statusCode()).isEqualTo(200);
    }

    @Test
    void aResourceWithoutANameIsRefused() throws Exception {
        var body = request("market-analyst", SPAN).replace("service.name", "service.version");
        assertRefused(post(body), ErrorCode.SPANS_OF_ANOTHER_AGENT);
    }

    @Test
    void aStrangerTellsNothing() throws Exception {
        var request =
                HttpRequest.newBuilder(house.uri(FrontDoor.TRACES))
                        .POST(HttpRequest.BodyPublishers.ofString(request("market-analyst", SPAN)))
                        .build();
        assertRefused(house.send(request), ErrorCode.UNKNOWN_AGENT);
    }

    @Test
    void whatIsNoJsonIsMalformed() throws Exception {
        assertRefused(post("{\"resourceSpans\":"), ErrorCode.MALFORMED_JSON);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"spanId\":\"b7ad6b7169203331\"|\"spanId\":\"B7AD6B7169203331\"",
                "\"spanId\":\"b7ad6b7169203331\"|\"spanId\":\"t6wrcWkgMzE=\"",
                "\"spanId\":\"b7ad6b7169203331\"|\"spanId\":\"0000000000000000\"",
                "\"spanId\":\"b7ad6b7169203331\",|",
                "0af7651916cd43dd8448eb211c80319c|0af7",
                "\"parentSpanId\":\"00f067aa0ba902b7\"|\"parentSpanId\":\"root\"",
                "\"name\":\"chat gpt-4o-mini\"|\"name\":\"\"",
                "\"name\":\"chat gpt-4o-mini\",|",
                "\"kind\":3|\"kind\":\"SPAN_KIND_CLIENT\"",
                "\"kind\":3|\"kind\":6",
                "\"kind\":3|\"kind\":1.5",
                "\"1767225600000000001\"|1767225600000000001",
                "\"1767225600000000001\"|\"-1\"",
                "\"1767225600000000001\"|\"99999999999999999999\"",
                "\"1767225600000000001\"|\"1767225602500000001\"",
                "\"status\":{\"code\":2}|\"status\":{\"code\":2,\"message\":\"what was said\"}",
                "\"status\":{\"code\":2}|\"status\":{\"code\":3}",
                "\"status\":{\"code\":2}|\"events\":[]",
                "\"status\":{\"code\":2}|\"links\":[]",
                "\"status\":{\"code\":2}|\"traceState\":\"a=b\"",
                "{\"stringValue\":\"chat\"}|{\"stringValue\":\"chat\",\"intValue\":\"1\"}",
                "{\"stringValue\":\"chat\"}|{}",
                "{\"stringValue\":\"chat\"}|\"chat\"",
                "{\"stringValue\":\"chat\"}|{\"bytesValue\":\"aGk=\"}",
                "{\"stringValue\":\"chat\"}|{\"kvlistValue\":{\"values\":[]}}",
                "{\"intValue\":\"11\"}|{\"intValue\":11}",
                "{\"intValue\":\"11\"}|{\"intValue\":\"9223372036854775808\"}",
                "{\"doubleValue\":0.5}|{\"doubleValue\":\"NaN\"}",
                "{\"stringValue\":\"stop\"}|{\"arrayValue\":{\"values\":[]}}",
                "gen_ai.operation.name|gen_ai.input.messages",
                "gen_ai.operation.name|gen_ai.tool.call.arguments",
                "gen_ai.operation.name|gen_ai.usage.input_tokens"
            })
    void aSpanOfAnotherShapeIsRefused(String change) throws Exception {
        var parts = change.split("\\|", -1);
        var changed = SPAN.replace(parts[0], parts[1]);
        assertThat(changed).isNotEqualTo(SPAN);
        assertRefused(post(request("market-analyst", changed)), ErrorCode.INVALID_REQUEST);
    }

    @Test
    void textThatIsTooLongIsRefusedAndNotRepeated() throws Exception {
        var secret = "secret-".repeat(SpanReader.MAX_TEXT_CHARS / 7 + 1);
        var response =
                post(
                        request(
                                "market-analyst",
                                SPAN.replace(
                                        "\"stringValue\":\"chat\"",
                                        "\"stringValue\":\"" + secret + "\"")));
        assertRefused(response, ErrorCode.INVALID_REQUEST);
        assertThat(response.body()).doesNotContain("secret");
        assertThat(house.records().getFirst().body().text()).doesNotContain("secret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{}",
                "{\"resourceSpans\":[]}",
                "{\"resourceSpans\":[{}]}",
                "{\"resourceSpans\":[{\"resource\":{}}]}"
            })
    void aRequestOfAnotherShapeIsRefused(String body) throws Exception {
        var response = post(body);
        assertThat(response.statusCode()).isIn(400, 403);
        assertThat(house.records().getFirst().kind()).isEqualTo(Kind.REFUSAL);
    }

    @Test
    void spansOfTwoTracesAreNoneOfOneRun() throws Exception {
        assertRefused(
                post(
                        request(
                                "market-analyst",
                                SPAN + "," + SPAN.replace(TRACE, "1" + TRACE.substring(1)))),
                ErrorCode.INVALID_REQUEST);
        assertThat(post(request("market-analyst", "")).statusCode()).isEqualTo(400);
    }

    @Test
    void refusalsAndEventsCarryTheTraceThatTheyBelongTo() throws Exception {
        var traceparent = "00-" + TRACE + "-b7ad6b7169203331-01";
        house.send(
                house.request(FrontDoor.EVENTS)
                        .header("traceparent", traceparent)
                        .POST(HttpRequest.BodyPublishers.ofString("{\"event\":\"run_ended\"}"))
                        .build());
        house.send(
                house.request(FrontDoor.CHAT)
                        .header("traceparent", traceparent)
                        .POST(HttpRequest.BodyPublishers.ofString("{"))
                        .build());
        house.send(
                house.request(FrontDoor.CHAT)
                        .header("traceparent", "00-" + "0".repeat(32) + "-b7ad6b7169203331-01")
                        .POST(HttpRequest.BodyPublishers.ofString("{"))
                        .build());
        var traces =
                house.records().stream().map(entry -> entry.body().text("traceparent")).toList();
        assertThat(traces.get(0)).contains(traceparent);
        assertThat(traces.get(1)).contains(traceparent);
        assertThat(traces.get(2)).isEmpty();
    }
}
