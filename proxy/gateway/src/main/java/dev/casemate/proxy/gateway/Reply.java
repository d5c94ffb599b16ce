package dev.casemate.proxy.gateway;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/// The agent's side of one exchange: one answer or one error, once, or nothing if it went away.
final class Reply {

    static final String EXCHANGE_HEADER = "x-casemate-exchange";

    private final HttpServerResponse response;
    private final Dialect dialect;
    private final Turnstile.Ticket ticket;
    private final Consumer<Optional<ErrorCode>> ended;
    private Runnable whenGone = () -> {};
    private boolean gone;

    /// @param dialect that the agent speaks
    /// @param ended told once how it ended
    Reply(
            HttpServerResponse response,
            Dialect dialect,
            String exchange,
            Turnstile.Ticket ticket,
            Consumer<Optional<ErrorCode>> ended) {
        this.response = response;
        this.dialect = dialect;
        this.ticket = ticket;
        this.ended = ended;
        response.putHeader(EXCHANGE_HEADER, exchange);
        response.closeHandler(_ -> {
            gone = true;
            whenGone.run();
        });
        // A write to a closed connection fails; the close handler says the same.
        response.exceptionHandler(_ -> {});
    }

    Turnstile.Ticket ticket() {
        return ticket;
    }

    boolean isGone() {
        return gone || response.closed();
    }

    /// Runs it when the agent closes its connection before the end.
    void onGone(Runnable action) {
        whenGone = action;
    }

    void closeAfterwards() {
        if (!response.headWritten()) {
            response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
    }

    void json(int status, byte[] body) {
        end(
                Optional.empty(),
                () ->
                        response.setStatusCode(status)
                                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                                .end(Buffer.buffer(body)));
    }

    /// An error in the agent's wire format: an answer of its own, or the last event of a stream
    /// that has begun.
    void error(GatewayException error) {
        if (response.headWritten()) {
            end(Optional.of(error.code()), () -> response.end(dialect.errorEvent(error)));
            return;
        }
        end(
                Optional.of(error.code()),
                () -> {
                    if (error.code().forbidsRetry()) {
                        response.putHeader("x-should-retry", "false");
                    }
                    error.retryAfter().ifPresent(this::retryAfter);
                    response.setStatusCode(error.code().status())
                            .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                            .end(Buffer.buffer(WireJson.write(dialect.error(error))));
                });
    }

    // Whole seconds for everybody, rounded up; milliseconds as the providers' own clients read
    // them.
    private void retryAfter(Duration wait) {
        response.putHeader("retry-after", Long.toString(wait.plusNanos(999_999_999).toSeconds()))
                .putHeader("retry-after-ms", Long.toString(wait.toMillis()));
    }

    /// Server-sent events that may leave now.
    void events(String events) {
        if (events.isEmpty() || isGone()) {
            return;
        }
        beginEvents();
        response.write(events);
    }

    /// The last events of a stream.
    void endEvents(String events) {
        end(
                Optional.empty(),
                () -> {
                    beginEvents();
                    response.end(events);
                });
    }

    private void beginEvents() {
        if (!response.headWritten()) {
            response.setStatusCode(200)
                    .setChunked(true)
                    .putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream; charset=utf-8")
                    .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache");
        }
    }

    boolean isFull() {
        return !isGone() && response.writeQueueFull();
    }

    void onDrained(Runnable action) {
        response.drainHandler(_ -> action.run());
    }

    /// The agent is gone: there is nobody to answer.
    void abandon() {
        ticket.close();
    }

    private void end(Optional<ErrorCode> code, Runnable write) {
        whenGone = () -> {};
        if (!isGone()) {
            write.run();
        }
        ticket.close();
        ended.accept(code);
    }
}
