package dev.casemate.proxy.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.casemate.manifest.Json;
import dev.casemate.manifest.JsonReader;
import dev.casemate.proxy.audit.LedgerEntry;
import dev.casemate.proxy.audit.LedgerEntry.Kind;
import dev.casemate.proxy.finops.Cost;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Streamed answers: guarded like plain ones, however the bytes are cut.
final class StreamTest {

    private static final String WHOLE =
            FakeUpstream.delta("{\"role\":\"assistant\",\"content\":\"\"}", "null")
                    + FakeUpstream.text("Copper is ")
                    + FakeUpstream.text("at 9,000 – ")
                    + FakeUpstream.text("per tonne.")
                    + FakeUpstream.delta("{}", "\"stop\"")
                    + FakeUpstream.usageEvent()
                    + FakeUpstream.done();

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

    private static String prompt(String more) {
        return House.prompt(House.MODEL, "What is copper at?", ",\"stream\":true" + more);
    }

    private void plays(String events, int pieceBytes) {
        house.upstream.play((_, response) -> FakeUpstream.stream(response, events, pieceBytes));
    }

    /// The JSON of each event; [DONE] as a string.
    private static List<Json> events(String body) {
        var events = new ArrayList<Json>();
        for (var event : body.split("\n\n", -1)) {
            if (event.startsWith("data: ")) {
                var data = event.substring(6);
                events.add(data.equals("[DONE]") ? Json.of(data) : JsonReader.read(data));
            }
        }
        return events;
    }

    private static String text(String body) {
        var text = new StringBuilder();
        for (var event : events(body)) {
            if (event instanceof Json.Obj chunk
                    && chunk.get("choices").orElse(new Json.Null()) instanceof Json.Arr(var items)
                    && !items.isEmpty()
                    && ((Json.Obj) items.getFirst()).get("delta").orElseThrow()
                            instanceof Json.Obj delta) {
                text.append(delta.text("content").orElse(""));
            }
        }
        return text.toString();
    }

    private Json.Obj assertPair(String outcome, Optional<ErrorCode> code) {
        var records = house.records();
        assertThat(records.stream().map(LedgerEntry::kind))
                .containsExactly(Kind.PROMPT, Kind.ANSWER);
        var answer = records.getLast().body();
        assertThat(answer.text("outcome")).contains(outcome);
        assertThat(answer.text("code")).isEqualTo(code.map(ErrorCode::word));
        assertThat(house.gateway().budgets().status())
                .allSatisfy(status -> assertThat(status.reserved()).isEqualTo(Cost.ZERO));
        return answer;
    }

    @Test
    void aStreamPassesWhole() throws Exception {
        house.start();
        plays(WHOLE, 1 << 20);
        var response = house.chat(prompt(""));
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(text(response.body())).isEqualTo("Copper is at 9,000 – per tonne.");
        assertThat(events(response.body()).getLast()).isEqualTo(Json.of("[DONE]"));
        assertThat(response.body()).doesNotContain("usage").contains("\"finish_reason\":\"stop\"");
        var answer = assertPair("answered", Optional.empty());
        assertThat(answer.text("costNanoUsd")).contains("100000");
        assertThat(answer.get("response").orElseThrow().text())
                .contains("Copper is at 9,000 – per tonne.");
    }

    @Test
    void aStreamPassesWholeHoweverItIsCut() throws Exception {
        house.start();
        for (int pieceBytes : new int[] {1, 2, 3, 7, 64}) {
            plays(WHOLE.replace("\n", "\r\n"), pieceBytes);
            assertThat(text(house.chat(prompt("")).body()))
                    .isEqualTo("Copper is at 9,000 – per tonne.");
        }
    }

    @Test
    void theUsageChunkGoesToWhoeverAskedForIt() throws Exception {
        house.start();
        plays(WHOLE, 1 << 20);
        var body = house.chat(prompt(",\"stream_options\":{\"include_usage\":true}")).body();
        assertThat(body).contains("\"prompt_tokens\":100");
        assertThat(house.upstream.seen().getFirst().body().get("stream_options"))
                .contains(Json.object().put("include_usage", true).build());
    }

    @Test
    void withoutUsageTheBytesAreCounted() throws Exception {
        house.start();
        plays(FakeUpstream.text("12345678") + FakeUpstream.delta("{}", "\"stop\""), 1 << 20);
        house.chat(prompt(""));
        var answer = assertPair("answered", Optional.empty());
        assertThat(answer.get("estimated")).contains(Json.of(true));
        assertThat(answer.get("usage").orElseThrow().text()).contains("\"outputTokens\":8");
    }

    private static String callPiece(String id, String name, String arguments) {
        var function = Json.object().put("name", name).put("arguments", arguments).build();
        return FakeUpstream.delta(
                "{\"tool_calls\":[{\"index\":0,\"id\":\"%s\",\"type\":\"function\",\"function\":%s}]}"
                        .formatted(id, function.text()),
                "null");
    }

    @Test
    void aToolCallSplitOverDeltasLeavesAsOneLegalDelta() throws Exception {
        house.start();
        plays(
                callPiece("call_1", "get_current", "")
                        + callPiece("", "_prices", "{\"sym")
                        + callPiece("", "", "bol\":\"CU\"}")
                        + FakeUpstream.delta("{}", "\"tool_calls\"")
                        + FakeUpstream.usageEvent()
                        + FakeUpstream.done(),
                5);
        var response = house.chat(prompt(""));
        var calls =
                events(response.body()).stream()
                        .filter(event -> event.text().contains("tool_calls\":["))
                        .toList();
        assertThat(calls)
                .singleElement()
                .satisfies(call ->
                        assertThat(call.text())
                                .contains("\"name\":\"get_current_prices\"")
                                .contains("{\\\"symbol\\\":\\\"CU\\\"}")
                                .contains("\"index\":0"));
        assertPair("answered", Optional.empty());
    }

    @Test
    void noPieceOfAnIllegalToolCallLeaves() throws Exception {
        house.start();
        plays(
                FakeUpstream.text("One moment. ")
                        + callPiece("call_1", "run_", "")
                        + callPiece("", "shell", "{\"command\":\"id\"}")
                        + FakeUpstream.delta("{}", "\"tool_calls\"")
                        + FakeUpstream.done(),
                9);
        var response = house.chat(prompt(""));
        assertThat(response.body())
                .contains("\"code\":\"illegal_tool_call\"")
                .doesNotContain("shell")
                .doesNotContain("[DONE]");
        var answer = assertPair("refused", Optional.of(ErrorCode.ILLEGAL_TOOL_CALL));
        assertThat(answer.get("toolCalls")).contains(Json.strings(List.of("run_shell")));
    }

    @Test
    void aStreamThatStopsShortHasFailedAndDoesNotLookWhole() throws Exception {
        house.start();
        plays(FakeUpstream.text("Copper is "), 1 << 20);
        var response = house.chat(prompt(""));
        assertThat(response.body())
                .contains("\"code\":\"upstream_failed\"")
                .doesNotContain("[DONE]");
        assertPair("upstream_failed", Optional.of(ErrorCode.UPSTREAM_FAILED));
    }

    @Test
    void anUpstreamThatDiesInTheMiddleHasFailed() throws Exception {
        house.start();
        house.upstream.play((_, response) -> {
            response.setChunked(true).putHeader("content-type", "text/event-stream");
            var _ = response.write(FakeUpstream.text("Copper is at nine thousand. "));
            house.upstream.vertx().setTimer(50, _ -> response.reset());
        });
        assertThat(house.chat(prompt("")).body()).contains("\"code\":\"upstream_failed\"");
        assertPair("upstream_failed", Optional.of(ErrorCode.UPSTREAM_FAILED));
    }

    @Test
    void anAgentThatGoesAwayStopsTheUpstreamAndIsCounted() throws Exception {
        house.start();
        var first = new CountDownLatch(1);
        house.upstream.play((_, response) -> {
            response.setChunked(true).putHeader("content-type", "text/event-stream");
            var _ = response.write(FakeUpstream.text("Copper is ".repeat(2_000)));
            first.countDown();
        });
        try (var client = house.client()) {
            HttpResponse<InputStream> response =
                    client.send(
                            house.request(FrontDoor.CHAT)
                                    .POST(HttpRequest.BodyPublishers.ofString(prompt("")))
                                    .build(),
                            HttpResponse.BodyHandlers.ofInputStream());
            assertThat(first.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(response.body().read()).isPositive();
            response.body().close();
        }
        assertThat(house.upstream.awaitCancelled()).isTrue();
        // Closing waits for whoever is inside: nobody may be left behind.
        long begun = System.nanoTime();
        house.stop();
        assertThat(System.nanoTime() - begun).isLessThan(TimeUnit.SECONDS.toNanos(8));
        var answer = assertPair("client_gone", Optional.empty());
        assertThat(answer.get("estimated")).contains(Json.of(true));
        assertThat(Long.parseLong(answer.text("costNanoUsd").orElseThrow())).isPositive();
    }

    @Test
    void anErrorInsideTheStreamIsAFailure() throws Exception {
        house.start();
        plays(FakeUpstream.event("{\"error\":{\"message\":\"overloaded key sk-1\"}}"), 1 << 20);
        var response = house.chat(prompt(""));
        assertThat(response.statusCode()).isEqualTo(502);
        assertThat(response.body()).doesNotContain("sk-1");
    }

    @Test
    void aPlainAnswerToAStreamedPromptIsAFailure() throws Exception {
        house.start();
        assertThat(house.chat(prompt("")).statusCode()).isEqualTo(502);
        assertPair("upstream_failed", Optional.of(ErrorCode.UPSTREAM_FAILED));
    }
}
