package dev.casemate.agent.sdk;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/// Collects a response body up to a limit, and closes the connection at the first byte beyond it.
final class BoundedBody implements HttpResponse.BodySubscriber<byte[]> {

    /// The body is larger than the limit.
    static final class TooLarge extends IOException {
        TooLarge(int maxBytes) {
            super("expected at most " + maxBytes + " bytes");
        }
    }

    private final int maxBytes;
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private final CompletableFuture<byte[]> body = new CompletableFuture<>();
    private Flow.@Nullable Subscription subscription;

    BoundedBody(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    @Override
    public CompletionStage<byte[]> getBody() {
        return body;
    }

    @Override
    public void onSubscribe(Flow.Subscription chunks) {
        subscription = chunks;
        chunks.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> chunks) {
        for (var chunk : chunks) {
            if (chunk.remaining() > maxBytes - received.size()) {
                body.completeExceptionally(new TooLarge(maxBytes));
                if (subscription != null) {
                    subscription.cancel();
                }
                return;
            }
            var bytes = new byte[chunk.remaining()];
            chunk.get(bytes);
            received.writeBytes(bytes);
        }
        if (subscription != null) {
            subscription.request(1);
        }
    }

    @Override
    public void onError(Throwable failure) {
        body.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        body.complete(received.toByteArray());
    }
}
