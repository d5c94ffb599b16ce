package dev.casemate.governance;

import dev.casemate.governance.GovernanceException.Code;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PfxOptions;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A server on loopback that answers whole requests, over HTTPS unless it is said otherwise.
final class RehearsalServer implements AutoCloseable {

    /// Answers one request on an event loop: must not block.
    @FunctionalInterface
    interface Answer {
        void to(HttpServerRequest request, Buffer body);
    }

    private static final long START_SECONDS = 30;

    private final Vertx vertx = Vertx.vertx();
    private final HttpServer server;

    RehearsalServer(Identity identity, Answer answer) {
        this(
                new HttpServerOptions()
                        .setSsl(true)
                        .setKeyCertOptions(
                                new PfxOptions()
                                        .setPath(identity.keyStore().toString())
                                        .setPassword(identity.password())),
                0,
                answer);
    }

    /// Without TLS.
    ///
    /// @param port 0 for any that is free
    static RehearsalServer plain(int port, Answer answer) {
        return new RehearsalServer(new HttpServerOptions(), port, answer);
    }

    private RehearsalServer(HttpServerOptions options, int port, Answer answer) {
        this.server =
                vertx.createHttpServer(options)
                        .requestHandler(request ->
                                request.body().onSuccess(body -> answer.to(request, body)));
        try {
            server.listen(port, "127.0.0.1")
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(START_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            vertx.close();
            throw new GovernanceException(
                    Code.STAGE_FAILED,
                    "expected to listen on loopback, at a port that nobody has",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            vertx.close();
            throw new GovernanceException(Code.STAGE_FAILED, "interrupted", e);
        }
    }

    int port() {
        return server.actualPort();
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
