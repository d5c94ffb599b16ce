package dev.casemate.agent.sdk;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/// Asks another model again where that can help and cannot harm.
///
/// | reply | asked again |
/// |---|---|
/// | status 429 | yes, unless the code says that money is missing: waiting does not bring it |
/// | any other refusal | no |
/// | server error, unreachable | yes |
/// | broken, timed out | yes |
/// | any other failure, every answer | no |
///
/// Never after a word of an answer was told: what was told cannot be taken back. Never beyond the
/// request's timeout: where the wait would not fit, the last reply is returned at once. A prompt is
/// not a tool call: asking twice writes nothing twice, but it may cost twice.
///
/// The wait is drawn between zero and a bound that starts at [#FIRST_WAIT] and doubles each time
/// ("full jitter"); where the other side named a time, that time comes on top.
public final class RetryingModel implements ChatModel {

    /// How often a prompt is sent, the first time included.
    public static final int MAX_ATTEMPTS = 5;

    /// The bound of the first wait.
    public static final Duration FIRST_WAIT = Duration.ofMillis(500);

    /// The proxy's budget, and the provider's: neither comes back by waiting for seconds.
    private static final Set<String> NO_MONEY = Set.of("budget_exceeded", "insufficient_quota");

    private static final int TOO_MANY_REQUESTS = 429;

    /// One prompt that is about to be sent again.
    ///
    /// @param request whose trace is that of the span that asks
    /// @param attempt how often it was sent so far, from 1
    /// @param reply why it is sent again
    /// @param pause how long until then
    public record Retry(ChatRequest request, int attempt, ChatReply reply, Duration pause) {}

    private final ChatModel model;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final Pause pause;
    private final Consumer<Retry> retries;

    /// @param clock what the request's timeout is measured by
    /// @param random of the waits
    /// @param retries told of each, before its wait, on the thread that asks
    public RetryingModel(
            ChatModel model,
            InstantSource clock,
            RandomGenerator random,
            Pause pause,
            Consumer<Retry> retries) {
        this.model = model;
        this.clock = clock;
        this.random = random;
        this.pause = pause;
        this.retries = retries;
    }

    /// One answer's words, on their way to whoever listens.
    private static final class Words implements Consumer<String> {
        private final Consumer<String> listener;
        private boolean told;

        Words(Consumer<String> listener) {
            this.listener = listener;
        }

        @Override
        public void accept(String text) {
            told = true;
            listener.accept(text);
        }
    }

    @Override
    public ChatReply ask(ChatRequest request, Consumer<String> words) throws InterruptedException {
        var deadline = clock.instant().plus(request.timeout());
        var told = new Words(words);
        var reply = model.ask(request, told);
        for (int attempt = 1; attempt < MAX_ATTEMPTS; attempt++) {
            if (told.told || !canHelp(reply)) {
                return reply;
            }
            var wait = wait(attempt, reply);
            if (!left(deadline).minus(wait).isPositive()) {
                return reply;
            }
            retries.accept(new Retry(request, attempt, reply, wait));
            pause.pause(wait);
            var left = left(deadline);
            if (!left.isPositive()) {
                return reply;
            }
            reply = model.ask(within(request, left), told);
        }
        return reply;
    }

    private static boolean canHelp(ChatReply reply) {
        return switch (reply) {
            case ChatReply.Answer _ -> false;
            case ChatReply.Refused(var status, var code, _, _) ->
                    status == TOO_MANY_REQUESTS && !NO_MONEY.contains(code);
            case ChatReply.Failed(var failure, _) ->
                    switch (failure) {
                        case UNREACHABLE, SERVER_ERROR, BROKEN, TIMED_OUT -> true;
                        case UNTRUSTED, TOO_LARGE, REDIRECTED, MALFORMED, CUT_OFF, INTERNAL ->
                                false;
                    };
        };
    }

    private Duration wait(int attempt, ChatReply reply) {
        var bound = FIRST_WAIT.multipliedBy(1L << (attempt - 1));
        var drawn = Duration.ofNanos(random.nextLong(bound.toNanos() + 1));
        var named =
                reply instanceof ChatReply.Refused(_, _, _, var retryAfter)
                        ? retryAfter
                        : Optional.<Duration>empty();
        return drawn.plus(named.filter(Duration::isPositive).orElse(Duration.ZERO));
    }

    private Duration left(Instant deadline) {
        return Duration.between(clock.instant(), deadline);
    }

    private static ChatRequest within(ChatRequest request, Duration timeout) {
        return new ChatRequest(
                request.model(), request.messages(), request.tools(), request.trace(), timeout);
    }
}
