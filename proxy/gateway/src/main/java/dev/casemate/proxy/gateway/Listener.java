package dev.casemate.proxy.gateway;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PfxOptions;
import io.vertx.core.net.SocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/// The agents' side on one event loop: TLS, HTTP/1.1, and nothing of what a request means.
final class Listener extends VerticleBase {

    private static final int MAX_LINE_BYTES = 4_096;
    private static final long SWEEP_MILLIS = 500;

    /// Connections for each exchange that may be inside: some rest between two requests.
    private static final int CONNECTIONS_PER_EXCHANGE = 2;

    private final Services services;
    private final Map<String, Secret> upstreamKeys;
    private final Secret keyStorePassword;
    private final AtomicInteger openConnections;
    private final CompletableFuture<Integer> port;

    /// @param openConnections shared by all listeners of one gateway
    /// @param port completed with the port that is listened to
    Listener(
            Services services,
            Map<String, Secret> upstreamKeys,
            Secret keyStorePassword,
            AtomicInteger openConnections,
            CompletableFuture<Integer> port) {
        this.services = services;
        this.upstreamKeys = upstreamKeys;
        this.keyStorePassword = keyStorePassword;
        this.openConnections = openConnections;
        this.port = port;
    }

    @Override
    public Future<?> start() {
        var config = services.config();
        int exchanges = config.limits().concurrentExchanges();
        var connections =
                new Connections(
                        openConnections,
                        exchanges * CONNECTIONS_PER_EXCHANGE,
                        config.limits().idle());
        var upstreams = new LinkedHashMap<String, UpstreamClient>();
        for (var upstream : config.upstreams()) {
            var key = Optional.ofNullable(upstreamKeys.get(upstream.name()));
            var breaker = Objects.requireNonNull(services.breakers().get(upstream.name()));
            upstreams.put(
                    upstream.name(), new UpstreamClient(vertx, upstream, key, breaker, exchanges));
        }
        var door = new FrontDoor(services, context, upstreams, connections);
        vertx.setPeriodic(SWEEP_MILLIS, _ -> connections.sweep());
        return vertx.createHttpServer(options(config))
                .connectionHandler(connections::opened)
                .invalidRequestHandler(door::invalid)
                .requestHandler(door::handle)
                .listen(address(config.listen()))
                .map(HttpServer::actualPort)
                .onSuccess(port::complete);
    }

    private static SocketAddress address(GatewayConfig.Listen listen) {
        return listen.port() == 0
                ? SocketAddress.sharedRandomPort(1, listen.host())
                : SocketAddress.inetSocketAddress(listen.port(), listen.host());
    }

    private HttpServerOptions options(GatewayConfig config) {
        return new HttpServerOptions()
                .setSsl(true)
                .setUseAlpn(false)
                .setEnabledSecureTransportProtocols(Set.of("TLSv1.3", "TLSv1.2"))
                .setKeyCertOptions(
                        new PfxOptions()
                                .setPath(config.listen().keyStore().toString())
                                .setPassword(keyStorePassword.reveal()))
                .setMaxHeaderSize(config.limits().headerBytes())
                .setMaxInitialLineLength(MAX_LINE_BYTES)
                .setHandle100ContinueAutomatically(true)
                .setDecompressionSupported(false)
                .setCompressionSupported(false);
    }
}
