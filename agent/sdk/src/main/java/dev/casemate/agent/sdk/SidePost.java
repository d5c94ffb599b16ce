package dev.casemate.agent.sdk;

import dev.casemate.manifest.Json;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/// Posts to the proxy what a run tells of itself, and on what it does not depend: whatever becomes
/// of a post, the run goes on.
final class SidePost {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int MAX_ANSWER_BYTES = 65_536;

    private final ProxyConnection proxy;
    private final String path;
    private final Consumer<String> onFailure;

    /// @param onFailure told a word or a status for each post that was not taken
    SidePost(ProxyConnection proxy, String path, Consumer<String> onFailure) {
        this.proxy = proxy;
        this.path = path;
        this.onFailure = onFailure;
    }

    void send(Json body, Optional<TraceContext> trace) {
        // What a cancelled run tells last is posted, too.
        boolean interrupted = Thread.interrupted();
        try {
            var reply = proxy.post(path, body, trace, MAX_ANSWER_BYTES, TIMEOUT);
            switch (reply) {
                case PinnedHttps.Reply.Missing(var failure) -> onFailure.accept(failure.word());
                case PinnedHttps.Reply.Answered answered -> {
                    if (answered.status() < 200 || answered.status() > 299) {
                        onFailure.accept("status " + answered.status());
                    }
                }
            }
        } catch (InterruptedException e) {
            interrupted = true;
            onFailure.accept("interrupted");
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
