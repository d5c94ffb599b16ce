package dev.casemate.agent.sdk;

import dev.casemate.agent.sdk.TaskQueue.Asked;
import dev.casemate.agent.sdk.TaskQueue.Place;
import dev.casemate.agent.sdk.TaskQueue.Told;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.ManifestException;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Does the tasks that the proxy's queue lends, one after the other.
///
/// The queue lends a task again when its lease ends without a result, so that a task may come more
/// than once: to this worker, which then repeats the result it has, or to another, whose run has
/// the same name and with it the same idempotency keys.
final class QueueWorker {

    /// Between two questions where there was no task and the proxy did not say when to ask again.
    static final Duration IDLE = Duration.ofSeconds(5);

    /// A queue that asks to be asked again at once is not: a worker that asks without a pause is an
    /// attack.
    static final Duration SHORTEST_WAIT = Duration.ofSeconds(1);

    /// The longest wait, whoever asked for it.
    static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

    /// Between two tries where something failed: the first, and what the doubling ends at.
    static final Duration FIRST_RETRY = Duration.ofSeconds(1);

    static final Duration LONGEST_RETRY = Duration.ofSeconds(60);

    /// How often a result is told before it is given up; the lease may end it earlier.
    static final int TELLINGS = 8;

    /// How many results are kept for tasks that come again.
    static final int REMEMBERED = 32;

    /// A result with a longer answer is not kept; the task is then run again.
    static final int REMEMBERED_ANSWER_CHARS = 65_536;

    /// What a cancelled run takes to tell its end.
    private static final Duration CANCELLING = Duration.ofSeconds(30);

    /// A result that is kept, with the task that it belongs to.
    private record Done(Assignment assignment, Json.Obj result) {}

    private final TaskQueue queue;
    private final AgentRuns runs;
    private final EventLines lines;
    private final EndSignal signal;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final Pause pause;
    private final Map<String, Done> done = new LinkedHashMap<>();

    QueueWorker(
            AgentRuns runs,
            EventLines lines,
            EndSignal signal,
            InstantSource clock,
            RandomGenerator random,
            Pause pause) {
        this.runs = runs;
        this.lines = lines;
        this.signal = signal;
        this.clock = clock;
        this.random = random;
        this.pause = pause;
        queue = new TaskQueue(runs.proxy(), runs.worker(), clock);
    }

    /// Works until a signal comes, or the proxy refuses for good.
    ///
    /// @return the exit code
    int work() throws IOException {
        var backoff = new Backoff(FIRST_RETRY, LONGEST_RETRY, random);
        var ask = ask();
        boolean allDone = true;
        try {
            while (!signal.told()) {
                switch (queue.next(ask)) {
                    case Asked.Given(var delivery) -> {
                        backoff.reset();
                        allDone = take(delivery);
                        ask = ask();
                    }
                    case Asked.Nothing(var retryAfter) -> {
                        backoff.reset();
                        ask = ask();
                        pause.pause(bounded(retryAfter.orElse(IDLE)));
                    }
                    case Asked.Malformed(var place, var reason) -> {
                        lines.event(EventLines.refusal("task_refused", reason).build());
                        handBackMalformed(place);
                        ask = ask();
                        pause.pause(backoff.next(Optional.empty()));
                    }
                    case Asked.Unwell(var what, var retryAfter) -> {
                        problem("queue_unwell", what);
                        pause.pause(bounded(backoff.next(retryAfter)));
                    }
                    case Asked.Refused(var status, var code) -> {
                        problem("queue_refused", "status " + status + " " + code);
                        return AgentProcess.REFUSED;
                    }
                }
            }
        } catch (InterruptedException toldToEnd) {
            // There is nothing in hand.
        }
        return allDone ? AgentProcess.ANSWERED : AgentProcess.CUT_SHORT;
    }

    private static Duration bounded(Duration wait) {
        var floored = wait.compareTo(SHORTEST_WAIT) < 0 ? SHORTEST_WAIT : wait;
        return floored.compareTo(LONGEST_WAIT) < 0 ? floored : LONGEST_WAIT;
    }

    private String ask() {
        var drawn = new byte[16];
        random.nextBytes(drawn);
        return HexFormat.of().formatHex(drawn);
    }

    private void problem(String event, String what) {
        lines.problem(
                Json.object().put("event", event).put("failure", TextLimit.cut(what, 100)).build());
    }

    private void handBackMalformed(Optional<Place> place) throws InterruptedException {
        if (place.isPresent()) {
            queue.handBack(place.get(), "malformed");
        }
    }

    /// @return false if it was handed back because of a signal
    private boolean take(Delivery delivery) throws IOException, InterruptedException {
        boolean wanted = signal.take();
        try {
            var before = Optional.ofNullable(done.get(delivery.assignment().id()));
            if (before.isPresent()) {
                again(delivery, before.get());
                return true;
            }
            return (wanted && run(delivery)) || handBack(delivery, "ending");
        } finally {
            signal.release();
        }
    }

    /// The queue has not heard, or not kept, what it was told.
    private void again(Delivery delivery, Done before) throws InterruptedException {
        if (before.assignment().equals(delivery.assignment())) {
            tell(delivery, before.result());
        } else {
            handBack(delivery, "id_used_before");
        }
    }

    /// @return false if a signal ended it
    private boolean run(Delivery delivery) throws IOException, InterruptedException {
        var assignment = delivery.assignment();
        AgentLoop loop;
        try {
            loop = runs.loop(assignment.correlation());
        } catch (ManifestException | GuardException | IOException e) {
            handBack(delivery, "not_started");
            throw e;
        }
        var run = RunInHand.of(loop, assignment.task());
        signal.running(run);
        var report = run.await(workTime(delivery));
        if (report.isEmpty()) {
            run.cancel();
            if (run.await(CANCELLING).isEmpty()) {
                throw new IllegalStateException("expected a cancelled run to end");
            }
            lines.event(TaskResult.returned(assignment, "lease_ended"));
            return true;
        }
        if (report.get().end() instanceof RunEnd.Cancelled) {
            return false;
        }
        lines.event(TaskResult.line(assignment, report.get()));
        var result = TaskResult.of(assignment, report.get()).build();
        remember(assignment, result);
        tell(delivery, result);
        return true;
    }

    /// Nine tenths of the lease: the rest is for telling the result.
    private Duration workTime(Delivery delivery) {
        var left = Duration.between(clock.instant(), delivery.until());
        return left.isNegative() ? Duration.ZERO : left.multipliedBy(9).dividedBy(10);
    }

    private void remember(Assignment assignment, Json.Obj result) {
        if (result.text("answer").orElse("").length() <= REMEMBERED_ANSWER_CHARS) {
            done.put(assignment.id(), new Done(assignment, result));
            if (done.size() > REMEMBERED) {
                done.remove(done.keySet().iterator().next());
            }
        }
    }

    /// Tells a result until it is taken, refused, or too late.
    private void tell(Delivery delivery, Json.Obj result) throws InterruptedException {
        var backoff = new Backoff(FIRST_RETRY, LONGEST_RETRY, random);
        var failure = "the lease ended";
        for (int telling = 0; telling < TELLINGS; telling++) {
            var body = Json.object();
            result.members().forEach(body::put);
            switch (queue.result(Place.of(delivery), body)) {
                case Told.Taken() -> {
                    return;
                }
                case Told.NotTaken(var status) -> {
                    notTaken(delivery, "status " + status);
                    return;
                }
                case Told.Unwell(var what, var retryAfter) -> {
                    failure = what;
                    var wait = backoff.next(retryAfter);
                    if (clock.instant().plus(wait).isAfter(delivery.until())) {
                        notTaken(delivery, failure);
                        return;
                    }
                    pause.pause(wait);
                }
            }
        }
        notTaken(delivery, failure);
    }

    private void notTaken(Delivery delivery, String failure) {
        lines.event(
                Json.object()
                        .put("event", "result_not_taken")
                        .put("id", delivery.assignment().id())
                        .put("failure", failure)
                        .build());
    }

    /// Tried once: where it is lost, the lease's end does the same.
    ///
    /// @return false
    private boolean handBack(Delivery delivery, String reason) throws InterruptedException {
        lines.event(TaskResult.returned(delivery.assignment(), reason));
        if (queue.handBack(Place.of(delivery), reason) instanceof Told.Unwell(var what, _)) {
            problem("return_not_taken", what);
        }
        return false;
    }
}
