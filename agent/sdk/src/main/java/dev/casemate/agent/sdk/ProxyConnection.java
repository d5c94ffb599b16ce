package dev.casemate.agent.sdk;

import dev.casemate.agent.sdk.GuardException.Code;
import dev.casemate.manifest.Deployment;
import dev.casemate.manifest.Json;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/// Posts JSON to the proxy, with what identifies the agent and the run.
///
/// Headers: `Authorization` with the agent's credential, `baggage` (W3C Baggage) with the run's
/// three ids, `traceparent` (W3C Trace Context) with one trace for all requests of the run.
final class ProxyConnection {

    private final PinnedHttps https;
    private final Secret credential;
    private final String baggage;
    private final RandomGenerator random;
    private final String trace;

    /// @throws GuardException with code `MISCONFIGURED`
    ProxyConnection(Deployment deployment, RandomGenerator random) {
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
        this.random = random;
        trace = hex(16);
    }

    PinnedHttps.Reply post(String path, Json body, int maxBytes, Duration timeout)
            throws InterruptedException {
        var request =
                https.request(path)
                        .header("Authorization", "Bearer " + credential.reveal())
                        .header("Content-Type", "application/json")
                        .header("Accept", "application/json")
                        .header("baggage", baggage)
                        .header("traceparent", "00-" + trace + "-" + hex(8) + "-01")
                        .POST(
                                BodyPublishers.ofByteArray(
                                        body.text().getBytes(StandardCharsets.UTF_8)));
        return https.send(request, maxBytes, timeout);
    }

    private String hex(int bytes) {
        var drawn = new byte[bytes];
        random.nextBytes(drawn);
        // All zeros is not a valid id.
        drawn[0] |= 1;
        return HexFormat.of().formatHex(drawn);
    }
}
