package dev.casemate.agent.sdk;

import dev.casemate.manifest.AgentManifest;
import java.time.InstantSource;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/// What one run has of the proxy.
///
/// @param model to ask; asked again where that helps
/// @param listener posts the run's events and spans
record ProxySession(ChatModel model, RunListener listener) {

    /// @param proxy of this run: [ProxyConnection#forRun]
    /// @param manifest of the agent that runs
    /// @param random of the waits between attempts
    /// @param onFailure told a word or a status for each post that was not taken
    static ProxySession of(
            ProxyConnection proxy,
            AgentManifest manifest,
            OpenAiChatClient.Answers answers,
            RandomGenerator random,
            Pause pause,
            Consumer<String> onFailure) {
        var events = new EventPost(proxy, onFailure);
        var spans = new SpanPost(proxy, manifest, onFailure);
        var model =
                new RetryingModel(
                        new OpenAiChatClient(proxy, answers),
                        InstantSource.system(),
                        random,
                        pause,
                        spans::retried);
        return new ProxySession(
                model,
                event -> {
                    events.on(event);
                    spans.on(event);
                });
    }
}
