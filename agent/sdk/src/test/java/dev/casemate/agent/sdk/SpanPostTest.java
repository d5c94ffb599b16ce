package dev.casemate.agent.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.Correlation;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.JsonReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a run tells the proxy of itself, over real connections.
@Timeout(60)
class SpanPostTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir private static Path directory;
    private static Certificates certificates;

    private final AgentManifest manifest = TestTools.answering("").manifest();
    private final Random random = new Random(1);
    private final TraceContext run = TraceContext.drawn(random);
    private final List<String> failures = new ArrayList<>();
    private LoopbackHttps proxy;
    private SpanPost spans;
    private EventPost events;

    @BeforeAll
    static void makeCertificates() throws IOException {
        certificates = Certificates.named("dns:localhost", directory);
        Files.writeString(directory.resolve("credential"), "agent-key\n");
    }

    @BeforeEach
    void start() {
        proxy = new LoopbackHttps(certificates.server());
        var connection =
                new ProxyConnection(
                        proxy.deployment(certificates, directory.resolve("credential")));
        spans = new SpanPost(connection, manifest, failures::add);
        events = new EventPost(connection, failures::add);
    }

    @AfterEach
    void stop() {
        proxy.close();
    }

    private Span span(Json.Obj attributes) {
        return new Span(
                run.child(random),
                Optional.of(run.spanId()),
                "chat test-model",
                Span.Kind.CLIENT,
                NOW,
                NOW,
                attributes,
                Optional.empty());
    }

    private RunEvent traced() {
        return new RunEvent.Traced(span(Json.object().build()));
    }

    private RunEvent started() {
        return new RunEvent.Started(
                manifest, new Correlation("run-1", "workflow-1", "transaction-1"), "test-model");
    }

    /// The end of a run as the loop tells it.
    private RunEvent ended() {
        var told = new ArrayList<RunEvent>();
        new AgentLoop(
                        TestTools.answering(""),
                        (_, _) ->
                                new ChatReply.Answer(
                                        Optional.of("done"), List.of(), Optional.empty()),
                        "test-model",
                        new Correlation("run-1", "workflow-1", "transaction-1"),
                        () -> NOW,
                        random,
                        Approver.NOBODY,
                        told::add)
                .run("task");
        return told.getLast();
    }

    private static List<Json> spansIn(LoopbackHttps.Asked asked) {
        var request = (Json.Obj) JsonReader.read(asked.body());
        return items(
                object(
                        items(object(items(request, "resourceSpans").getFirst()), "scopeSpans")
                                .getFirst()),
                "spans");
    }

    private static Json.Obj object(Json json) {
        return (Json.Obj) json;
    }

    private static List<Json> items(Json.Obj object, String name) {
        return ((Json.Arr) object.get(name).orElseThrow()).items();
    }

    @Test
    void spansArePostedOnceAtTheEndOfTheRun() {
        spans.on(started());
        spans.on(traced());
        spans.on(new RunEvent.Said("piece"));
        spans.on(traced());
        assertThat(proxy.asked).isEmpty();
        spans.on(ended());
        assertThat(proxy.asked).hasSize(1);
        var asked = proxy.asked.getFirst();
        assertThat(asked.method()).isEqualTo("POST");
        assertThat(asked.path()).isEqualTo("/v1/traces");
        assertThat(asked.authorization()).isEqualTo("Bearer agent-key");
        assertThat(asked.baggage()).startsWith("casemate.run.id=run-1,");
        assertThat(spansIn(asked)).hasSize(2);
        assertThat(failures).isEmpty();
    }

    @Test
    void aFullBatchIsPostedBeforeTheEnd() {
        for (int i = 0; i < 2 * SpanPost.MAX_SPANS + 3; i++) {
            spans.on(traced());
        }
        assertThat(proxy.asked).hasSize(2);
        spans.on(ended());
        assertThat(proxy.asked.stream().map(asked -> spansIn(asked).size()))
                .containsExactly(SpanPost.MAX_SPANS, SpanPost.MAX_SPANS, 3);
        spans.on(ended());
        assertThat(proxy.asked).hasSize(3);
    }

    @Test
    void aBatchOfLargeSpansIsFullEarlier() {
        var large = Json.object();
        for (int i = 0; i < OtlpJson.MAX_ATTRIBUTES; i++) {
            large.put("a" + i, "€".repeat(OtlpJson.MAX_TEXT_CHARS));
        }
        var built = large.build();
        while (proxy.asked.isEmpty()) {
            spans.on(new RunEvent.Traced(span(built)));
        }
        var asked = proxy.asked.getFirst();
        assertThat(spansIn(asked).size()).isLessThan(SpanPost.MAX_SPANS);
        assertThat(asked.body().length()).isLessThan(2 * SpanPost.FULL_BYTES);
    }

    @Test
    void aSpanTellsHowOftenItsPromptWasSentAgain() {
        var asking = span(Json.object().build());
        var request =
                new ChatRequest(
                        "test-model", List.of(), List.of(), asking.context(), Duration.ZERO);
        var busy = new ChatReply.Refused(429, "x", "busy", Optional.empty());
        spans.retried(new RetryingModel.Retry(request, 1, busy, Duration.ZERO));
        spans.retried(new RetryingModel.Retry(request, 2, busy, Duration.ZERO));
        spans.on(new RunEvent.Traced(asking));
        spans.on(traced());
        spans.on(ended());
        var posted = spansIn(proxy.asked.getFirst());
        assertThat(posted.getFirst().text())
                .contains("{\"key\":\"http.request.resend_count\",\"value\":{\"intValue\":\"2\"}}");
        assertThat(posted.getLast().text()).doesNotContain("resend_count");
    }

    @Test
    void aProxyThatDoesNotTakeThemIsToldAndNoMore() {
        proxy.answersJson(503, "{}");
        spans.on(traced());
        spans.on(ended());
        assertThat(failures).containsExactly("status 503");
        proxy.close();
        spans.on(traced());
        spans.on(ended());
        // The kept connection may turn out to be gone before or after something was sent on it.
        assertThat(failures).hasSize(2);
        assertThat(failures.getLast()).isIn("unreachable", "broken");
    }

    @Test
    void theSpansOfACancelledRunArePosted() {
        spans.on(traced());
        Thread.currentThread().interrupt();
        spans.on(ended());
        assertThat(Thread.interrupted()).isTrue();
        assertThat(proxy.asked).hasSize(1);
        assertThat(failures).isEmpty();
    }

    @Test
    void neitherSpansNorPiecesOfTextArePostedAsEvents() {
        events.on(traced());
        events.on(new RunEvent.Said("secret words"));
        assertThat(proxy.asked).isEmpty();
    }

    @Test
    void eventsCarryTheTraceOfTheirRun() {
        events.on(started());
        events.on(traced());
        events.on(traced());
        events.on(ended());
        assertThat(proxy.asked.stream().map(LoopbackHttps.Asked::trace))
                .containsExactly("null", run.traceparent());
    }
}
