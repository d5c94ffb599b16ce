package dev.casemate.agent.sdk;

import dev.casemate.agent.sdk.GuardException.Code;
import dev.casemate.manifest.Correlation;
import dev.casemate.manifest.Deployment;
import dev.casemate.manifest.Json;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// Posts JSON to the proxy, with what identifies the agent and the run.
///
/// Headers: `Authorization` with the agent's credential, `baggage` (W3C Baggage) with the run's
/// three ids, `traceparent` (W3C Trace Context) with the span that asks, where there is one.
final class ProxyConnection {

    private final PinnedHttps https;
    private final Secret credential;
    private final String baggage;

    /// @throws GuardException with code `MISCONFIGURED`
    ProxyConnection(Deployment deployment) {
        this(PinnedHttps.to(deployment.proxy()), credential(deployment), deployment.correlation());
    }

    private ProxyConnection(PinnedHttps https, Secret credential, Correlation correlation) {
        this.https = https;
        this.credential = credential;
        this.baggage = correlation.baggage();
    }

    private static Secret credential(Deployment deployment) {
        return Secret.read(
                Path.of(
                        deployment
                                .proxy()
                                .secret()
                                .orElseThrow(() ->
                                        new GuardException(
                                                Code.MISCONFIGURED,
                                                "expected a credential for the proxy"))));
    }

    /// The same connections and credential, for another run.
    ProxyConnection forRun(Correlation correlation) {
        return new ProxyConnection(https, credential, correlation);
    }

    PinnedHttps.Reply post(
            String path, Json body, Optional<TraceContext> trace, int maxBytes, Duration timeout)
            throws InterruptedException {
        return https.send(request(path, "application/json", body, trace), maxBytes, timeout);
    }

    /// Posts, and takes the answer while it comes: see [PinnedHttps#stream].
    PinnedHttps.Reply stream(
            String path,
            Json body,
            TraceContext trace,
            PinnedHttps.Limits limits,
            PinnedHttps.Pieces events)
            throws InterruptedException {
        return https.stream(
                request(path, "text/event-stream", body, Optional.of(trace)), limits, events);
    }

    private HttpRequest.Builder request(
            String path, String accept, Json body, Optional<TraceContext> trace) {
        var request =
                https.request(path)
                        .header("Authorization", "Bearer " + credential.reveal())
                        .header("Content-Type", "application/json")
                        .header("Accept", accept)
                        .header("baggage", baggage)
                        .POST(
                                BodyPublishers.ofByteArray(
                                        body.text().getBytes(StandardCharsets.UTF_8)));
        trace.ifPresent(of -> request.header("traceparent", of.traceparent()));
        return request;
    }
}
