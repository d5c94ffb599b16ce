package dev.casemate.agent.sdk;

import dev.casemate.manifest.Deployment;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;

/// Asks a model through the proxy, over HTTPS, in the words of OpenAI's chat completions.
///
/// The reply is the same whether it came whole or in pieces: nothing is acted on but a whole
/// answer. Nothing is tried twice here; [RetryingModel] does that.
public final class OpenAiChatClient implements ChatModel {

    /// How an answer comes.
    public enum Answers {
        /// At once.
        WHOLE,
        /// In pieces: its text is told as it is written.
        STREAMED
    }

    /// Larger answers fail the run. A stream is counted with its frame, which takes about 200 bytes
    /// a piece.
    public static final int MAX_ANSWER_BYTES = 8 << 20;

    /// A stream may be silent for this long. The proxy holds a tool call back until it is whole, so
    /// this is longer than the two minutes that it gives its upstream.
    public static final Duration MAX_SILENCE = Duration.ofSeconds(150);

    private static final String PATH = "/v1/chat/completions";

    private final ProxyConnection proxy;
    private final Answers answers;
    private final InstantSource clock;
    private final Duration silence;

    /// A client for answers that come whole.
    ///
    /// @throws GuardException with code `MISCONFIGURED` if the proxy's certificate authority or the
    ///   agent's credential cannot be read
    public OpenAiChatClient(Deployment deployment) {
        this(deployment, Answers.WHOLE);
    }

    /// @throws GuardException with code `MISCONFIGURED` if the proxy's certificate authority or the
    ///   agent's credential cannot be read
    public OpenAiChatClient(Deployment deployment, Answers answers) {
        this(new ProxyConnection(deployment), answers);
    }

    OpenAiChatClient(ProxyConnection proxy) {
        this(proxy, Answers.WHOLE);
    }

    OpenAiChatClient(ProxyConnection proxy, Answers answers) {
        this(proxy, answers, InstantSource.system(), MAX_SILENCE);
    }

    /// @param clock for a `Retry-After` that names a date
    OpenAiChatClient(
            ProxyConnection proxy, Answers answers, InstantSource clock, Duration silence) {
        this.proxy = proxy;
        this.answers = answers;
        this.clock = clock;
        this.silence = silence;
    }

    @Override
    public ChatReply ask(ChatRequest request, Consumer<String> words) throws InterruptedException {
        return switch (answers) {
            case WHOLE -> whole(request);
            case STREAMED -> streamed(request, words);
        };
    }

    private ChatReply whole(ChatRequest request) throws InterruptedException {
        var reply =
                proxy.post(
                        PATH,
                        ChatWire.request(request),
                        Optional.of(request.trace()),
                        MAX_ANSWER_BYTES,
                        request.timeout());
        return switch (reply) {
            case PinnedHttps.Reply.Missing(var failure) -> missing(failure);
            case PinnedHttps.Reply.Answered answered -> {
                if (answered.status() != 200) {
                    yield error(answered);
                }
                yield answered.isJson()
                        ? ChatWire.answer(answered.body())
                        : malformed("application/json");
            }
        };
    }

    private ChatReply streamed(ChatRequest request, Consumer<String> words)
            throws InterruptedException {
        var answer = new StreamedChat(words);
        var reply =
                proxy.stream(
                        PATH,
                        ChatWire.streamed(request),
                        request.trace(),
                        new PinnedHttps.Limits(MAX_ANSWER_BYTES, silence, request.timeout()),
                        answer::take);
        return switch (reply) {
            case PinnedHttps.Reply.Missing(var failure) -> missing(failure);
            case PinnedHttps.Reply.Answered answered -> {
                if (answered.status() != 200) {
                    yield error(answered);
                }
                yield answered.isEvents() ? answer.reply() : malformed("text/event-stream");
            }
        };
    }

    private static ChatReply missing(ChatReply.Failure failure) {
        return new ChatReply.Failed(failure, "no answer from the proxy");
    }

    private static ChatReply malformed(String expectedType) {
        return new ChatReply.Failed(
                ChatReply.Failure.MALFORMED, "expected content type " + expectedType);
    }

    private ChatReply error(PinnedHttps.Reply.Answered answered) {
        return ChatWire.error(
                answered.status(),
                answered.body(),
                RetryAfter.read(answered::header, clock.instant()));
    }
}
