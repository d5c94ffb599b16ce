package dev.casemate.agent.sdk;

import static dev.casemate.agent.sdk.StreamedChatTest.call;
import static dev.casemate.agent.sdk.StreamedChatTest.delta;
import static dev.casemate.agent.sdk.StreamedChatTest.event;
import static dev.casemate.agent.sdk.StreamedChatTest.stop;
import static dev.casemate.agent.sdk.StreamedChatTest.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.casemate.agent.sdk.ChatReply.Failure;
import dev.casemate.agent.sdk.OpenAiChatClient.Answers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Streams over real connections: stalled, cut, endless, and given up.
@Timeout(60)
class StreamedAnswerTest {

    private static final String WHOLE =
            delta("{\"role\":\"assistant\",\"content\":\"\"}", "null")
                    + text("9\u202f000 ")
                    + text("€")
                    + stop("stop");

    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(300);

    @TempDir private static Path directory;
    private static Certificates certificates;

    private final List<String> words = new CopyOnWriteArrayList<>();
    private LoopbackHttps server;

    @BeforeAll
    static void makeCertificates() throws IOException {
        certificates = Certificates.named("dns:localhost", directory);
        Files.writeString(directory.resolve("credential"), "agent-key\n");
    }

    @BeforeEach
    void start() {
        server = new LoopbackHttps(certificates.server());
    }

    @AfterEach
    void stopServer() {
        server.close();
    }

    private OpenAiChatClient client(Duration silence) {
        var deployment = server.deployment(certificates, directory.resolve("credential"));
        return new OpenAiChatClient(
                new ProxyConnection(deployment), Answers.STREAMED, InstantSource.system(), silence);
    }

    private static ChatRequest request(Duration timeout) {
        return new ChatRequest(
                "test-model",
                List.of(new ChatMessage.Task("Do.")),
                List.of(),
                TraceContext.drawn(new Random(1)),
                timeout);
    }

    private ChatReply ask() throws InterruptedException {
        return client(LONG).ask(request(LONG), words::add);
    }

    private static ChatReply missing(Failure failure) {
        return new ChatReply.Failed(failure, "no answer from the proxy");
    }

    private static ChatReply answer(String text) {
        return new ChatReply.Answer(
                Optional.of(text), List.of(), Optional.of(new TokenCount(11, 7)));
    }

    @Test
    void aStreamIsAskedForWithItsUsage() throws InterruptedException {
        server.answers(exchange -> LoopbackHttps.events(exchange, WHOLE, 1 << 20));
        assertThat(ask()).isEqualTo(answer("9\u202f000 €"));
        assertThat(words).containsExactly("9\u202f000 ", "€");
        assertThat(server.asked.getFirst().body())
                .endsWith(",\"stream\":true,\"stream_options\":{\"include_usage\":true}}");
        assertThat(server.asked.getFirst().authorization()).isEqualTo("Bearer agent-key");
        assertThat(server.asked.getFirst().trace()).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01");
    }

    @Test
    void aStreamInSmallPiecesIsTheSame() throws InterruptedException {
        for (int pieceBytes : new int[] {1, 3, 7, 61}) {
            server.answers(exchange -> LoopbackHttps.events(exchange, WHOLE, pieceBytes));
            assertThat(ask()).isEqualTo(answer("9\u202f000 €"));
        }
    }

    @Test
    void wordsAreToldBeforeTheAnswerIsWhole() throws Exception {
        var heard = new CountDownLatch(1);
        server.answers(exchange -> {
            LoopbackHttps.beginEvents(exchange);
            LoopbackHttps.piece(exchange, text("one "));
            if (await(heard)) {
                LoopbackHttps.piece(exchange, text("two") + stop("stop"));
            }
        });
        var asking = Thread.currentThread();
        Consumer<String> listener =
                word -> {
                    assertThat(Thread.currentThread()).isSameAs(asking);
                    words.add(word);
                    heard.countDown();
                };
        assertThat(client(LONG).ask(request(LONG), listener)).isEqualTo(answer("one two"));
        assertThat(words).containsExactly("one ", "two");
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Test
    void aStreamThatIsCutIsBroken() throws InterruptedException {
        var heard = new CountDownLatch(1);
        server.answers(exchange -> {
            LoopbackHttps.cutEvents(exchange, text("half"));
            assertThat(await(heard)).isTrue();
        });
        assertThat(client(LONG).ask(request(LONG), _ -> heard.countDown()))
                .isEqualTo(missing(Failure.BROKEN));
        assertThat(heard.getCount()).isZero();
    }

    @Test
    void aStreamThatEndsWithoutItsEndMarkIsBroken() throws InterruptedException {
        server.answers(exchange ->
                LoopbackHttps.events(exchange, text("half") + delta("{}", "\"stop\""), 50));
        assertThat(ask())
                .isEqualTo(
                        new ChatReply.Failed(
                                Failure.BROKEN, "the stream stopped before its end mark"));
    }

    @Test
    void aStreamThatFallsSilentTimesOut() throws InterruptedException {
        server.answers(exchange -> {
            LoopbackHttps.beginEvents(exchange);
            LoopbackHttps.piece(exchange, text("half"));
            server.hang();
        });
        assertThat(client(SHORT).ask(request(LONG), words::add))
                .isEqualTo(missing(Failure.TIMED_OUT));
        assertThat(client(LONG).ask(request(SHORT), words::add))
                .isEqualTo(missing(Failure.TIMED_OUT));
        server.answers(_ -> server.hang());
        assertThat(client(SHORT).ask(request(LONG), words::add))
                .isEqualTo(missing(Failure.TIMED_OUT));
    }

    @Test
    void heartbeatsDoNotOutliveTheTimeoutAndTheConnectionIsClosed() throws InterruptedException {
        var closed = new CountDownLatch(1);
        var heartbeat = Duration.ofMillis(200);
        server.answers(exchange -> {
            LoopbackHttps.beginEvents(exchange);
            LoopbackHttps.heartbeatsUntilClosed(exchange, closed);
        });
        var limits = new PinnedHttps.Limits(Integer.MAX_VALUE, LONG, heartbeat);
        var connection =
                new ProxyConnection(
                        server.deployment(certificates, directory.resolve("credential")));
        var reply =
                connection.stream(
                        "/",
                        ChatWire.request(request(LONG)),
                        request(LONG).trace(),
                        limits,
                        _ -> {
                            return false;
                        });
        assertThat(reply).isEqualTo(new PinnedHttps.Reply.Missing(Failure.TIMED_OUT));
        assertThat(closed.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aStreamOverTheLimitIsNotTakenAndTheConnectionIsClosed() throws InterruptedException {
        var closed = new CountDownLatch(1);
        server.answers(exchange -> {
            LoopbackHttps.beginEvents(exchange);
            LoopbackHttps.heartbeatsUntilClosed(exchange, closed);
        });
        assertThat(ask()).isEqualTo(missing(Failure.TOO_LARGE));
        assertThat(closed.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void anInterruptClosesTheConnectionAtOnce() throws Exception {
        var closed = new CountDownLatch(1);
        var heard = new CountDownLatch(1);
        var interrupted = new CountDownLatch(1);
        server.answers(exchange -> {
            LoopbackHttps.beginEvents(exchange);
            LoopbackHttps.piece(exchange, text("half"));
            if (await(interrupted)) {
                LoopbackHttps.heartbeatsUntilClosed(exchange, closed);
            }
        });
        var client = client(LONG);
        var asked =
                new FutureTask<ChatReply>(() -> client.ask(request(LONG), _ -> heard.countDown()));
        var thread = Thread.ofVirtual().start(asked);
        assertThat(heard.await(20, TimeUnit.SECONDS)).isTrue();
        thread.interrupt();
        assertThatThrownBy(() -> asked.get(20, TimeUnit.SECONDS))
                .hasCauseInstanceOf(InterruptedException.class);
        interrupted.countDown();
        assertThat(closed.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void anInterruptBeforeTheFirstByteClosesTheConnectionToo() throws Exception {
        var closed = new CountDownLatch(1);
        var arrived = new CountDownLatch(1);
        var interrupted = new CountDownLatch(1);
        server.answers(exchange -> {
            arrived.countDown();
            if (await(interrupted)) {
                LoopbackHttps.beginEvents(exchange);
                LoopbackHttps.heartbeatsUntilClosed(exchange, closed);
            }
        });
        var client = client(LONG);
        var asked = new FutureTask<ChatReply>(() -> client.ask(request(LONG), words::add));
        var thread = Thread.ofVirtual().start(asked);
        assertThat(arrived.await(20, TimeUnit.SECONDS)).isTrue();
        thread.interrupt();
        assertThatThrownBy(() -> asked.get(20, TimeUnit.SECONDS))
                .hasCauseInstanceOf(InterruptedException.class);
        interrupted.countDown();
        assertThat(closed.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aListenerThatThrowsClosesTheConnection() throws InterruptedException {
        var closed = new CountDownLatch(1);
        server.answers(exchange -> {
            LoopbackHttps.beginEvents(exchange);
            LoopbackHttps.piece(exchange, text("half"));
            LoopbackHttps.heartbeatsUntilClosed(exchange, closed);
        });
        assertThatThrownBy(() ->
                        client(LONG)
                                .ask(
                                        request(LONG),
                                        _ -> {
                                            throw new IllegalStateException("listener");
                                        }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(closed.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void anAnswerIsWholeWithItsEndMarkWhateverTheConnectionDoes() throws InterruptedException {
        var closed = new CountDownLatch(1);
        server.answers(exchange -> {
            LoopbackHttps.beginEvents(exchange);
            LoopbackHttps.piece(exchange, text("all") + stop("stop"));
            LoopbackHttps.heartbeatsUntilClosed(exchange, closed);
        });
        assertThat(ask()).isEqualTo(answer("all"));
        assertThat(closed.await(20, TimeUnit.SECONDS)).isTrue();
        var heard = new CountDownLatch(1);
        server.answers(exchange -> {
            LoopbackHttps.cutEvents(exchange, text("all") + stop("stop"));
            assertThat(await(heard)).isTrue();
        });
        assertThat(client(LONG).ask(request(LONG), _ -> heard.countDown()))
                .isEqualTo(answer("all"));
    }

    @Test
    void aConnectionIsUsedAgainAfterAWholeStream() throws InterruptedException {
        var ports = new ArrayList<Integer>();
        server.answers(exchange -> {
            ports.add(exchange.getRemoteAddress().getPort());
            LoopbackHttps.events(exchange, WHOLE, 40);
        });
        var client = client(LONG);
        for (int i = 0; i < 3; i++) {
            assertThat(client.ask(request(LONG), words::add)).isEqualTo(answer("9\u202f000 €"));
        }
        assertThat(ports).hasSize(3).containsOnly(ports.getFirst());
    }

    @Test
    void aRefusalBeforeTheStreamIsReadAsAlways() throws InterruptedException {
        server.answers(exchange -> {
            exchange.getResponseHeaders().set("retry-after-ms", "1500");
            LoopbackHttps.json(
                    exchange, 429, "{\"error\":{\"message\":\"slow\",\"code\":\"too_many\"}}");
        });
        assertThat(ask())
                .isEqualTo(
                        new ChatReply.Refused(
                                429, "too_many", "slow", Optional.of(Duration.ofMillis(1_500))));
        server.answersJson(503, "{\"error\":{\"message\":\"full\",\"code\":\"overloaded\"}}");
        assertThat(ask()).isEqualTo(new ChatReply.Failed(Failure.SERVER_ERROR, "overloaded: full"));
    }

    @Test
    void anErrorEndsTheStream() throws InterruptedException {
        server.answers(exchange ->
                LoopbackHttps.events(
                        exchange,
                        text("so far ")
                                + call(0, ",\"id\":\"a\"")
                                + event(
                                        "{\"error\":{\"message\":\"no\",\"type\":"
                                                + "\"permission_error\",\"code\":"
                                                + "\"illegal_tool_call\"}}"),
                        11));
        assertThat(ask())
                .isEqualTo(new ChatReply.Refused(403, "illegal_tool_call", "no", Optional.empty()));
    }

    @Test
    void anotherContentTypeIsMalformed() throws InterruptedException {
        server.answersJson(200, "{}");
        assertThat(ask())
                .isEqualTo(
                        new ChatReply.Failed(
                                Failure.MALFORMED, "expected content type text/event-stream"));
        server.answers(exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream; charset=utf-16");
            LoopbackHttps.body(exchange, 200, WHOLE);
        });
        assertThat(ask())
                .isEqualTo(
                        new ChatReply.Failed(
                                Failure.MALFORMED, "expected content type text/event-stream"));
    }
}
