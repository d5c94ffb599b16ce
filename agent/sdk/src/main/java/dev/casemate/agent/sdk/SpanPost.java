package dev.casemate.agent.sdk;

import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Posts a run's spans to the proxy as OTLP, once at the run's end and before that whenever a batch
/// is full.
///
/// A batch that is not taken is dropped and told: telemetry never changes a run. For one run, on
/// its thread.
final class SpanPost implements RunListener {

    static final String PATH = "/v1/traces";

    /// The proxy takes no more in one post.
    static final int MAX_SPANS = 128;

    /// A batch of this size is full; with one span more it is still below what the proxy takes.
    static final int FULL_BYTES = 256 << 10;

    private final AgentManifest manifest;
    private final SidePost post;
    private final List<Json> batch = new ArrayList<>();
    private int batchBytes;
    private Optional<RetryingModel.Retry> lastRetry = Optional.empty();

    /// @param manifest of the agent whose spans they are
    /// @param onFailure told a word or a status for each batch that was not taken
    SpanPost(ProxyConnection proxy, AgentManifest manifest, Consumer<String> onFailure) {
        this.manifest = manifest;
        post = new SidePost(proxy, PATH, onFailure);
    }

    /// Takes note that a prompt is sent again: its span tells how often it was.
    void retried(RetryingModel.Retry retry) {
        lastRetry = Optional.of(retry);
    }

    @Override
    public void on(RunEvent event) {
        switch (event) {
            case RunEvent.Traced(var span) -> add(span);
            case RunEvent.Ended _ -> send();
            case RunEvent.Started _, RunEvent.Said _, RunEvent.Called _ -> {}
        }
    }

    private void add(Span span) {
        var json =
                OtlpJson.span(
                        lastRetry
                                .filter(retry -> retry.request().trace().equals(span.context()))
                                .map(retry -> withRetries(span, retry.attempt()))
                                .orElse(span));
        batch.add(json);
        batchBytes += json.text().getBytes(StandardCharsets.UTF_8).length;
        if (batch.size() == MAX_SPANS || batchBytes >= FULL_BYTES) {
            send();
        }
    }

    private static Span withRetries(Span span, int retries) {
        return new Span(
                span.context(),
                span.parent(),
                span.name(),
                span.kind(),
                span.start(),
                span.end(),
                span.attributes().with("http.request.resend_count", Json.of(retries)),
                span.error());
    }

    private void send() {
        if (batch.isEmpty()) {
            return;
        }
        var request = OtlpJson.request(manifest, batch);
        batch.clear();
        batchBytes = 0;
        post.send(request, Optional.empty());
    }
}
