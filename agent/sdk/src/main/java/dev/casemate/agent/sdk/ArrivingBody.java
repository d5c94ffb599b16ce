package dev.casemate.agent.sdk;

import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Hands a response body over in pieces, to one thread that waits for each.
///
/// The connection is asked for the next piece only when the last one was taken, so no more than one
/// waits here: who reads slowly slows the sender down. Closing it before its end closes the
/// connection.
final class ArrivingBody implements HttpResponse.BodySubscriber<ArrivingBody>, AutoCloseable {

    /// What came.
    sealed interface Part {

        /// Bytes, in one or more buffers.
        record Bytes(List<ByteBuffer> buffers) implements Part {}

        /// The body is whole.
        record End() implements Part {}

        /// The connection broke.
        record Broken() implements Part {}

        /// Nothing, for as long as the caller wanted to wait.
        record Silence() implements Part {}
    }

    private final BlockingQueue<Part> arrived = new LinkedBlockingQueue<>();
    private final ReentrantLock subscriptionLock = new ReentrantLock();
    private Flow.@Nullable Subscription subscription;
    private boolean closed;

    /// Complete at once: the answer's head is all that its reader waits for.
    @Override
    public CompletionStage<ArrivingBody> getBody() {
        return CompletableFuture.completedFuture(this);
    }

    @Override
    public void onSubscribe(Flow.Subscription pieces) {
        if (isWanted(pieces)) {
            pieces.request(1);
        } else {
            pieces.cancel();
        }
    }

    private boolean isWanted(Flow.Subscription pieces) {
        subscriptionLock.lock();
        try {
            subscription = pieces;
            return !closed;
        } finally {
            subscriptionLock.unlock();
        }
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        arrived.add(new Part.Bytes(buffers));
    }

    @Override
    public void onError(Throwable failure) {
        arrived.add(new Part.Broken());
    }

    @Override
    public void onComplete() {
        arrived.add(new Part.End());
    }

    /// Waits for the next piece. After the end there is none.
    Part next(Duration atMost) throws InterruptedException {
        var part = arrived.poll(Math.max(0, atMost.toNanos()), TimeUnit.NANOSECONDS);
        return switch (part) {
            case null -> new Part.Silence();
            case Part.Bytes bytes -> {
                ask();
                yield bytes;
            }
            case Part.End _, Part.Broken _ -> {
                forget();
                yield part;
            }
            case Part.Silence silence -> silence;
        };
    }

    private void ask() {
        var pieces = subscribed(false);
        if (pieces != null) {
            pieces.request(1);
        }
    }

    // What has ended must not be cancelled: its connection may serve somebody else by now.
    private void forget() {
        var _ = subscribed(true);
    }

    private Flow.@Nullable Subscription subscribed(boolean forLast) {
        subscriptionLock.lock();
        try {
            var pieces = subscription;
            if (forLast) {
                subscription = null;
                closed = true;
            }
            return pieces;
        } finally {
            subscriptionLock.unlock();
        }
    }

    @Override
    public void close() {
        var pieces = subscribed(true);
        if (pieces != null) {
            pieces.cancel();
        }
    }
}
