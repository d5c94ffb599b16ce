package dev.casemate.agent.sdk;

import dev.casemate.agent.sdk.GuardException.Code;
import dev.casemate.manifest.Deployment;
import dev.casemate.manifest.Json;
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
        var proxy = deployment.proxy();
        https = PinnedHttps.to(proxy);
        credential =
                Secret.read(
                        Path.of(
                                proxy.secret()
                                        .orElseThrow(() ->
                                                new GuardException(
                                                        Code.MISCONFIGURED,
                                                        "expected a credential for the"
                                                                + " proxy"))));
        baggage = deployment.correlation().baggage();
    }

    PinnedHttps.Reply post(
            String path, Json body, Optional<TraceContext> trace, int maxBytes, Duration timeout)
            throws InterruptedException {
        var request =
                https.request(path)
                        .header("Authorization", "Bearer " + credential.reveal())
                        .header("Content-Type", "application/json")
                        .header("Accept", "application/json")
                        .header("baggage", baggage)
                        .POST(
                                BodyPublishers.ofByteArray(
                                        body.text().getBytes(StandardCharsets.UTF_8)));
        trace.ifPresent(of -> request.header("traceparent", of.traceparent()));
        return https.send(request, maxBytes, timeout);
    }
}
