package dev.casemate.proxy.gateway;

import dev.casemate.manifest.Json;
import dev.casemate.manifest.JsonReader;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// A model server on loopback that does what the test says.
final class FakeUpstream implements AutoCloseable {

    /// What it saw of one request.
    record Seen(
            String path, String authorization, String apiKey, String traceparent, Json.Obj body) {}

    interface Script {
        void play(Json.Obj request, HttpServerResponse response);
    }

    private final Vertx vertx = Vertx.vertx();
    private final HttpServer server;
    private final List<Seen> seen = new CopyOnWriteArrayList<>();
    private final CountDownLatch cancelled = new CountDownLatch(1);
    private volatile Script script = (_, response) -> json(response, 200, answer("hello"));

    FakeUpstream() throws Exception {
        server =
                vertx.createHttpServer(new HttpServerOptions().setHost("127.0.0.1").setPort(0))
                        .requestHandler(this::handle)
                        .listen()
                        .toCompletionStage()
                        .toCompletableFuture()
                        .get(10, TimeUnit.SECONDS);
    }

    private void handle(HttpServerRequest request) {
        request.response().closeHandler(_ -> cancelled.countDown());
        request.body()
                .onSuccess(body -> {
                    var json = (Json.Obj) JsonReader.read(body.getBytes());
                    seen.add(
                            new Seen(
                                    String.valueOf(request.path()),
                                    String.valueOf(request.getHeader("authorization")),
                                    String.valueOf(request.getHeader("x-api-key")),
                                    String.valueOf(request.getHeader("traceparent")),
                                    json));
                    script.play(json, request.response());
                });
    }

    void play(Script next) {
        script = next;
    }

    int port() {
        return server.actualPort();
    }

    List<Seen> seen() {
        return seen;
    }

    Vertx vertx() {
        return vertx;
    }

    boolean awaitCancelled() throws InterruptedException {
        return cancelled.await(10, TimeUnit.SECONDS);
    }

    static void json(HttpServerResponse response, int status, String body) {
        response.setStatusCode(status).putHeader("content-type", "application/json").end(body);
    }

    /// Sends a stream cut into pieces of so many bytes.
    static void stream(HttpServerResponse response, String events, int pieceBytes) {
        response.setChunked(true).putHeader("content-type", "text/event-stream");
        var bytes = Buffer.buffer(events);
        for (int i = 0; i < bytes.length(); i += pieceBytes) {
            var _ = response.write(bytes.slice(i, Math.min(i + pieceBytes, bytes.length())));
        }
        var _ = response.end();
    }

    static String answer(String text) {
        return Json.object()
                .put("id", "chatcmpl-1")
                .put("object", "chat.completion")
                .put("created", 1_700_000_000)
                .put("model", "upstream-model")
                .put(
                        "choices",
                        Json.array(
                                List.of(
                                        Json.object()
                                                .put("index", 0)
                                                .put(
                                                        "message",
                                                        Json.object()
                                                                .put("role", "assistant")
                                                                .put("content", text)
                                                                .build())
                                                .put("finish_reason", "stop")
                                                .build())))
                .put("usage", usage())
                .build()
                .text();
    }

    static String toolCall(String name, String arguments) {
        return """
        {"id":"chatcmpl-2","object":"chat.completion","created":1700000000,"model":"upstream-model",
         "choices":[{"index":0,"finish_reason":"tool_calls","message":{"role":"assistant","content":null,
           "tool_calls":[{"id":"call_1","type":"function","function":{"name":"%s","arguments":%s}}]}}],
         "usage":{"prompt_tokens":20,"completion_tokens":8,"total_tokens":28}}
        """
                .formatted(name, Json.of(arguments).text());
    }

    static Json.Obj usage() {
        return Json.object()
                .put("prompt_tokens", 100)
                .put("completion_tokens", 10)
                .put("total_tokens", 110)
                .put("prompt_tokens_details", Json.object().put("cached_tokens", 40).build())
                .build();
    }

    static String event(String json) {
        return "data: " + json + "\n\n";
    }

    static String delta(String delta, String finish) {
        return event(
                """
                {"id":"chatcmpl-3","object":"chat.completion.chunk","created":1700000000,"model":"upstream-model","choices":[{"index":0,"delta":%s,"finish_reason":%s}]}\
                """
                        .formatted(delta, finish));
    }

    static String text(String text) {
        return delta(Json.object().put("content", text).build().text(), "null");
    }

    static String usageEvent() {
        return event(
                """
                {"id":"chatcmpl-3","object":"chat.completion.chunk","created":1700000000,"model":"upstream-model","choices":[],"usage":%s}\
                """
                        .formatted(usage().text()));
    }

    static String done() {
        return "data: [DONE]\n\n";
    }

    @Override
    public void close() {
        vertx.close()
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
    }
}
