package dev.casemate.agent.sdk;

import dev.casemate.manifest.Json;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.function.Consumer;

/// Posts a run's events to the proxy, which puts them into its ledger.
///
/// An event that cannot be posted does not stop the run: it stands on standard output as well, and
/// the ledger holds every prompt, and with it every call and its result, in any case.
final class EventPost implements RunListener {

    static final String PATH = "/v1/casemate/events";

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int MAX_ANSWER_BYTES = 65_536;

    private final ProxyConnection proxy;
    private final Consumer<String> onFailure;

    /// @param onFailure told a word or a status for each event that was not taken
    EventPost(ProxyConnection proxy, Consumer<String> onFailure) {
        this.proxy = proxy;
        this.onFailure = onFailure;
    }

    @Override
    public void on(RunEvent event) {
        // The last event of a cancelled run is posted, too.
        boolean interrupted = Thread.interrupted();
        try {
            var reply =
                    proxy.post(PATH, posted(event), Optional.empty(), MAX_ANSWER_BYTES, TIMEOUT);
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

    /// Without the answer's text: the ledger has it with the prompt that it answers.
    private static Json posted(RunEvent event) {
        var members = new LinkedHashMap<>(event.toJson().members());
        members.remove("answer");
        return new Json.Obj(members);
    }
}
