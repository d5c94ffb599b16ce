package dev.casemate.governance;

import dev.casemate.governance.StageDescription.Line;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.JsonReader;
import dev.casemate.manifest.ManifestException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/// A scripted server of OpenAI's chat completions, for rehearsals without a model. It says so: each
/// answer carries `system_fingerprint` "casemate-rehearsal-model".
///
/// It counts the prompts that it saw, which is how a drill knows whether any went unrecorded.
final class RehearsalModel implements AutoCloseable {

    static final String FINGERPRINT = "casemate-rehearsal-model";

    private final RehearsalServer server;
    private final AtomicInteger prompts = new AtomicInteger();
    private volatile Script script;

    RehearsalModel(Identity identity, Script script) {
        this.script = script;
        this.server = new RehearsalServer(identity, this::answer);
    }

    /// Without TLS.
    RehearsalModel(int port, Script script) {
        this.script = script;
        this.server = RehearsalServer.plain(port, this::answer);
    }

    /// Changes what it says from the next request on.
    void play(Script next) {
        script = next;
    }

    int port() {
        return server.port();
    }

    /// Prompts seen since it started.
    int prompts() {
        return prompts.get();
    }

    private void answer(HttpServerRequest request, Buffer body) {
        if (!request.method().equals(HttpMethod.POST)) {
            request.response().setStatusCode(404).end();
            return;
        }
        var path = Objects.requireNonNullElse(request.path(), "");
        if (path.endsWith("/casemate/events") || path.endsWith("/v1/traces")) {
            // Where the agent is bound to this server directly, its events and spans come here:
            // nobody's.
            request.response().setStatusCode(204).end();
            return;
        }
        Json.Obj prompt;
        List<Json.Obj> messages;
        try {
            prompt = (Json.Obj) JsonReader.read(body.getBytes());
            messages = messages(prompt);
        } catch (ManifestException | ClassCastException notAPrompt) {
            request.response().setStatusCode(400).end();
            return;
        }
        prompts.incrementAndGet();
        var line = script.next(messages);
        var completion = completion(prompt, line, body.length());
        boolean stream = prompt.get("stream").equals(Optional.of(new Json.Bool(true)));
        request.response()
                .putHeader("content-type", stream ? "text/event-stream" : "application/json")
                .end(stream ? events(completion) : completion.text());
    }

    private static List<Json.Obj> messages(Json.Obj prompt) {
        var messages = new ArrayList<Json.Obj>();
        if (prompt.get("messages").orElse(new Json.Null()) instanceof Json.Arr(var items)) {
            items.forEach(item -> messages.add((Json.Obj) item));
        }
        return messages;
    }

    private Json.Obj completion(Json.Obj prompt, Line line, int promptBytes) {
        var message = Json.object().put("role", "assistant");
        String finish =
                switch (line) {
                    case Line.Say(var text) -> {
                        message.put("content", text);
                        yield "stop";
                    }
                    case Line.Call call -> {
                        message.put("content", new Json.Null()).put("tool_calls", toolCalls(call));
                        yield "tool_calls";
                    }
                };
        // Four bytes a token, as a rule of thumb: a rehearsal needs plausible figures, not exact
        // ones.
        long input = Math.max(1, promptBytes / 4);
        var built = message.build();
        long output = Math.max(1, built.text().getBytes(StandardCharsets.UTF_8).length / 4);
        return Json.object()
                .put("id", "chatcmpl-rehearsal-" + prompts.get())
                .put("object", "chat.completion")
                .put("created", 0)
                .put("model", prompt.text("model").orElse("rehearsal"))
                .put("system_fingerprint", FINGERPRINT)
                .put(
                        "choices",
                        Json.array(
                                List.of(
                                        Json.object()
                                                .put("index", 0)
                                                .put("message", built)
                                                .put("finish_reason", finish)
                                                .build())))
                .put(
                        "usage",
                        Json.object()
                                .put("prompt_tokens", input)
                                .put("completion_tokens", output)
                                .put("total_tokens", input + output)
                                .build())
                .build();
    }

    private Json toolCalls(Line.Call call) {
        var function =
                Json.object()
                        .put("name", call.tool())
                        .put("arguments", call.arguments().text())
                        .build();
        return Json.array(
                List.of(
                        Json.object()
                                .put("id", "call_" + prompts.get())
                                .put("type", "function")
                                .put("function", function)
                                .build()));
    }

    /// The completion as one chunk, then usage, then the end: enough for a client that streams.
    private static String events(Json.Obj completion) {
        var choice =
                (Json.Obj) ((Json.Arr) completion.get("choices").orElseThrow()).items().getFirst();
        var message = (Json.Obj) choice.get("message").orElseThrow();
        if (message.get("tool_calls").orElse(new Json.Null()) instanceof Json.Arr(var calls)) {
            message =
                    message.with(
                            "tool_calls",
                            Json.array(
                                    List.of(
                                            ((Json.Obj) calls.getFirst())
                                                    .with("index", Json.of(0)))));
        }
        var delta =
                Json.object()
                        .put("index", 0)
                        .put("delta", message)
                        .put("finish_reason", choice.get("finish_reason").orElseThrow())
                        .build();
        var chunk =
                completion
                        .with("object", Json.of("chat.completion.chunk"))
                        .with("choices", Json.array(List.of(delta)))
                        .with("usage", new Json.Null());
        var usage =
                completion
                        .with("object", Json.of("chat.completion.chunk"))
                        .with("choices", Json.array(List.of()));
        return "data: " + chunk.text() + "\n\ndata: " + usage.text() + "\n\ndata: [DONE]\n\n";
    }

    @Override
    public void close() {
        server.close();
    }
}
