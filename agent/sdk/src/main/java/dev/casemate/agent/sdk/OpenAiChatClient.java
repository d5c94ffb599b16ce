package dev.casemate.agent.sdk;

import dev.casemate.manifest.Deployment;
import java.util.Optional;
import java.util.function.Consumer;

/// Asks a model through the proxy, over HTTPS, in the words of OpenAI's chat completions.
///
/// Answers are read whole, not streamed: an agent acts on nothing but a whole answer. Nothing is
/// tried twice.
public final class OpenAiChatClient implements ChatModel {

    /// Larger answers fail the run.
    public static final int MAX_ANSWER_BYTES = 8 << 20;

    private static final String PATH = "/v1/chat/completions";

    private final ProxyConnection proxy;

    /// @throws GuardException with code `MISCONFIGURED` if the proxy's certificate authority or the
    ///   agent's credential cannot be read
    public OpenAiChatClient(Deployment deployment) {
        this(new ProxyConnection(deployment));
    }

    OpenAiChatClient(ProxyConnection proxy) {
        this.proxy = proxy;
    }

    @Override
    public ChatReply ask(ChatRequest request, Consumer<String> words) throws InterruptedException {
        var reply =
                proxy.post(
                        PATH,
                        ChatWire.request(request),
                        Optional.of(request.trace()),
                        MAX_ANSWER_BYTES,
                        request.timeout());
        return switch (reply) {
            case PinnedHttps.Reply.Missing(var failure) ->
                    new ChatReply.Failed(failure, "no answer from the proxy");
            case PinnedHttps.Reply.Answered answered -> read(answered);
        };
    }

    private static ChatReply read(PinnedHttps.Reply.Answered answered) {
        if (answered.status() != 200) {
            return ChatWire.error(answered.status(), answered.body());
        }
        if (!answered.isJson()) {
            return new ChatReply.Failed(
                    ChatReply.Failure.MALFORMED, "expected content type application/json");
        }
        return ChatWire.answer(answered.body());
    }
}
