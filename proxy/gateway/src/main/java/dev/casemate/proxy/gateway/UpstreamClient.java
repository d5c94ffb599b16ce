package dev.casemate.proxy.gateway;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemTrustOptions;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The connections to one upstream. It follows no redirect, repeats no request, and sends none of
/// the agent's headers but the trace context.
final class UpstreamClient {

    private static final int CONNECT_MILLIS = 5_000;

    // Below the keep-alive of common model servers (5 s): a connection is not reused as it closes.
    private static final int KEEP_ALIVE_SECONDS = 4;
    private static final int MAX_HEADER_BYTES = 64 << 10;

    private final String name;
    private final Breaker breaker;
    private final String path;
    private final Map<String, String> headers;
    private final HttpClient client;

    /// Belongs to the event loop that calls this, and ends with it.
    ///
    /// @param breaker shared by all event loops
    UpstreamClient(
            Vertx vertx,
            GatewayConfig.Upstream upstream,
            Optional<Secret> key,
            Breaker breaker,
            int connections) {
        this.name = upstream.name();
        this.breaker = breaker;
        var dialect = upstream.format().dialect();
        this.path = upstream.url().getRawPath() + dialect.path();
        this.headers = dialect.headers(key);
        boolean tls = upstream.url().getScheme().toLowerCase(Locale.ROOT).equals("https");
        int port = upstream.url().getPort();
        var options =
                new HttpClientOptions()
                        .setDefaultHost(upstream.url().getHost())
                        .setDefaultPort(port > 0 ? port : tls ? 443 : 80)
                        .setSsl(tls)
                        .setVerifyHost(tls)
                        .setConnectTimeout(CONNECT_MILLIS)
                        .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
                        .setMaxHeaderSize(MAX_HEADER_BYTES)
                        .setDecompressionSupported(false);
        upstream.certificateAuthority()
                .ifPresent(pem ->
                        options.setTrustOptions(new PemTrustOptions().addCertPath(pem.toString())));
        this.client =
                vertx.createHttpClient(
                        options,
                        new PoolOptions()
                                .setHttp1MaxSize(connections)
                                .setMaxWaitQueueSize(connections));
    }

    String name() {
        return name;
    }

    Breaker breaker() {
        return breaker;
    }

    /// A connected request; nothing of it is sent yet.
    Future<HttpClientRequest> open(Optional<String> traceparent) {
        var options =
                new RequestOptions()
                        .setMethod(HttpMethod.POST)
                        .setURI(path)
                        .setConnectTimeout(CONNECT_MILLIS)
                        .setFollowRedirects(false)
                        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json");
        headers.forEach(options::putHeader);
        traceparent.ifPresent(value -> options.putHeader("traceparent", value));
        return client.request(options);
    }
}
