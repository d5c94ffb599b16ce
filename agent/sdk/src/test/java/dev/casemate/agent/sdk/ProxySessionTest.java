package dev.casemate.agent.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.casemate.agent.sdk.OpenAiChatClient.Answers;
import dev.casemate.manifest.Correlation;
import dev.casemate.manifest.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A whole run before a proxy that is busy at first, and what the proxy hears of it.
@Timeout(60)
class ProxySessionTest {

    @TempDir private Path directory;

    @Test
    void aRunBeforeABusyProxyIsAnsweredAndTellsWhatItTook() throws IOException {
        var certificates = Certificates.named("dns:localhost", directory);
        var credential = Files.writeString(directory.resolve("credential"), "agent-key");
        var tools = TestTools.answering("one");
        var waits = new ArrayList<Duration>();
        var failures = new ArrayList<String>();
        var said = new ArrayList<String>();
        try (var proxy = new LoopbackHttps(certificates.server())) {
            proxy.answers(exchange -> {
                if (!exchange.getRequestURI().getPath().endsWith("/chat/completions")) {
                    LoopbackHttps.json(exchange, 200, "{}");
                } else if (chats(proxy).size() == 1) {
                    exchange.getResponseHeaders().set("retry-after", "3");
                    LoopbackHttps.json(exchange, 429, "{\"error\":{\"code\":\"busy\"}}");
                } else {
                    LoopbackHttps.events(
                            exchange,
                            StreamedChatTest.text("do")
                                    + StreamedChatTest.text("ne")
                                    + StreamedChatTest.stop("stop"),
                            20);
                }
            });
            var connection = new ProxyConnection(proxy.deployment(certificates, credential));
            var session =
                    ProxySession.of(
                            connection.forRun(new Correlation("run-7", "w", "t")),
                            tools.manifest(),
                            Answers.STREAMED,
                            new Random(1),
                            waits::add,
                            failures::add);
            var report =
                    new AgentLoop(
                                    tools,
                                    session.model(),
                                    "test-model",
                                    new Correlation("run-7", "w", "t"),
                                    InstantSource.system(),
                                    new Random(2),
                                    Approver.NOBODY,
                                    event -> {
                                        if (event instanceof RunEvent.Said(var text)) {
                                            said.add(text);
                                        }
                                        tellASpanBeforeTheEnd(session, event, chats(proxy));
                                        session.listener().on(event);
                                    })
                            .run("task");
            assertThat(report.answer()).contains("done");
            assertThat(said).containsExactly("do", "ne");
            assertThat(waits)
                    .singleElement()
                    .satisfies(wait ->
                            assertThat(wait)
                                    .isBetween(Duration.ofSeconds(3), Duration.ofMillis(3_500)));
            assertThat(failures).isEmpty();
            assertThat(proxy.asked)
                    .allSatisfy(asked ->
                            assertThat(asked.baggage()).startsWith("casemate.run.id=run-7,"));
            assertThat(proxy.asked.stream().map(LoopbackHttps.Asked::path))
                    .containsExactly(
                            "/v1/casemate/events",
                            "/v1/chat/completions",
                            "/v1/chat/completions",
                            "/v1/casemate/events",
                            "/v1/traces");
            assertThat(proxy.asked.getLast().body())
                    .contains(
                            "{\"key\":\"http.request.resend_count\",\"value\":{\"intValue\":\"1\"}}");
        }
    }

    private static List<LoopbackHttps.Asked> chats(LoopbackHttps proxy) {
        return proxy.asked.stream()
                .filter(asked -> asked.path().equals("/v1/chat/completions"))
                .toList();
    }

    // The span of the prompt, under the trace that the proxy saw.
    private static void tellASpanBeforeTheEnd(
            ProxySession session, RunEvent event, List<LoopbackHttps.Asked> chats) {
        if (event instanceof RunEvent.Ended) {
            var ids = chats.getFirst().trace().split("-", -1);
            session.listener()
                    .on(
                            new RunEvent.Traced(
                                    new Span(
                                            new TraceContext(ids[1], ids[2]),
                                            Optional.empty(),
                                            "chat test-model",
                                            Span.Kind.CLIENT,
                                            Instant.EPOCH,
                                            Instant.EPOCH,
                                            Json.object().build(),
                                            Optional.empty())));
        }
    }
}
