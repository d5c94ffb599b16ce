package dev.casemate.proxy.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.casemate.manifest.Json;
import dev.casemate.proxy.audit.LedgerEntry;
import dev.casemate.proxy.audit.LedgerEntry.Kind;
import dev.casemate.proxy.finops.Cost;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A model with two upstreams, of which the first does what it should not.
final class FailoverTest {

    /// With nothing else in their way, this many exchanges are inside at one time.
    private static final int CALLERS = 16;

    private static final int CALLS_EACH = 25;

    @TempDir Path directory;
    private House house;
    private FakeUpstream second;

    @BeforeEach
    void open() throws Exception {
        house = new House(directory);
        second = new FakeUpstream();
        house.moreUpstreams =
                "  - {name: second, url: \"http://127.0.0.1:%d/v1\"}".formatted(second.port());
        house.moreOfModel = " fallbacks: [second],";
        second.play((_, response) -> FakeUpstream.json(response, 200, FakeUpstream.answer("2nd")));
    }

    @AfterEach
    void close() {
        house.close();
        second.close();
    }

    private Json.Obj answer() {
        var records = house.records();
        assertThat(records.stream().map(LedgerEntry::kind))
                .containsExactly(Kind.PROMPT, Kind.ANSWER);
        assertThat(house.gateway().budgets().status())
                .allSatisfy(status -> assertThat(status.reserved()).isEqualTo(Cost.ZERO));
        return records.getLast().body();
    }

    private void assertLeft(String code) {
        var answer = answer();
        assertThat(answer.text("outcome")).contains("answered");
        assertThat(answer.text("upstream")).contains("second");
        assertThat(answer.text("costNanoUsd")).contains("100000");
        assertThat(answer.get("leftUpstreams"))
                .contains(Json.array(List.of(left("rehearsal", code))));
        assertThat(house.records().getFirst().body().get("fallbacks"))
                .contains(Json.strings(List.of("second")));
    }

    private static Json left(String upstream, String code) {
        return Json.object().put("upstream", upstream).put("code", code).build();
    }

    @Test
    void anUpstreamThatCannotBeReachedIsLeftForTheNext() throws Exception {
        house.upstreamUrl = "http://127.0.0.1:1/v1";
        house.start();
        assertThat(house.chat(House.prompt("hello")).body()).contains("2nd");
        assertLeft("upstream_unreachable");
        assertThat(house.metrics())
                .contains(
                        "casemate_upstream_left_total{code=\"upstream_unreachable\",upstream=\"rehearsal\"} 1.0");
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 500, 502, 503, 504, 529})
    void anUpstreamThatDidNothingIsLeftForTheNext(int status) throws Exception {
        house.upstream.play((_, response) -> FakeUpstream.json(response, status, "{}"));
        house.start();
        assertThat(house.chat(House.prompt("hello")).body()).contains("2nd");
        assertLeft(status == 429 ? "rate_limit_exceeded" : "upstream_failed");
        var first = house.upstream.seen().getFirst();
        assertThat(second.seen())
                .singleElement()
                .satisfies(seen -> assertThat(seen.body()).isEqualTo(first.body()))
                .satisfies(seen -> assertThat(seen.authorization()).isEqualTo("null"));
    }

    @Test
    void aStreamComesFromTheNextToo() throws Exception {
        house.upstream.play((_, response) -> FakeUpstream.json(response, 503, "{}"));
        var events =
                FakeUpstream.text("from the second")
                        + FakeUpstream.delta("{}", "\"stop\"")
                        + FakeUpstream.usageEvent()
                        + FakeUpstream.done();
        second.play((_, response) -> FakeUpstream.stream(response, events, 7));
        house.start();
        var response = house.chat(House.prompt(House.MODEL, "hello", ",\"stream\":true"));
        assertThat(response.body()).contains("second").contains("[DONE]");
        assertLeft("upstream_failed");
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 400, 401, 403, 404, 413, 422})
    void whatIsNoFailureOfTheUpstreamIsNotAskedTwice(int status) throws Exception {
        house.upstream.play((_, response) -> FakeUpstream.json(response, status, "{}"));
        house.start();
        assertThat(house.chat(House.prompt("hello")).statusCode()).isEqualTo(502);
        assertThat(second.seen()).isEmpty();
        assertThat(answer().text("upstream")).contains("rehearsal");
    }

    @Test
    void whatMayHaveBeenChargedIsNotAskedTwice() throws Exception {
        house.upstream.play((_, response) -> response.reset());
        house.start();
        assertThat(house.chat(House.prompt("hello")).statusCode()).isEqualTo(502);
        assertThat(second.seen()).isEmpty();
        assertThat(answer().text("costNanoUsd")).get().isNotEqualTo("0");
    }

    @Test
    void aStreamThatBreaksOffIsNotAskedTwice() throws Exception {
        house.upstream.play((_, response) -> {
            response.setChunked(true).putHeader("content-type", "text/event-stream");
            var _ = response.write(FakeUpstream.text("Half of it. ".repeat(400)));
            response.exceptionHandler(_ -> {});
            house.upstream.vertx().setTimer(50, _ -> response.reset());
        });
        house.start();
        var response = house.chat(House.prompt(House.MODEL, "hello", ",\"stream\":true"));
        assertThat(response.body()).contains("upstream_failed");
        assertThat(second.seen()).isEmpty();
        answer();
    }

    @Test
    void whenNoneCanTheLastOnesFailureIsTheAnswer() throws Exception {
        house.upstream.play((_, response) -> FakeUpstream.json(response, 500, "{}"));
        second.play((_, response) -> FakeUpstream.json(response, 429, "{}"));
        house.start();
        var response = house.chat(House.prompt("hello"));
        assertThat(response.body()).contains("rate_limit_exceeded");
        assertThat(answer().text("costNanoUsd")).contains("0");
        assertThat(answer().text("upstream")).contains("second");
    }

    @Test
    void anUpstreamThatKeepsFailingIsLeftAloneAndHealthSaysWhy() throws Exception {
        house.upstream.play((_, response) -> FakeUpstream.json(response, 500, "{}"));
        house.start();
        for (int i = 0; i < Breaker.FAILURES + 3; i++) {
            assertThat(house.chat(House.prompt("hello")).body()).contains("2nd");
        }
        assertThat(house.upstream.seen()).hasSize(Breaker.FAILURES);
        assertThat(house.records().getLast().body().get("leftUpstreams"))
                .contains(Json.array(List.of(left("rehearsal", "breaker_open"))));
        assertThat(House.json(house.admin("/health")).get("upstreams"))
                .contains(
                        Json.array(
                                List.of(
                                        Json.object()
                                                .put("name", "rehearsal")
                                                .put("available", false)
                                                .put("reason", "upstream_failed")
                                                .build(),
                                        available("other-house"),
                                        available("nowhere"),
                                        available("second"))));
    }

    private static Json available(String upstream) {
        return Json.object().put("name", upstream).put("available", true).build();
    }

    @Test
    void whenAllAreLeftAloneNothingLeaves() throws Exception {
        house.moreUpstreams = "";
        house.moreOfModel = "";
        house.upstream.play((_, response) -> FakeUpstream.json(response, 500, "{}"));
        house.start();
        for (int i = 0; i < Breaker.FAILURES + 1; i++) {
            assertThat(house.chat(House.prompt("hello")).statusCode()).isEqualTo(502);
        }
        assertThat(house.upstream.seen()).hasSize(Breaker.FAILURES);
        var last = house.records().getLast().body();
        assertThat(last.text("code")).contains("upstream_unreachable");
        assertThat(last.text("upstream")).isEmpty();
        assertThat(last.text("costNanoUsd")).contains("0");
    }

    @Test
    void anAgentCannotCloseAnUpstreamToOthers() throws Exception {
        house.upstream.play((_, response) -> FakeUpstream.json(response, 400, "{}"));
        house.start();
        for (int i = 0; i < Breaker.FAILURES + 1; i++) {
            house.chat(House.prompt("hello"));
        }
        assertThat(house.upstream.seen()).hasSize(Breaker.FAILURES + 1);
    }

    @Test
    void anUpstreamLostUnderLoadLosesNoRecordAndNoMoney() throws Exception {
        house.start();
        var half = new CountDownLatch(CALLERS * CALLS_EACH / 2);
        var callers = new ArrayList<CompletableFuture<List<Integer>>>();
        for (int i = 0; i < CALLERS; i++) {
            callers.add(
                    CompletableFuture.supplyAsync(() -> calls(half), Thread::startVirtualThread));
        }
        assertThat(half.await(60, TimeUnit.SECONDS)).isTrue();
        house.upstream.close();
        var statuses = new ArrayList<Integer>();
        for (var caller : callers) {
            statuses.addAll(caller.get(60, TimeUnit.SECONDS));
        }
        // What was under way when it was lost may have been charged, and is not asked again.
        assertThat(statuses).containsOnly(200, 502).hasSize(CALLERS * CALLS_EACH);
        assertThat(statuses.stream().filter(status -> status == 502).count())
                .isLessThanOrEqualTo(CALLERS);
        assertThat(second.seen()).isNotEmpty();
        var byExchange =
                house.records().stream()
                        .collect(
                                Collectors.groupingBy(
                                        LedgerEntry::exchange,
                                        Collectors.mapping(
                                                LedgerEntry::kind, Collectors.toList())));
        assertThat(byExchange).hasSize(CALLERS * CALLS_EACH);
        assertThat(byExchange.values())
                .allSatisfy(kinds -> assertThat(kinds).containsExactly(Kind.PROMPT, Kind.ANSWER));
        long recorded =
                house.records().stream()
                        .map(entry -> entry.body().text("costNanoUsd"))
                        .flatMap(Optional::stream)
                        .mapToLong(Long::parseLong)
                        .sum();
        assertThat(house.gateway().budgets().status())
                .singleElement()
                .satisfies(status -> assertThat(status.reserved()).isEqualTo(Cost.ZERO))
                .satisfies(status -> assertThat(status.used().nanoUsd()).isEqualTo(recorded));
    }

    private List<Integer> calls(CountDownLatch each) {
        var statuses = new ArrayList<Integer>();
        try (var client = house.client()) {
            for (int i = 0; i < CALLS_EACH; i++) {
                var body = HttpRequest.BodyPublishers.ofString(House.prompt("hello"));
                var request = house.request(FrontDoor.CHAT).POST(body).build();
                statuses.add(
                        client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode());
                each.countDown();
            }
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        return statuses;
    }
}
