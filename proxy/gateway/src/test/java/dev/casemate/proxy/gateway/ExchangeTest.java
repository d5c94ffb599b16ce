package dev.casemate.proxy.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.casemate.manifest.Correlation;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.JsonReader;
import dev.casemate.proxy.audit.LedgerEntry;
import dev.casemate.proxy.audit.LedgerEntry.Kind;
import dev.casemate.proxy.finops.Cost;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A prompt that leaves, and everything that can come of it.
final class ExchangeTest {

    @TempDir Path directory;
    private House house;

    @BeforeEach
    void open() throws Exception {
        house = new House(directory);
    }

    @AfterEach
    void close() {
        house.close();
    }

    /// Exactly one PROMPT and one ANSWER; gives the ANSWER's body.
    private Json.Obj assertPair(String outcome, Optional<ErrorCode> code) {
        var records = house.records();
        assertThat(records.stream().map(LedgerEntry::kind))
                .containsExactly(Kind.PROMPT, Kind.ANSWER);
        var answer = records.getLast();
        assertThat(answer.exchange()).isEqualTo(records.getFirst().exchange());
        assertThat(answer.body().text("outcome")).contains(outcome);
        assertThat(answer.body().text("code")).isEqualTo(code.map(ErrorCode::word));
        assertThat(house.gateway().budgets().status())
                .allSatisfy(status -> assertThat(status.reserved()).isEqualTo(Cost.ZERO));
        return answer.body();
    }

    private void assertError(HttpResponse<String> response, ErrorCode code) throws Exception {
        assertThat(response.body()).contains("\"code\":\"" + code.word() + "\"");
        assertThat(response.statusCode()).isEqualTo(code.status());
        assertThat(house.metrics())
                .contains("casemate_refusals_total{code=\"" + code.word() + "\"} 1.0");
    }

    @Test
    void anAnswerComesBackWithItsCostOnRecord() throws Exception {
        house.start();
        var response = house.chat(House.prompt("What is copper at?"));
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).contains("\"content\":\"hello\"");
        var answer = assertPair("answered", Optional.empty());
        // 60 fresh tokens at 1, 40 cached at 0.5 and 10 written at 2 dollars a million.
        assertThat(answer.text("costNanoUsd")).contains("100000");
        assertThat(house.gateway().meter().rows())
                .singleElement()
                .satisfies(row -> assertThat(row.cost()).isEqualTo(new Cost(100_000)))
                .satisfies(row -> assertThat(row.who().agent()).isEqualTo("market-analyst"));
        assertThat(house.metrics())
                .contains("gen_ai_client_token_usage_sum{agent=\"market-analyst\"")
                .contains("casemate_budget_used_usd{budget=\"everything\"} 1.0E-4");
    }

    @Test
    void theUpstreamGetsItsOwnKeyItsOwnModelNameAndALimit() throws Exception {
        house.start();
        house.chat(House.prompt("hello"));
        var seen = house.upstream.seen().getFirst();
        assertThat(seen.authorization()).isEqualTo("Bearer " + House.UPSTREAM_KEY);
        assertThat(seen.body().text("model")).contains("upstream-model");
        assertThat(seen.body().get("max_tokens")).contains(Json.of(1000));
        assertThat(house.records().getFirst().body().get("request")).contains(seen.body());
    }

    @Test
    void aLimitAboveTheModelsIsClamped() throws Exception {
        house.start();
        house.chat(House.prompt(House.MODEL, "hello", ",\"max_completion_tokens\":999999"));
        house.chat(House.prompt(House.MODEL, "hello", ",\"max_tokens\":7"));
        assertThat(house.upstream.seen())
                .extracting(seen -> seen.body().get("max_tokens"))
                .containsExactly(Optional.of(Json.of(1000)), Optional.of(Json.of(7)));
    }

    @Test
    void theCorrelationOfTheHeadersIsOnRecord() throws Exception {
        house.start();
        var trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        var ids = new Correlation("run-1", "flow-2", "deal-3");
        house.send(
                house.request(FrontDoor.CHAT)
                        .header("baggage", ids.baggage())
                        .header("traceparent", trace)
                        .POST(HttpRequest.BodyPublishers.ofString(House.prompt("hello")))
                        .build());
        assertThat(house.records()).allSatisfy(e -> assertThat(e.correlation()).contains(ids));
        assertThat(house.upstream.seen().getFirst().traceparent()).isEqualTo(trace);
        assertThat(house.records().getFirst().body().text("traceparent")).contains(trace);
    }

    @Test
    void withoutCorrelationTheRunIsTheExchange() throws Exception {
        house.start();
        house.send(
                house.request(FrontDoor.CHAT)
                        .header("baggage", "casemate.run.id=../../etc,casemate.workflow.id=w;p=1")
                        .POST(HttpRequest.BodyPublishers.ofString(House.prompt("hello")))
                        .build());
        var record = house.records().getFirst();
        assertThat(record.correlation())
                .contains(new Correlation(record.exchange(), "w", Caller.NONE));
    }

    @Test
    void theModelsOfTheManifestAreListed() throws Exception {
        house.start();
        var response = house.send(house.request(FrontDoor.MODELS).GET().build());
        assertThat(response.body()).contains("\"id\":\"gpt-4o-mini\"").doesNotContain("\"other\"");
    }

    @Test
    void aRunEventIsRecorded() throws Exception {
        house.start();
        var response =
                house.send(
                        house.request(FrontDoor.EVENTS)
                                .POST(
                                        HttpRequest.BodyPublishers.ofString(
                                                "{\"event\":\"run_started\"}"))
                                .build());
        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(house.records())
                .singleElement()
                .satisfies(entry -> assertThat(entry.kind()).isEqualTo(Kind.RUN_EVENT))
                .satisfies(entry ->
                        assertThat(entry.body().get("event"))
                                .contains(JsonReader.read("{\"event\":\"run_started\"}")));
    }

    @Test
    void aDeadUpstreamIsUnreachableAndCostsNothing() throws Exception {
        house.start();
        var response = house.chat(House.prompt("slow", "hello", ""));
        assertError(response, ErrorCode.UPSTREAM_UNREACHABLE);
        var answer = assertPair("upstream_failed", Optional.of(ErrorCode.UPSTREAM_UNREACHABLE));
        assertThat(answer.text("costNanoUsd")).contains("0");
    }

    @Test
    void anUpstreamThatAnswersWithAnErrorHasFailed() throws Exception {
        house.start();
        house.upstream.play(
                (_, response) -> FakeUpstream.json(response, 500, "{\"error\":\"key sk-123\"}"));
        var response = house.chat(House.prompt("hello"));
        assertError(response, ErrorCode.UPSTREAM_FAILED);
        assertThat(response.body()).contains("500").doesNotContain("sk-123");
        assertPair("upstream_failed", Optional.of(ErrorCode.UPSTREAM_FAILED));
    }

    @Test
    void anUpstreamThatIsAskedTooOftenSaysWhenToAskAgain() throws Exception {
        house.start();
        house.upstream.play((_, response) -> {
            response.putHeader("retry-after-ms", "1500.5");
            FakeUpstream.json(response, 429, "{\"error\":{\"message\":\"key sk-123\"}}");
        });
        var response = house.chat(House.prompt("hello"));
        assertError(response, ErrorCode.RATE_LIMIT_EXCEEDED);
        assertThat(response.headers().firstValue("retry-after")).contains("2");
        assertThat(response.headers().firstValue("retry-after-ms")).contains("1500");
        assertThat(response.headers().firstValue("x-should-retry")).isEmpty();
        assertThat(response.body()).doesNotContain("sk-123");
        var answer = assertPair("upstream_failed", Optional.of(ErrorCode.RATE_LIMIT_EXCEEDED));
        assertThat(answer.text("costNanoUsd")).contains("0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"soon", "-1", "Thu, 01 Jan 2026 00:00:00 GMT"})
    void aTimeThatTheUpstreamDoesNotNameInSecondsIsNotPassedOn(String value) throws Exception {
        house.start();
        house.upstream.play((_, response) -> {
            response.putHeader("retry-after", value);
            FakeUpstream.json(response, 429, "busy");
        });
        var response = house.chat(House.prompt("hello"));
        assertError(response, ErrorCode.RATE_LIMIT_EXCEEDED);
        assertThat(response.headers().firstValue("retry-after")).isEmpty();
    }

    @Test
    void anUpstreamWithoutMoneyHasFailed() throws Exception {
        house.start();
        house.upstream.play((_, response) ->
                FakeUpstream.json(response, 429, "{\"error\":{\"code\":\"insufficient_quota\"}}"));
        assertError(house.chat(House.prompt("hello")), ErrorCode.UPSTREAM_FAILED);
    }

    @Test
    void aConversationThatIsTooLongForTheModelIsToldAsThat() throws Exception {
        house.start();
        house.upstream.play((_, response) ->
                FakeUpstream.json(
                        response, 400, "{\"error\":{\"code\":\"context_length_exceeded\"}}"));
        assertError(house.chat(House.prompt("hello")), ErrorCode.CONTEXT_LENGTH_EXCEEDED);
        var streamed = house.chat(House.prompt(House.MODEL, "hello", ",\"stream\":true"));
        assertThat(streamed.body()).contains("\"code\":\"context_length_exceeded\"");
    }

    @Test
    void anUpstreamThatAnswersNonsenseHasFailedAndIsCountedInFull() throws Exception {
        house.start();
        house.upstream.play((_, response) -> FakeUpstream.json(response, 200, "<html>"));
        assertError(house.chat(House.prompt("hello")), ErrorCode.UPSTREAM_FAILED);
        var answer = assertPair("upstream_failed", Optional.of(ErrorCode.UPSTREAM_FAILED));
        assertThat(answer.get("estimated")).contains(Json.of(true));
        assertThat(answer.text("costNanoUsd"))
                .isEqualTo(house.records().getFirst().body().text("reservedNanoUsd"));
    }

    @Test
    void anUpstreamThatDiesHasFailed() throws Exception {
        house.start();
        house.upstream.play((_, response) -> {
            response.putHeader("content-length", "1000").write("{\"id\":");
            house.upstream.vertx().setTimer(50, _ -> response.reset());
        });
        assertError(house.chat(House.prompt("hello")), ErrorCode.UPSTREAM_FAILED);
        assertPair("upstream_failed", Optional.of(ErrorCode.UPSTREAM_FAILED));
    }

    @Test
    void aSilentUpstreamTimesOutAndIsHungUpOn() throws Exception {
        house.limits = "limits: {upstreamSeconds: 1}";
        house.start();
        house.upstream.play((_, _) -> {});
        assertError(house.chat(House.prompt("hello")), ErrorCode.UPSTREAM_TIMEOUT);
        assertPair("upstream_failed", Optional.of(ErrorCode.UPSTREAM_TIMEOUT));
        assertThat(house.upstream.awaitCancelled()).isTrue();
    }

    @Test
    void anAnswerBeyondTheLimitHasFailed() throws Exception {
        house.limits = "limits: {answerBytes: 2048}";
        house.start();
        house.upstream.play((_, response) ->
                FakeUpstream.json(response, 200, FakeUpstream.answer("x".repeat(4096))));
        assertError(house.chat(House.prompt("hello")), ErrorCode.UPSTREAM_FAILED);
    }

    @Test
    void aLegalToolCallPasses() throws Exception {
        house.start();
        house.upstream.play((_, response) ->
                FakeUpstream.json(
                        response,
                        200,
                        FakeUpstream.toolCall("get_current_prices", "{\"symbol\":\"CU\"}")));
        var response = house.chat(House.prompt("hello"));
        assertThat(response.body()).contains("get_current_prices");
        var answer = assertPair("answered", Optional.empty());
        assertThat(answer.get("toolCalls")).contains(Json.strings(List.of("get_current_prices")));
    }

    @Test
    void aCallOfAToolThatIsNotThereIsIllegalAndItsNameIsOnRecord() throws Exception {
        house.start();
        house.upstream.play((_, response) ->
                FakeUpstream.json(
                        response, 200, FakeUpstream.toolCall("run_shell", "{\"command\":\"id\"}")));
        assertError(house.chat(House.prompt("hello")), ErrorCode.ILLEGAL_TOOL_CALL);
        var answer = assertPair("refused", Optional.of(ErrorCode.ILLEGAL_TOOL_CALL));
        assertThat(answer.get("toolCalls")).contains(Json.strings(List.of("run_shell")));
    }

    @Test
    void aCallWhoseArgumentsAreNoObjectIsIllegal() throws Exception {
        house.start();
        house.upstream.play((_, response) ->
                FakeUpstream.json(
                        response, 200, FakeUpstream.toolCall("get_current_prices", "[\"CU\"]")));
        assertError(house.chat(House.prompt("hello")), ErrorCode.ILLEGAL_TOOL_CALL);
    }

    @Test
    void theOlderFormOfAToolCallIsIllegal() throws Exception {
        house.start();
        house.upstream.play((_, response) ->
                FakeUpstream.json(
                        response,
                        200,
                        FakeUpstream.answer("x")
                                .replace(
                                        "\"content\":\"x\"",
                                        "\"content\":null,\"function_call\":{\"name\":\"get_current_prices\",\"arguments\":\"{}\"}")));
        assertError(house.chat(House.prompt("hello")), ErrorCode.ILLEGAL_TOOL_CALL);
    }

    @Test
    void membersThatNobodyReadsDoNotReachTheAgent() throws Exception {
        house.start();
        house.upstream.play((_, response) ->
                FakeUpstream.json(
                        response,
                        200,
                        FakeUpstream.answer("x")
                                .replace(
                                        "\"role\":\"assistant\"",
                                        "\"role\":\"assistant\",\"reasoning_content\":\"hidden\"")));
        assertThat(house.chat(House.prompt("hello")).body()).doesNotContain("hidden");
    }

    @Test
    void largeBodiesPassToo() throws Exception {
        house.start();
        house.upstream.play((_, response) ->
                FakeUpstream.json(response, 200, FakeUpstream.answer("word ".repeat(40_000))));
        var response = house.chat(House.prompt("word ".repeat(40_000)));
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).hasSizeGreaterThan(200_000);
        assertPair("answered", Optional.empty());
    }

    @Test
    void oneExchangeMoreThanThereIsRoomForIsOverloaded() throws Exception {
        house.limits = "limits: {concurrentExchanges: 1}";
        house.start();
        var inside = new java.util.concurrent.CountDownLatch(1);
        var held =
                new java.util.concurrent.atomic.AtomicReference<
                        io.vertx.core.http.HttpServerResponse>();
        house.upstream.play((_, response) -> {
            held.set(response);
            inside.countDown();
        });
        try (var client = house.client()) {
            var first =
                    client.sendAsync(
                            house.request(FrontDoor.CHAT)
                                    .POST(HttpRequest.BodyPublishers.ofString(House.prompt("one")))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(inside.await(10, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
            var second = house.chat(House.prompt("two"));
            assertThat(second.statusCode()).isEqualTo(503);
            assertThat(second.body()).contains("\"code\":\"overloaded\"");
            FakeUpstream.json(held.get(), 200, FakeUpstream.answer("one"));
            assertThat(first.get(10, java.util.concurrent.TimeUnit.SECONDS).statusCode())
                    .isEqualTo(200);
        }
        assertPair("answered", Optional.empty());
    }

    @Test
    void healthSaysThatAllIsWell() throws Exception {
        house.start();
        var health = house.admin("/health");
        assertThat(health.statusCode()).isEqualTo(200);
        assertThat(health.body()).contains("\"ledgerWritable\":true").contains("rehearsal");
    }
}
