package dev.casemate.agent.sdk;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.casemate.manifest.Correlation;
import dev.casemate.manifest.Deployment;
import dev.casemate.manifest.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;

/// An HTTPS server on loopback that does as a test says, and remembers what it was asked.
final class LoopbackHttps implements AutoCloseable {

    /// What was asked.
    record Asked(
            String method,
            String path,
            String body,
            String authorization,
            String baggage,
            String trace) {}

    /// What a test answers with.
    @FunctionalInterface
    interface Answering {
        void answer(HttpExchange exchange) throws IOException;
    }

    final List<Asked> asked = new CopyOnWriteArrayList<>();

    private final HttpsServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile Answering answering = exchange -> json(exchange, 200, "{}");

    LoopbackHttps(SSLContext certificates) {
        try {
            server =
                    HttpsServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setHttpsConfigurator(new HttpsConfigurator(certificates));
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    private void handle(HttpExchange exchange) throws IOException {
        var headers = exchange.getRequestHeaders();
        asked.add(
                new Asked(
                        exchange.getRequestMethod(),
                        exchange.getRequestURI().toString(),
                        new String(
                                exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8),
                        String.valueOf(headers.getFirst("Authorization")),
                        String.valueOf(headers.getFirst("baggage")),
                        String.valueOf(headers.getFirst("traceparent"))));
        try (exchange) {
            answering.answer(exchange);
        }
    }

    void answers(Answering next) {
        answering = next;
    }

    void answersJson(int status, String body) {
        answering = exchange -> json(exchange, status, body);
    }

    static void json(HttpExchange exchange, int status, String body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        body(exchange, status, body);
    }

    static void body(HttpExchange exchange, int status, String body) throws IOException {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    /// Begins an event stream of unknown length.
    static void beginEvents(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream; charset=utf-8");
        exchange.sendResponseHeaders(200, 0);
    }

    /// Sends bytes as a chunk of their own, at once.
    static void piece(HttpExchange exchange, byte[] bytes) throws IOException {
        exchange.getResponseBody().write(bytes);
        exchange.getResponseBody().flush();
    }

    static void piece(HttpExchange exchange, String text) throws IOException {
        piece(exchange, text.getBytes(StandardCharsets.UTF_8));
    }

    /// A whole event stream in pieces of this length.
    static void events(HttpExchange exchange, String events, int pieceBytes) throws IOException {
        beginEvents(exchange);
        var bytes = events.getBytes(StandardCharsets.UTF_8);
        for (int at = 0; at < bytes.length; at += pieceBytes) {
            piece(exchange, Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + pieceBytes)));
        }
    }

    /// An event stream that was announced longer than what comes before the connection is cut.
    static void cutEvents(HttpExchange exchange, String events) throws IOException {
        var bytes = events.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, bytes.length + 1);
        piece(exchange, bytes);
    }

    /// Sends heartbeats until the other side has closed the connection.
    static void heartbeatsUntilClosed(HttpExchange exchange, CountDownLatch closed) {
        var heartbeat = (": " + "-".repeat(1_000) + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            while (true) {
                piece(exchange, heartbeat);
            }
        } catch (IOException e) {
            closed.countDown();
        }
    }

    /// Waits until the test is over: an answer that never becomes whole.
    void hang() {
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    int port() {
        return server.getAddress().getPort();
    }

    Deployment.Endpoint endpoint(Certificates trusted) {
        return new Deployment.Endpoint(
                "localhost", port(), Optional.of(trusted.authority().toString()), Optional.empty());
    }

    /// A deployment whose proxy this server is.
    Deployment deployment(Certificates trusted, Path credential) {
        var proxy =
                new Deployment.Endpoint(
                        "localhost",
                        port(),
                        Optional.of(trusted.authority().toString()),
                        Optional.of(credential.toString()));
        return new Deployment(
                Digest.of(new byte[0]),
                new Correlation("run-1", "workflow-1", "transaction-1"),
                proxy,
                Map.of(),
                "test-model");
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.close();
    }
}
