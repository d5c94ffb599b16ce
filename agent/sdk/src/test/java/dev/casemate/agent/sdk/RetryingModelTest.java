package dev.casemate.agent.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.casemate.agent.sdk.ChatReply.Failure;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryingModelTest {

    private static final ChatReply ANSWER =
            new ChatReply.Answer(Optional.of("yes"), List.of(), Optional.empty());

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final Deque<ChatReply> script = new ArrayDeque<>();
    private final List<ChatRequest> asked = new ArrayList<>();
    private final List<Duration> waits = new ArrayList<>();
    private final List<RetryingModel.Retry> retries = new ArrayList<>();
    private final List<String> words = new ArrayList<>();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private Duration perAnswer = Duration.ZERO;
    private String said = "";

    private ChatReply played(ChatRequest request, Consumer<String> listener) {
        asked.add(request);
        now = now.plus(perAnswer);
        if (!said.isEmpty()) {
            listener.accept(said);
        }
        return script.size() > 1 ? script.removeFirst() : script.getFirst();
    }

    private ChatReply ask(Duration timeout, ChatReply... replies) throws InterruptedException {
        return ask(timeout, this::elapse, replies);
    }

    private void elapse(Duration wait) {
        waits.add(wait);
        now = now.plus(wait);
    }

    private ChatReply ask(Duration timeout, Pause pause, ChatReply... replies)
            throws InterruptedException {
        script.clear();
        script.addAll(List.of(replies));
        asked.clear();
        var model = new RetryingModel(this::played, () -> now, new Random(1), pause, retries::add);
        return model.ask(
                new ChatRequest(
                        "test-model",
                        List.of(new ChatMessage.Task("Do.")),
                        List.of(),
                        TraceContext.drawn(new Random(2)),
                        timeout),
                words::add);
    }

    private static ChatReply failed(Failure failure) {
        return new ChatReply.Failed(failure, "no");
    }

    private static ChatReply refused(int status, String code, Optional<Duration> retryAfter) {
        return new ChatReply.Refused(status, code, "no", retryAfter);
    }

    private static ChatReply busy() {
        return refused(429, "rate_limited", Optional.empty());
    }

    @ParameterizedTest
    @EnumSource(Failure.class)
    void onlyAFailureThatMayPassIsAskedAgain(Failure failure) throws InterruptedException {
        boolean again =
                switch (failure) {
                    case UNREACHABLE, TIMED_OUT, BROKEN, SERVER_ERROR -> true;
                    case UNTRUSTED, TOO_LARGE, REDIRECTED, MALFORMED, CUT_OFF, INTERNAL -> false;
                };
        assertThat(ask(MINUTE, failed(failure), ANSWER))
                .isEqualTo(again ? ANSWER : failed(failure));
        assertThat(asked).hasSize(again ? 2 : 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 400, 401, 403, 404, 408, 413, 503})
    void aRefusalIsNotAskedAgain(int status) throws InterruptedException {
        var no = refused(status, "policy_blocked", Optional.of(Duration.ofSeconds(1)));
        assertThat(ask(MINUTE, no, ANSWER)).isEqualTo(no);
        assertThat(asked).hasSize(1);
    }

    @Test
    void whoIsBusyIsAskedAgainAndWhoHasNoMoneyIsNot() throws InterruptedException {
        assertThat(ask(MINUTE, busy(), ANSWER)).isEqualTo(ANSWER);
        for (var code : List.of("budget_exceeded", "insufficient_quota")) {
            var broke = refused(429, code, Optional.of(Duration.ofSeconds(1)));
            assertThat(ask(MINUTE, broke, ANSWER)).isEqualTo(broke);
            assertThat(asked).hasSize(1);
        }
    }

    @Test
    void itGivesUpAfterTheLastAttemptWithTheLastReply() throws InterruptedException {
        var last = new ChatReply.Failed(Failure.SERVER_ERROR, "the last");
        assertThat(ask(MINUTE, busy(), busy(), busy(), busy(), last, ANSWER)).isEqualTo(last);
        assertThat(asked).hasSize(RetryingModel.MAX_ATTEMPTS);
        assertThat(retries.stream().map(RetryingModel.Retry::attempt)).containsExactly(1, 2, 3, 4);
        assertThat(retries.stream().map(RetryingModel.Retry::pause)).isEqualTo(waits);
        assertThat(retries).allSatisfy(it -> assertThat(it.reply()).isEqualTo(busy()));
        assertThat(retries)
                .allSatisfy(
                        it -> assertThat(it.request().trace()).isEqualTo(asked.getFirst().trace()));
    }

    @Test
    void waitsAreDrawnUpToABoundThatDoubles() throws InterruptedException {
        var longest = new Duration[] {Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO};
        var random = new Random(3);
        for (int run = 0; run < 500; run++) {
            waits.clear();
            script.clear();
            script.add(busy());
            var model = new RetryingModel(this::played, () -> now, random, this::elapse, _ -> {});
            model.ask(
                    new ChatRequest(
                            "test-model",
                            List.of(),
                            List.of(),
                            TraceContext.drawn(new Random(2)),
                            MINUTE),
                    words::add);
            for (int i = 0; i < longest.length; i++) {
                var bound = RetryingModel.FIRST_WAIT.multipliedBy(1L << i);
                assertThat(waits.get(i)).isBetween(Duration.ZERO, bound);
                longest[i] = waits.get(i).compareTo(longest[i]) > 0 ? waits.get(i) : longest[i];
            }
        }
        for (int i = 0; i < longest.length; i++) {
            assertThat(longest[i])
                    .isGreaterThan(RetryingModel.FIRST_WAIT.multipliedBy(1L << i).dividedBy(2));
        }
    }

    @Test
    void theNamedTimeIsWaitedForAtLeast() throws InterruptedException {
        var named = Duration.ofSeconds(7);
        assertThat(ask(MINUTE, refused(429, "x", Optional.of(named)), ANSWER)).isEqualTo(ANSWER);
        assertThat(waits)
                .singleElement()
                .satisfies(wait ->
                        assertThat(wait).isBetween(named, named.plus(RetryingModel.FIRST_WAIT)));
        assertThat(ask(MINUTE, refused(429, "x", Optional.of(named.negated())), ANSWER))
                .isEqualTo(ANSWER);
        assertThat(waits.getLast()).isBetween(Duration.ZERO, RetryingModel.FIRST_WAIT);
    }

    @Test
    void aWaitThatDoesNotFitIsNotBegun() throws InterruptedException {
        var no = refused(429, "x", Optional.of(MINUTE));
        assertThat(ask(MINUTE, no, ANSWER)).isEqualTo(no);
        assertThat(waits).isEmpty();
        assertThat(retries).isEmpty();
    }

    @Test
    void eachAttemptHasOnlyTheTimeThatIsLeft() throws InterruptedException {
        perAnswer = Duration.ofSeconds(10);
        assertThat(ask(MINUTE, busy(), busy(), ANSWER)).isEqualTo(ANSWER);
        var waited = Duration.ZERO;
        for (int i = 0; i < asked.size(); i++) {
            assertThat(asked.get(i).timeout())
                    .isEqualTo(MINUTE.minus(perAnswer.multipliedBy(i)).minus(waited));
            waited = i < waits.size() ? waited.plus(waits.get(i)) : waited;
        }
        perAnswer = MINUTE;
        assertThat(ask(MINUTE, failed(Failure.TIMED_OUT), ANSWER))
                .isEqualTo(failed(Failure.TIMED_OUT));
    }

    @Test
    void aPauseThatTookTooLongIsTheEnd() throws InterruptedException {
        assertThat(ask(MINUTE, _ -> now = now.plus(MINUTE), busy(), ANSWER)).isEqualTo(busy());
        assertThat(asked).hasSize(1);
    }

    @Test
    void nothingIsAskedAgainOnceAWordWasTold() throws InterruptedException {
        said = "Copper is ";
        assertThat(ask(MINUTE, failed(Failure.BROKEN), ANSWER)).isEqualTo(failed(Failure.BROKEN));
        assertThat(asked).hasSize(1);
        assertThat(words).containsExactly("Copper is ");
    }

    @Test
    void anInterruptEndsTheWait() {
        assertThatThrownBy(() ->
                        ask(
                                MINUTE,
                                _ -> {
                                    throw new InterruptedException();
                                },
                                busy(),
                                ANSWER))
                .isInstanceOf(InterruptedException.class);
        assertThat(asked).hasSize(1);
    }

    @Test
    void theSleepingPauseHeedsAnInterrupt() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> Pause.SLEEP.pause(MINUTE))
                .isInstanceOf(InterruptedException.class);
    }
}
