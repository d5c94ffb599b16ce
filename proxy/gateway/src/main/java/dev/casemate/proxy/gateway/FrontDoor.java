package dev.casemate.proxy.gateway;

import dev.casemate.manifest.Correlation;
import dev.casemate.manifest.Json;
import dev.casemate.proxy.audit.LedgerEntry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/// Takes each request on the agents' side of one event loop: lets it in, finds out whose it is, and
/// brings it to its route. There is no route that leads around [Pipeline].
final class FrontDoor {

    static final String CHAT = "/v1/chat/completions";
    static final String MESSAGES = "/v1/messages";
    static final String MODELS = "/v1/models";
    static final String EVENTS = "/v1/casemate/events";

    /// Where OTLP/HTTP posts spans.
    static final String TRACES = "/v1/traces";

    /// Where a launcher tells of its containers.
    static final String CONTAINERS = "/v1/casemate/containers";

    /// The label of what is none of the six.
    private static final String OTHER = "other";

    static final int MAX_EVENT_BYTES = 64 << 10;
    static final int MAX_TRACES_BYTES = 512 << 10;

    /// A full batch of lines, each character escaped.
    static final int MAX_CONTAINER_BYTES = 512 << 10;

    private static final System.Logger LOG = System.getLogger(FrontDoor.class.getName());

    private final Services services;
    private final Context context;
    private final Map<String, UpstreamClient> upstreams;
    private final Connections connections;

    FrontDoor(
            Services services,
            Context context,
            Map<String, UpstreamClient> upstreams,
            Connections connections) {
        this.services = services;
        this.context = context;
        this.upstreams = upstreams;
        this.connections = connections;
    }

    /// One request while it is inside.
    private final class Visit {
        private final HttpServerRequest request;
        private final Incoming incoming;
        private final Reply reply;
        private final String exchange;
        private final String route;
        private Optional<AgentRegistry.Identity> identity = Optional.empty();
        private Optional<Correlation> correlation = Optional.empty();
        private Optional<String> traceparent = Optional.empty();

        Visit(HttpServerRequest request, String exchange, String route, Turnstile.Ticket ticket) {
            this.request = request;
            this.exchange = exchange;
            this.route = route;
            this.incoming = new Incoming(request);
            long begun = System.nanoTime();
            this.reply =
                    new Reply(
                            request.response(),
                            spoken(request, route).dialect(),
                            exchange,
                            ticket,
                            code -> {
                                connections.answered(request.connection());
                                services.telemetry()
                                        .served(
                                                route,
                                                code,
                                                Duration.ofNanos(System.nanoTime() - begun));
                            });
        }

        void enter() {
            var caller = identify();
            caller.identity()
                    .require(
                            route.equals(CONTAINERS)
                                    ? AgentRegistry.Role.LAUNCHER
                                    : AgentRegistry.Role.AGENT);
            switch (route) {
                case CHAT -> prompt(caller, WireFormat.OPENAI_CHAT);
                case MESSAGES -> prompt(caller, WireFormat.ANTHROPIC_MESSAGES);
                case MODELS -> body(0, _ -> models(caller));
                case EVENTS -> body(MAX_EVENT_BYTES, body -> event(caller, body));
                case TRACES -> body(MAX_TRACES_BYTES, body -> spans(caller, body));
                case CONTAINERS -> body(MAX_CONTAINER_BYTES, body -> container(caller, body));
                default ->
                        throw new GatewayException(
                                ErrorCode.UNKNOWN_ROUTE,
                                "expected POST %s, POST %s, GET %s, POST %s, POST %s or POST %s"
                                        .formatted(
                                                CHAT,
                                                MESSAGES,
                                                MODELS,
                                                EVENTS,
                                                TRACES,
                                                CONTAINERS));
            }
        }

        private Caller identify() {
            var found = services.agents().identify(header("authorization"), header("x-api-key"));
            identity = Optional.of(found);
            var ids = Caller.correlation(exchange, header("baggage"));
            correlation = Optional.of(ids);
            traceparent = Caller.traceparent(header("traceparent"));
            found.admitted();
            header("content-encoding")
                    .filter(encoding -> !encoding.equals("identity"))
                    .ifPresent(_ -> {
                        throw new GatewayException(
                                ErrorCode.INVALID_REQUEST,
                                "expected a body without content-encoding");
                    });
            return new Caller(exchange, found, ids, traceparent);
        }

        private Optional<String> header(String name) {
            return Optional.ofNullable(request.getHeader(name));
        }

        private void body(int limit, Consumer<byte[]> next) {
            incoming.body(limit, reply.ticket())
                    .onSuccess(body -> {
                        connections.received(request.connection());
                        guarded(() -> next.accept(body));
                    })
                    .onFailure(this::refuse);
        }

        private void guarded(Runnable step) {
            try {
                step.run();
            } catch (RuntimeException e) {
                refuse(e);
            }
        }

        private void prompt(Caller caller, WireFormat format) {
            body(services.config().limits().bodyBytes(), body -> chat(caller, format, body));
        }

        private void chat(Caller caller, WireFormat format, byte[] body) {
            admit(caller, format, body)
                    .onSuccess(prompt ->
                            new ChatExchange(
                                            services,
                                            context,
                                            upstreams(prompt),
                                            prompt,
                                            reply,
                                            route)
                                    .begin()
                                    .onFailure(this::refuse))
                    .onFailure(this::refuse);
        }

        private Future<AdmittedPrompt> admit(Caller caller, WireFormat format, byte[] body) {
            return judged(body.length, () -> services.pipeline().admit(caller, format, body));
        }

        // Anything long leaves the event loop.
        private <T> Future<T> judged(int bytes, Callable<T> judging) {
            if (bytes > ChatExchange.LARGE_BYTES) {
                return context.executeBlocking(judging, false).map(Objects::requireNonNull);
            }
            try {
                return Future.succeededFuture(judging.call());
            } catch (Exception e) {
                return Future.failedFuture(e);
            }
        }

        private List<UpstreamClient> upstreams(AdmittedPrompt prompt) {
            return prompt.model().upstreams().stream()
                    .map(name -> Objects.requireNonNull(upstreams.get(name)))
                    .toList();
        }

        private void models(Caller caller) {
            var gate = caller.identity().admitted();
            var allowed =
                    services.config().models().stream()
                            .filter(model -> gate.allowsModel(model.name()))
                            .toList();
            reply.json(200, WireJson.write(spoken(request, route).dialect().models(allowed)));
        }

        private void event(Caller caller, byte[] body) {
            if (!(parse(body) instanceof Json.Obj event)) {
                throw new GatewayException(ErrorCode.INVALID_REQUEST, "expected one JSON object");
            }
            record(services.records().runEvent(caller, event))
                    .onSuccess(_ -> reply.json(202, WireJson.write(RECORDED)))
                    .onFailure(this::refuse);
        }

        private void spans(Caller caller, byte[] body) {
            judged(body.length, () -> SpanReader.read(body, caller.identity()))
                    .compose(told ->
                            record(services.records().spans(caller, told))
                                    .onSuccess(_ -> {
                                        var agent = caller.identity().name().orElse(Caller.NONE);
                                        services.telemetry().told(agent, told.spans());
                                        reply.json(200, WireJson.write(ALL_TAKEN));
                                    }))
                    .onFailure(this::refuse);
        }

        private void container(Caller caller, byte[] body) {
            judged(
                            body.length,
                            () ->
                                    ContainerReader.read(
                                            body, caller.identity(), services.judge().policy()))
                    .compose(told ->
                            record(services.records().container(caller, told))
                                    .onSuccess(_ -> {
                                        services.telemetry().found(told.verdict());
                                        reply.json(202, WireJson.write(RECORDED));
                                    }))
                    .onFailure(this::refuse);
        }

        private Future<Void> record(LedgerEntry entry) {
            return Future.fromCompletionStage(services.ledger().append(entry), context)
                    .<Void>mapEmpty()
                    .recover(failure ->
                            Future.failedFuture(
                                    new GatewayException(
                                            ErrorCode.LEDGER_UNAVAILABLE,
                                            "the audit ledger cannot write",
                                            failure)));
        }

        private static Json parse(byte[] body) {
            try {
                return WireJson.read(body);
            } catch (WireJson.MalformedException e) {
                throw new GatewayException(
                        ErrorCode.MALFORMED_JSON, String.valueOf(e.getMessage()));
            }
        }

        /// Records why not, and then says so.
        private void refuse(Throwable failure) {
            var refusal = refusal(failure);
            services.telemetry().refused(refusal.code());
            services.telemetry().found(refusal.verdict());
            if (identity.isEmpty() && !services.strangers().take()) {
                services.telemetry().refusalUnrecorded();
                answer(refusal);
                return;
            }
            var entry =
                    services.records()
                            .refusal(
                                    exchange,
                                    identity.flatMap(AgentRegistry.Identity::name),
                                    correlation,
                                    traceparent,
                                    route,
                                    refusal);
            // The refusal stands whether or not it could be recorded; the metric counts it anyway.
            Future.fromCompletionStage(services.ledger().append(entry), context)
                    .onComplete(_ -> answer(refusal));
        }

        private void answer(GatewayException refusal) {
            incoming.drain(reply, () -> reply.error(refusal));
        }
    }

    private static final Json.Obj RECORDED = Json.object().put("recorded", true).build();

    /// OTLP's answer where nothing was left out.
    private static final Json.Obj ALL_TAKEN = Json.object().build();

    private static GatewayException refusal(Throwable failure) {
        if (failure instanceof GatewayException refusal) {
            return refusal;
        }
        LOG.log(System.Logger.Level.ERROR, "a fault of the gateway's own", failure);
        return new GatewayException(
                ErrorCode.INTERNAL_ERROR, "the gateway could not judge the request");
    }

    /// A well-formed request, its headers read.
    void handle(HttpServerRequest request) {
        connections.begun(request.connection());
        var exchange = UUID.randomUUID().toString();
        var route = route(request);
        Turnstile.Ticket ticket;
        try {
            ticket = services.turnstile().enter();
        } catch (GatewayException e) {
            turnAway(request, exchange, spoken(request, route), e);
            return;
        }
        var visit = new Visit(request, exchange, route, ticket);
        try {
            visit.enter();
        } catch (RuntimeException e) {
            visit.refuse(e);
        }
    }

    private static String route(HttpServerRequest request) {
        var path = Optional.ofNullable(request.path()).orElse("");
        if (request.method().equals(HttpMethod.POST)
                && List.of(CHAT, MESSAGES, EVENTS, TRACES, CONTAINERS).contains(path)) {
            return path;
        }
        return request.method().equals(HttpMethod.GET) && path.equals(MODELS) ? MODELS : OTHER;
    }

    /// In which format an agent expects its answer. Both have their list of models at the same
    /// path; Anthropic's clients always name a version.
    private static WireFormat spoken(HttpServerRequest request, String route) {
        return route.equals(MESSAGES)
                        || (!route.equals(CHAT) && request.getHeader("anthropic-version") != null)
                ? WireFormat.ANTHROPIC_MESSAGES
                : WireFormat.OPENAI_CHAT;
    }

    // No ticket, no record: the metric is all that a full house can afford.
    private void turnAway(
            HttpServerRequest request, String exchange, WireFormat spoken, GatewayException error) {
        services.telemetry().refused(error.code());
        services.telemetry().refusalUnrecorded();
        request.response()
                .putHeader(Reply.EXCHANGE_HEADER, exchange)
                .putHeader("connection", "close")
                .putHeader("content-type", "application/json")
                .setStatusCode(error.code().status())
                .end(spoken.dialect().error(error).text());
    }

    /// What the HTTP decoder could not read: too long a line or header, or no HTTP at all.
    void invalid(HttpServerRequest request) {
        turnAway(
                request,
                UUID.randomUUID().toString(),
                WireFormat.OPENAI_CHAT,
                new GatewayException(
                        ErrorCode.INVALID_REQUEST,
                        "expected HTTP/1.1 with headers of at most %d bytes"
                                .formatted(services.config().limits().headerBytes())));
    }
}
