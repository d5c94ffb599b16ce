package dev.casemate.proxy.gateway;

import dev.casemate.manifest.Json;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.Objects;

/// What an operator's tools ask, on loopback: `/metrics` for Prometheus, `/health` for whoever
/// restarts things. It changes nothing.
final class AdminServer {

    private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final Services services;

    private AdminServer(Services services) {
        this.services = services;
    }

    static Future<HttpServer> start(Vertx vertx, Services services) {
        var admin = new AdminServer(services);
        var config = services.config().admin();
        return vertx.createHttpServer(
                        new HttpServerOptions().setHost(config.host()).setPort(config.port()))
                .requestHandler(admin::handle)
                .listen();
    }

    private void handle(HttpServerRequest request) {
        var path = request.path();
        if (!request.method().equals(HttpMethod.GET)) {
            respond(request, 405, "text/plain", "expected GET\n");
        } else if ("/metrics".equals(path)) {
            respond(request, 200, METRICS_TYPE, services.telemetry().scrape());
        } else if ("/health".equals(path)) {
            boolean well = services.ledger().isWritable();
            respond(request, well ? 200 : 503, "application/json", health(well).text());
        } else {
            respond(request, 404, "text/plain", "expected /metrics or /health\n");
        }
    }

    private Json.Obj health(boolean ledgerWritable) {
        var upstreams = services.config().upstreams().stream().map(this::upstream).toList();
        return Json.object()
                .put("status", ledgerWritable ? "ok" : "failing")
                .put("ledgerWritable", ledgerWritable)
                .put("upstreams", Json.array(upstreams))
                .put("agentsAdmitted", services.agents().admitted().size())
                .put("exchanges", services.turnstile().exchanges())
                .build();
    }

    private Json upstream(GatewayConfig.Upstream upstream) {
        var reason = Objects.requireNonNull(services.breakers().get(upstream.name())).restsFor();
        var state = Json.object().put("name", upstream.name()).put("available", reason.isEmpty());
        reason.ifPresent(code -> state.put("reason", code.word()));
        return state.build();
    }

    private static void respond(HttpServerRequest request, int status, String type, String body) {
        request.response().setStatusCode(status).putHeader("content-type", type).end(body);
    }
}
