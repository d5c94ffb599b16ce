package dev.casemate.agent.sdk;

import dev.casemate.manifest.Correlation;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.JsonReader;
import dev.casemate.manifest.ManifestException;
import dev.casemate.manifest.Members;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/// The proxy's queue of tasks, one request at a time; what to do about an answer is the caller's.
///
/// Source: docs/workers.md.
final class TaskQueue {

    static final String NEXT = "/v1/casemate/tasks/next";

    /// The proxy may hold a request for as long as this, less a few seconds, until there is a task.
    static final Duration NEXT_TIMEOUT = Duration.ofSeconds(60);

    static final Duration POST_TIMEOUT = Duration.ofSeconds(10);

    /// Of an answer with a task in it.
    static final int MAX_TASK_BYTES = BoundedLines.MAX_LINE_BYTES;

    private static final int MAX_ANSWER_BYTES = 65_536;

    /// What came of asking for a task.
    sealed interface Asked {

        record Given(Delivery delivery) implements Asked {}

        /// There is none now.
        record Nothing(Optional<Duration> retryAfter) implements Asked {}

        /// There is one, but it will not do.
        ///
        /// @param place where to hand it back; empty if not even that can be read
        record Malformed(Optional<Place> place, ManifestException reason) implements Asked {}

        /// No answer, or one that may be another the next time.
        record Unwell(String what, Optional<Duration> retryAfter) implements Asked {}

        /// This worker gets no task, however often it asks.
        record Refused(int status, String code) implements Asked {}
    }

    /// What came of telling what became of a task.
    sealed interface Told {

        record Taken() implements Told {}

        /// No answer, or one that may be another the next time.
        record Unwell(String what, Optional<Duration> retryAfter) implements Told {}

        /// The task is no longer lent to this worker, or never was.
        record NotTaken(int status) implements Told {}
    }

    /// One lending of one task, on the wire.
    record Place(String task, String delivery) {

        static Place of(Delivery delivery) {
            return new Place(delivery.assignment().id(), delivery.id());
        }
    }

    private final ProxyConnection proxy;
    private final Correlation worker;
    private final InstantSource clock;

    TaskQueue(ProxyConnection proxy, Correlation worker, InstantSource clock) {
        this.proxy = proxy;
        this.worker = worker;
        this.clock = clock;
    }

    /// @param ask the same until an answer came: the queue gives the same task to the same ask, so
    ///   that a lost answer loses no task
    Asked next(String ask) throws InterruptedException {
        var asked = clock.instant();
        var body = Json.object().put("ask", ask).build();
        var reply = proxy.post(NEXT, body, Optional.empty(), MAX_TASK_BYTES, NEXT_TIMEOUT);
        return switch (reply) {
            case PinnedHttps.Reply.Missing(var failure) ->
                    new Asked.Unwell(failure.word(), Optional.empty());
            case PinnedHttps.Reply.Answered answered -> {
                int status = answered.status();
                if (status == 204) {
                    yield new Asked.Nothing(retryAfter(answered));
                }
                if (passing(status)) {
                    yield new Asked.Unwell("status " + status, retryAfter(answered));
                }
                if (status != 200) {
                    yield new Asked.Refused(status, code(answered));
                }
                yield given(answered.body(), asked);
            }
        };
    }

    private Asked given(byte[] body, java.time.Instant asked) {
        Optional<Place> place = Optional.empty();
        try {
            var json = JsonReader.read(body);
            place = place(json);
            return new Asked.Given(
                    Members.read(json, "", members -> Delivery.read(members, worker, asked)));
        } catch (ManifestException e) {
            return new Asked.Malformed(place, e);
        }
    }

    private static Optional<Place> place(Json json) {
        if (json instanceof Json.Obj members) {
            var task = members.text("id").filter(Assignment::isId);
            var delivery = members.text("delivery").filter(Correlation::isId);
            return task.flatMap(id -> delivery.map(lending -> new Place(id, lending)));
        }
        return Optional.empty();
    }

    /// The task was done; `result` says how it ended.
    Told result(Place place, Json.Builder result) throws InterruptedException {
        return tell(place, "result", result);
    }

    /// The task was not done, and may be lent to somebody else at once.
    ///
    /// @param reason a word
    Told handBack(Place place, String reason) throws InterruptedException {
        return tell(place, "return", Json.object().put("reason", reason));
    }

    private Told tell(Place place, String what, Json.Builder body) throws InterruptedException {
        var path = "/v1/casemate/tasks/" + place.task() + "/" + what;
        var reply =
                proxy.post(
                        path,
                        body.put("delivery", place.delivery()).build(),
                        Optional.empty(),
                        MAX_ANSWER_BYTES,
                        POST_TIMEOUT);
        return switch (reply) {
            case PinnedHttps.Reply.Missing(var failure) ->
                    new Told.Unwell(failure.word(), Optional.empty());
            case PinnedHttps.Reply.Answered answered -> {
                int status = answered.status();
                if (status >= 200 && status <= 299) {
                    yield new Told.Taken();
                }
                yield passing(status)
                        ? new Told.Unwell("status " + status, retryAfter(answered))
                        : new Told.NotTaken(status);
            }
        };
    }

    /// Whether the same request may be answered in another way later: request timeout, too early,
    /// too many requests, and whatever the other side could not help.
    private static boolean passing(int status) {
        return status == 408 || status == 425 || status == 429 || status >= 500;
    }

    private Optional<Duration> retryAfter(PinnedHttps.Reply.Answered answered) {
        return RetryAfter.read(answered::header, clock.instant());
    }

    private static String code(PinnedHttps.Reply.Answered answered) {
        return ChatWire.error(answered.status(), answered.body(), Optional.empty())
                        instanceof ChatReply.Refused refused
                ? refused.code()
                : "unknown";
    }
}
