package dev.casemate.proxy.gateway;

import dev.casemate.manifest.Correlation;
import dev.casemate.manifest.Json;
import dev.casemate.proxy.audit.LedgerEntry;
import dev.casemate.proxy.audit.LedgerEntry.Kind;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Optional;

/// Writes what happened as the ledger's entries; the members are the console's and the timeline's
/// to read.
final class Records {

    private final InstantSource clock;
    private final String configVersion;

    Records(InstantSource clock, String configVersion) {
        this.clock = clock;
        this.configVersion = configVersion;
    }

    LedgerEntry prompt(AdmittedPrompt prompt, String route) {
        var caller = prompt.caller();
        var body =
                Json.object()
                        .put("route", route)
                        .put("model", prompt.model().name())
                        .put("upstream", prompt.model().upstream())
                        .put("upstreamFormat", prompt.upstreamFormat().word())
                        .put("stream", prompt.request().stream())
                        .put("team", caller.identity().team())
                        .put("manifest", caller.identity().digest().value())
                        .put("request", prompt.upstreamRequest())
                        .put("verdict", prompt.verdict().toJson())
                        .put("reservedNanoUsd", Long.toString(prompt.reserved().nanoUsd()))
                        .put("config", configVersion);
        if (!prompt.model().fallbacks().isEmpty()) {
            body.put("fallbacks", Json.strings(prompt.model().fallbacks()));
        }
        caller.traceparent().ifPresent(trace -> body.put("traceparent", trace));
        return entry(Kind.PROMPT, caller, body.build());
    }

    /// @param firstByte how long the first byte of the answer took; empty if none came
    LedgerEntry answer(
            AdmittedPrompt prompt,
            Outcome outcome,
            Books.Settled settled,
            Duration latency,
            Optional<Duration> firstByte,
            Asked asked) {
        var body =
                Json.object()
                        .put("outcome", outcome.ending().word())
                        .put("status", status(outcome));
        outcome.error().ifPresent(error -> body.put("code", error.code().word()));
        outcome.error().ifPresent(error -> body.put("detail", error.detail()));
        outcome.response().ifPresent(response -> body.put("response", response));
        asked.last().ifPresent(upstream -> body.put("upstream", upstream));
        if (!asked.before().isEmpty()) {
            body.put(
                    "leftUpstreams",
                    Json.array(asked.before().stream().map(Asked.Left::toJson).toList()));
        }
        body.put("usage", settled.usage().toJson())
                .put("estimated", settled.estimated())
                .put("costNanoUsd", Long.toString(settled.cost().nanoUsd()))
                .put("latencyMicros", latency.toNanos() / 1_000);
        firstByte.ifPresent(time -> body.put("firstByteMicros", time.toNanos() / 1_000));
        body.put("verdict", outcome.verdict().toJson());
        outcome.finishReason().ifPresent(reason -> body.put("finishReason", reason));
        body.put("toolCalls", Json.strings(outcome.toolCalls()))
                .put("model", prompt.model().name())
                .put("team", prompt.attribution().team())
                .put("workflow", prompt.attribution().workflow());
        return entry(Kind.ANSWER, prompt.caller(), body.build());
    }

    // What the agent's connection saw; 499 is what nginx calls a client that went away.
    private static long status(Outcome outcome) {
        return outcome.ending() == Outcome.Ending.CLIENT_GONE
                ? 499
                : outcome.error().map(error -> error.code().status()).orElse(200);
    }

    LedgerEntry refusal(
            String exchange,
            Optional<String> agent,
            Optional<Correlation> correlation,
            Optional<String> traceparent,
            String route,
            GatewayException refusal) {
        var members = new LinkedHashMap<String, Json>();
        members.put("code", Json.of(refusal.code().word()));
        members.put("status", Json.of(refusal.code().status()));
        members.put("detail", Json.of(refusal.detail()));
        members.put("route", Json.of(route));
        traceparent.ifPresent(trace -> members.put("traceparent", Json.of(trace)));
        members.putAll(refusal.evidence().members());
        return new LedgerEntry(
                Kind.REFUSAL, clock.instant(), exchange, agent, correlation, new Json.Obj(members));
    }

    LedgerEntry runEvent(Caller caller, Json.Obj event) {
        var body = Json.object().put("source", "agent").put("event", event);
        caller.traceparent().ifPresent(trace -> body.put("traceparent", trace));
        return entry(Kind.RUN_EVENT, caller, body.build());
    }

    LedgerEntry spans(Caller caller, SpanReader.Told told) {
        return entry(
                Kind.SPANS,
                caller,
                Json.object()
                        .put("source", "agent")
                        .put("trace", told.trace())
                        .put("spans", told.spans())
                        .put("resourceSpans", told.resourceSpans())
                        .build());
    }

    LedgerEntry container(Caller caller, ContainerReader.Told told) {
        return entry(told.kind(), caller, told.body());
    }

    private LedgerEntry entry(Kind kind, Caller caller, Json.Obj body) {
        return new LedgerEntry(
                kind,
                clock.instant(),
                caller.exchange(),
                caller.identity().name(),
                Optional.of(caller.correlation()),
                body);
    }
}
