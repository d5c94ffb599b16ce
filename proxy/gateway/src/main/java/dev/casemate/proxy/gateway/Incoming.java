package dev.casemate.proxy.gateway;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;

/// A request's body: never more of it in memory than the limit, however it is framed.
final class Incoming {

    /// A refused request is read to its end up to here, so that its sender gets to read the answer.
    static final int MAX_DISCARDED_BYTES = 16 << 20;

    private final HttpServerRequest request;
    private boolean ended;
    private boolean broken;
    private long discarded;
    private Runnable whenDrained = () -> {};

    Incoming(HttpServerRequest request) {
        this.request = request;
        request.handler(this::discard);
        request.endHandler(_ -> end());
        request.exceptionHandler(_ -> broken = true);
    }

    /// Reads all of it.
    ///
    /// @return fails with a [GatewayException] `BODY_TOO_LARGE` or `OVERLOADED`; never completes if
    ///   the agent goes away
    Future<byte[]> body(int limit, Turnstile.Ticket ticket) {
        Promise<byte[]> whole = Promise.promise();
        if (declaredLength() > limit) {
            return Future.failedFuture(tooLarge(limit));
        }
        var body = Buffer.buffer();
        request.handler(chunk -> {
            try {
                if (body.length() + chunk.length() > limit) {
                    throw tooLarge(limit);
                }
                ticket.hold(chunk.length());
                body.appendBuffer(chunk);
            } catch (GatewayException e) {
                request.handler(this::discard);
                whole.tryFail(e);
            }
        });
        request.endHandler(_ -> {
            end();
            whole.tryComplete(body.getBytes());
        });
        request.exceptionHandler(_ -> {
            broken = true;
            if (whole.future().isComplete()) {
                return;
            }
            ticket.close();
        });
        return whole.future();
    }

    private long declaredLength() {
        var length = request.getHeader("content-length");
        try {
            return length == null ? 0 : Long.parseLong(length.strip());
        } catch (NumberFormatException e) {
            return Long.MAX_VALUE;
        }
    }

    private static GatewayException tooLarge(int limit) {
        return new GatewayException(
                ErrorCode.BODY_TOO_LARGE, "expected a body of at most " + limit + " bytes");
    }

    /// Runs the action once the sender has stopped sending, or is not worth waiting for.
    void drain(Reply reply, Runnable action) {
        if (ended || broken) {
            action.run();
            return;
        } else if (declaredLength() > MAX_DISCARDED_BYTES) {
            reply.closeAfterwards();
            action.run();
            return;
        }
        whenDrained =
                () -> {
                    whenDrained = () -> {};
                    if (!ended) {
                        reply.closeAfterwards();
                    }
                    action.run();
                };
        request.exceptionHandler(_ -> {
            broken = true;
            whenDrained.run();
        });
    }

    private void discard(Buffer chunk) {
        discarded += chunk.length();
        if (discarded > MAX_DISCARDED_BYTES) {
            whenDrained.run();
        }
    }

    private void end() {
        ended = true;
        whenDrained.run();
    }
}
