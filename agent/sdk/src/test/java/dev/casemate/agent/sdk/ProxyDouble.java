package dev.casemate.agent.sdk;

import com.sun.net.httpserver.HttpExchange;
import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.Correlation;
import dev.casemate.manifest.Deployment;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.JsonReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// What an agent finds behind the wall, on loopback: a model that says one thing, a record of
/// events, and a queue of tasks. A test says how each of them fails.
final class ProxyDouble implements AutoCloseable {

    static final LoopbackHttps.Answering NO_TASK =
            exchange -> LoopbackHttps.body(exchange, 204, "");

    final LoopbackHttps https;

    /// What comes of asking for a task, in order; after the last one there are no more.
    final Queue<LoopbackHttps.Answering> next = new ConcurrentLinkedQueue<>();

    /// What comes of telling a result or a return, in order; after the last one each is taken.
    final Queue<LoopbackHttps.Answering> told = new ConcurrentLinkedQueue<>();

    volatile LoopbackHttps.Answering model = saying("nine");

    /// Does what is to happen when somebody asks and there is nothing more to be said.
    volatile LoopbackHttps.Answering atTheEnd = NO_TASK;

    private final Certificates certificates;
    private final Path directory;

    ProxyDouble(Certificates certificates, Path directory) {
        this.certificates = certificates;
        this.directory = directory;
        https = new LoopbackHttps(certificates.server());
        https.answers(this::answer);
    }

    static LoopbackHttps.Answering saying(String text) {
        return exchange ->
                LoopbackHttps.json(
                        exchange,
                        200,
                        "{\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":\""
                                + text
                                + "\"}}],\"usage\":{\"prompt_tokens\":11,\"completion_tokens\":7}}");
    }

    /// Lends a task.
    static LoopbackHttps.Answering task(String id, String delivery, int leaseSeconds) {
        return exchange -> LoopbackHttps.json(exchange, 200, taskText(id, delivery, leaseSeconds));
    }

    static String taskText(String id, String delivery, int leaseSeconds) {
        return "{\"id\":\"%s\",\"task\":\"What is %s?\",\"delivery\":\"%s\",\"leaseSeconds\":%d}"
                .formatted(id, id, delivery, leaseSeconds);
    }

    static LoopbackHttps.Answering status(int status) {
        return exchange -> LoopbackHttps.body(exchange, status, "");
    }

    static LoopbackHttps.Answering status(int status, String retryAfter) {
        return exchange -> {
            exchange.getResponseHeaders().set("Retry-After", retryAfter);
            LoopbackHttps.body(exchange, status, "");
        };
    }

    /// The request was taken in, and the answer never comes: the connection is closed.
    static LoopbackHttps.Answering lost() {
        return HttpExchange::close;
    }

    private void answer(HttpExchange exchange) throws IOException {
        var path = exchange.getRequestURI().getPath();
        if (path.equals("/v1/chat/completions")) {
            model.answer(exchange);
        } else if (path.equals(TaskQueue.NEXT)) {
            Optional.ofNullable(next.poll()).orElse(atTheEnd).answer(exchange);
        } else if (path.startsWith("/v1/casemate/tasks/")) {
            Optional.ofNullable(told.poll()).orElse(status(204)).answer(exchange);
        } else {
            LoopbackHttps.json(exchange, 202, "{}");
        }
    }

    /// What was posted to a path, in order.
    List<Json.Obj> posted(String path) {
        return https.asked.stream()
                .filter(asked -> asked.path().equals(path))
                .map(asked -> (Json.Obj) JsonReader.read(asked.body()))
                .toList();
    }

    /// The prompts so far.
    long prompts() {
        return posted("/v1/chat/completions").size();
    }

    Deployment deployment(AgentManifest manifest, String run) {
        return new Deployment(
                manifest.digest(),
                new Correlation(run, "workflow-1", "transaction-1"),
                new Deployment.Endpoint(
                        "localhost",
                        https.port(),
                        Optional.of(certificates.authority().toString()),
                        Optional.of(directory.resolve("credential").toString())),
                Map.of(),
                "test-model");
    }

    Path deploymentFile(AgentManifest manifest, String run) throws IOException {
        return Files.writeString(
                directory.resolve("deployment-" + https.port() + ".json"),
                deployment(manifest, run).toJson().text());
    }

    @Override
    public void close() {
        https.close();
    }
}
