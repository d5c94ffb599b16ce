package dev.casemate.proxy.gateway;

import dev.casemate.manifest.Json;
import dev.casemate.proxy.audit.LedgerEntry;
import dev.casemate.proxy.policy.Verdict;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One admitted prompt on its way: onto record, to the upstream, back through policy and manifest,
/// onto record again, and only then the last byte to the agent.
///
/// All of it runs on one event loop; what takes long leaves it and comes back. However it ends, it
/// ends once, in [#finish]: settled, recorded, and then answered.
final class ChatExchange {

    /// A body beyond this is read and judged off the event loop.
    static final int LARGE_BYTES = 64 << 10;

    private static final int MAX_ERROR_BYTES = 16 << 10;

    private final Services services;
    private final Context context;
    private final Iterator<UpstreamClient> upstreams;
    private final AdmittedPrompt prompt;
    private final Reply reply;
    private final String route;
    private final long begun = System.nanoTime();
    private final List<Asked.Left> before = new ArrayList<>();
    private Optional<UpstreamClient> upstream = Optional.empty();
    private Optional<Duration> firstByte = Optional.empty();
    private @Nullable HttpClientRequest call;
    private @Nullable StreamedAnswer streamed;
    private long deadline = -1;
    private boolean upstreamEnded;
    private boolean over;

    /// @param upstreams in the order in which they may be asked
    ChatExchange(
            Services services,
            Context context,
            List<UpstreamClient> upstreams,
            AdmittedPrompt prompt,
            Reply reply,
            String route) {
        this.services = services;
        this.context = context;
        this.upstreams = upstreams.iterator();
        this.prompt = prompt;
        this.reply = reply;
        this.route = route;
    }

    /// Puts the prompt on record and, once that is durable, sends it.
    ///
    /// @return fails with `LEDGER_UNAVAILABLE` if the prompt did not get onto record; nothing has
    ///   left then, and answering is up to the caller
    Future<Void> begin() {
        services.telemetry().found(prompt.verdict());
        return append(services.records().prompt(prompt, route))
                .onFailure(_ -> services.books().release(prompt.caller().exchange()))
                .onSuccess(_ -> send());
    }

    private Future<Void> append(LedgerEntry entry) {
        return Future.fromCompletionStage(services.ledger().append(entry), context)
                .<Void>mapEmpty()
                .recover(failure -> Future.failedFuture(unavailable(failure)));
    }

    private static GatewayException unavailable(Throwable cause) {
        return new GatewayException(
                ErrorCode.LEDGER_UNAVAILABLE,
                "the audit ledger cannot write, so nothing passes",
                cause);
    }

    private void send() {
        if (reply.isGone()) {
            finish(Outcome.clientGone(false, Optional.empty(), Verdict.pass()), () -> {});
            return;
        }
        reply.onGone(this::clientGone);
        deadline =
                context.owner()
                        .setTimer(services.config().limits().upstream().toMillis(), _ -> late());
        turnToNext()
                .ifPresentOrElse(
                        this::open,
                        () -> broken(ErrorCode.UPSTREAM_UNREACHABLE, "one that is well"));
    }

    private void late() {
        if (!over && call != null && firstByte.isEmpty()) {
            upstream.ifPresent(silent -> silent.breaker().failed(ErrorCode.UPSTREAM_TIMEOUT));
        }
        broken(ErrorCode.UPSTREAM_TIMEOUT, "an answer in time");
    }

    /// The next upstream that is worth asking; those in between are passed over.
    private Optional<UpstreamClient> turnToNext() {
        while (upstreams.hasNext()) {
            var candidate = upstreams.next();
            if (candidate.breaker().admits()) {
                upstream = Optional.of(candidate);
                return upstream;
            }
            leave(new Asked.Left(candidate.name(), Optional.empty()));
        }
        return Optional.empty();
    }

    private void leave(Asked.Left left) {
        before.add(left);
        services.telemetry().left(left);
    }

    /// Asks another upstream in the place of one that did nothing and charges nothing; where there
    /// is none, this one's failure is the end. Nothing of an answer has gone to the agent yet.
    private void askAnother(UpstreamClient failed, GatewayException why, Outcome otherwise) {
        var next = turnToNext();
        if (next.isEmpty()) {
            end(otherwise);
            return;
        }
        leave(new Asked.Left(failed.name(), Optional.of(why.code())));
        call = null;
        upstreamEnded = false;
        firstByte = Optional.empty();
        open(next.get());
    }

    private void open(UpstreamClient candidate) {
        candidate
                .open(prompt.caller().traceparent())
                .onSuccess(request -> opened(candidate, request))
                .onFailure(_ -> unreachable(candidate));
    }

    private void unreachable(UpstreamClient candidate) {
        if (!over) {
            var error = expected(ErrorCode.UPSTREAM_UNREACHABLE, "a connection");
            candidate.breaker().failed(error.code());
            askAnother(
                    candidate,
                    error,
                    Outcome.broken(error, false, Optional.empty(), Verdict.pass()));
        }
    }

    private void opened(UpstreamClient candidate, HttpClientRequest request) {
        if (over) {
            var _ = request.reset();
            return;
        }
        call = request;
        request.exceptionHandler(_ -> unanswered(candidate, request, "to be heard"));
        request.response()
                .onSuccess(response -> answered(candidate, response))
                .onFailure(_ -> unanswered(candidate, request, "an answer"));
        request.end(Buffer.buffer(prompt.body().copy()))
                .onFailure(_ -> unanswered(candidate, request, "to be heard"));
    }

    // It may have been heard and charged, so nobody else is asked.
    private void unanswered(UpstreamClient candidate, HttpClientRequest request, String expected) {
        if (!over && request.equals(call)) {
            if (firstByte.isEmpty()) {
                candidate.breaker().failed(ErrorCode.UPSTREAM_FAILED);
            }
            broken(ErrorCode.UPSTREAM_FAILED, expected);
        }
    }

    private void answered(UpstreamClient candidate, HttpClientResponse response) {
        if (over) {
            return;
        }
        if (UpstreamRefusal.isFailure(response.statusCode())) {
            candidate.breaker().failed(ErrorCode.UPSTREAM_FAILED);
        } else {
            candidate.breaker().answered();
        }
        firstByte = Optional.of(elapsed());
        services.telemetry().firstByte(prompt, elapsed());
        response.exceptionHandler(_ -> broken(ErrorCode.UPSTREAM_FAILED, "the whole answer"));
        var type = Optional.ofNullable(response.getHeader("content-type")).orElse("");
        var encoding = Optional.ofNullable(response.getHeader("content-encoding"));
        if (response.statusCode() != 200) {
            collect(response, MAX_ERROR_BYTES, body -> refused(candidate, response, body));
        } else if (encoding.isPresent() && !encoding.get().equals("identity")) {
            broken(ErrorCode.UPSTREAM_FAILED, "an answer without content-encoding");
        } else if (!prompt.request().stream()) {
            collect(response, services.config().limits().answerBytes(), this::judgePlain);
        } else if (type.startsWith("text/event-stream")) {
            relay(response);
        } else {
            broken(ErrorCode.UPSTREAM_FAILED, "an event stream");
        }
    }

    private void collect(HttpClientResponse response, int limit, Consumer<byte[]> whole) {
        var body = Buffer.buffer();
        response.handler(chunk -> {
            if (body.length() + chunk.length() > limit) {
                broken(ErrorCode.UPSTREAM_FAILED, "at most " + limit + " bytes");
            } else if (!over) {
                body.appendBuffer(chunk);
            }
        });
        response.endHandler(_ -> {
            upstreamEnded = true;
            if (!over) {
                whole.accept(body.getBytes());
            }
        });
    }

    private void refused(UpstreamClient candidate, HttpClientResponse response, byte[] body) {
        var error =
                UpstreamRefusal.of(
                        asked(),
                        response.statusCode(),
                        body,
                        name -> Optional.ofNullable(response.getHeader(name)));
        var text = Json.of(new String(body, StandardCharsets.UTF_8));
        var outcome =
                Outcome.broken(error, false, Optional.empty(), Verdict.pass()).withResponse(text);
        if (UpstreamRefusal.invitesAnother(response.statusCode())) {
            askAnother(candidate, error, outcome);
        } else {
            end(outcome);
        }
    }

    /// The upstream's format.
    private Dialect asked() {
        return prompt.upstreamFormat().dialect();
    }

    /// The agent's.
    private Dialect told() {
        return prompt.request().format().dialect();
    }

    // ---- a plain answer

    private record Judged(Outcome outcome, Optional<Json.Obj> answer) {}

    private void judgePlain(byte[] body) {
        aside(body.length, () -> judged(body))
                .onSuccess(judged ->
                        finish(
                                judged.outcome(),
                                () ->
                                        reply.json(
                                                200,
                                                WireJson.write(judged.answer().orElseThrow()))))
                .onFailure(this::fault);
    }

    private Judged judged(byte[] body) {
        Json json;
        try {
            json = WireJson.read(body);
        } catch (WireJson.MalformedException e) {
            return unreadable(
                    AnswerReader.failed("JSON"), Json.of(new String(body, StandardCharsets.UTF_8)));
        }
        try {
            var answer = asked().readAnswer(json);
            var ruling = services.judge().answer(answer, prompt.gate());
            var delivered =
                    ruling.refusal().isPresent()
                            ? Optional.<Json.Obj>empty()
                            : Optional.of(told().answer(answer));
            return new Judged(Outcome.of(answer, json, ruling), delivered);
        } catch (GatewayException e) {
            return unreadable(e, json);
        }
    }

    private static Judged unreadable(GatewayException error, Json response) {
        return new Judged(
                Outcome.broken(error, true, Optional.empty(), Verdict.pass())
                        .withResponse(response),
                Optional.empty());
    }

    // ---- a stream

    private void relay(HttpClientResponse response) {
        var answer =
                new StreamedAnswer(
                        services.judge().policy(),
                        asked().reader(),
                        told().writer(prompt.request()));
        streamed = answer;
        var received = new long[1];
        int limit = services.config().limits().answerBytes();
        response.handler(chunk -> {
            received[0] += chunk.length();
            if (received[0] > limit) {
                broken(ErrorCode.UPSTREAM_FAILED, "at most " + limit + " bytes");
            } else if (!over) {
                pass(response, answer, chunk.getBytes());
            }
        });
        response.endHandler(_ -> {
            upstreamEnded = true;
            if (!over) {
                judgeStream(answer);
            }
        });
    }

    private void pass(HttpClientResponse response, StreamedAnswer answer, byte[] chunk) {
        try {
            reply.events(answer.accept(chunk));
            if (reply.isFull()) {
                response.pause();
                reply.onDrained(response::resume);
            }
        } catch (GatewayException e) {
            end(Outcome.broken(e, true, said(), answer.verdict()));
        } catch (RuntimeException e) {
            fault(e);
        }
    }

    private record StreamEnd(Outcome outcome, String events) {}

    private void judgeStream(StreamedAnswer answer) {
        aside(answer.answer().bytes(), () -> streamEnd(answer))
                .onSuccess(end -> finish(end.outcome(), () -> reply.endEvents(end.events())))
                .onFailure(this::fault);
    }

    private StreamEnd streamEnd(StreamedAnswer stream) {
        try {
            var rest = stream.rest();
            var answer = stream.answer();
            var ruling = services.judge().streamed(answer, prompt.gate(), stream.verdict());
            var ending = ruling.refusal().isPresent() ? "" : stream.ending();
            return new StreamEnd(Outcome.of(answer, answer.toJson(), ruling), rest + ending);
        } catch (GatewayException e) {
            return new StreamEnd(
                    Outcome.broken(e, true, Optional.of(stream.answer()), stream.verdict()), "");
        }
    }

    // ---- every way to end

    // Anything short stays on the loop: the hop costs more than the work.
    private <T> Future<T> aside(long bytes, Callable<T> work) {
        if (bytes > LARGE_BYTES) {
            return context.executeBlocking(work, false).map(Objects::requireNonNull);
        }
        try {
            return Future.succeededFuture(work.call());
        } catch (Exception e) {
            return Future.failedFuture(e);
        }
    }

    private Optional<ModelAnswer> said() {
        return Optional.ofNullable(streamed).map(StreamedAnswer::answer);
    }

    private Verdict verdictSoFar() {
        return Optional.ofNullable(streamed).map(StreamedAnswer::verdict).orElseGet(Verdict::pass);
    }

    private void clientGone() {
        if (!over) {
            finish(Outcome.clientGone(call != null, said(), verdictSoFar()), () -> {});
        }
    }

    private void broken(ErrorCode code, String expected) {
        if (!over) {
            var error = expected(code, expected);
            end(Outcome.broken(error, call != null, said(), verdictSoFar()));
        }
    }

    private static GatewayException expected(ErrorCode code, String what) {
        return new GatewayException(code, "expected " + what + " from the upstream");
    }

    private void fault(Throwable failure) {
        System.getLogger(ChatExchange.class.getName())
                .log(System.Logger.Level.ERROR, "a fault of the gateway's own", failure);
        if (!over) {
            var error =
                    new GatewayException(
                            ErrorCode.INTERNAL_ERROR, "the gateway could not judge the answer");
            end(Outcome.broken(error, true, said(), verdictSoFar()));
        }
    }

    private void end(Outcome outcome) {
        finish(outcome, () -> {});
    }

    /// Settles, records, and only after the record is durable lets the agent have the end.
    private void finish(Outcome outcome, Runnable delivery) {
        if (over) {
            return;
        }
        over = true;
        stopUpstream();
        var settled = services.books().settle(prompt, outcome);
        var latency = elapsed();
        services.telemetry().settled(prompt, outcome, settled, latency);
        services.telemetry().found(outcome.verdict());
        var asked = new Asked(upstream.map(UpstreamClient::name), before);
        append(services.records().answer(prompt, outcome, settled, latency, firstByte, asked))
                .onSuccess(_ -> deliver(outcome, delivery))
                .onFailure(failure -> refuse((GatewayException) failure));
    }

    private void deliver(Outcome outcome, Runnable delivery) {
        if (reply.isGone()) {
            reply.abandon();
        } else if (outcome.error().isPresent()) {
            refuse(outcome.error().get());
        } else {
            delivery.run();
        }
    }

    private void refuse(GatewayException error) {
        services.telemetry().refused(error.code());
        reply.error(error);
    }

    private void stopUpstream() {
        if (deadline >= 0) {
            context.owner().cancelTimer(deadline);
        }
        if (call != null && !upstreamEnded) {
            var _ = call.reset();
        }
    }

    private Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - begun);
    }
}
