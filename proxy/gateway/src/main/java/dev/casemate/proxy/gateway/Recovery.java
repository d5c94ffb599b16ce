package dev.casemate.proxy.gateway;

import dev.casemate.manifest.Correlation;
import dev.casemate.manifest.Json;
import dev.casemate.proxy.audit.LedgerEntry;
import dev.casemate.proxy.audit.LedgerEntry.Kind;
import dev.casemate.proxy.audit.LedgerReader;
import dev.casemate.proxy.finops.Attribution;
import dev.casemate.proxy.finops.Budgets;
import dev.casemate.proxy.finops.Cost;
import dev.casemate.proxy.finops.FinopsException;
import dev.casemate.proxy.finops.Meter;
import dev.casemate.proxy.finops.Usage;
import dev.casemate.proxy.policy.Verdict;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Brings budgets and meter back from the ledger before the gateway listens.
///
/// A prompt without an answer left a gateway that did not live to see it. Nobody knows what it
/// cost: it is counted with its worst case, and an ANSWER record with the code [#LOST] says so.
/// Totals may be too high after a crash; they are never too low.
final class Recovery {

    /// The `code` of an answer that a crash took.
    static final String LOST = "lost";

    /// A prompt that still waits for its answer, as far as the money is concerned.
    private record OpenPrompt(
            Instant at, Optional<Correlation> correlation, Attribution who, Cost reserved) {}

    private final Map<String, OpenPrompt> open = new LinkedHashMap<>();
    private final Budgets budgets;
    private final Meter meter;
    private final InstantSource clock;

    private Recovery(Budgets budgets, Meter meter, InstantSource clock) {
        this.budgets = budgets;
        this.meter = meter;
        this.clock = clock;
    }

    /// @return the records that close what the last gateway left open
    static List<LedgerEntry> replay(
            Path ledger, Budgets budgets, Meter meter, InstantSource clock) {
        var recovery = new Recovery(budgets, meter, clock);
        LedgerReader.forEach(ledger, stored -> recovery.read(stored.entry()));
        return recovery.open.entrySet().stream()
                .map(entry -> recovery.lost(entry.getKey(), entry.getValue()))
                .toList();
    }

    private void read(LedgerEntry entry) {
        switch (entry.kind()) {
            case PROMPT ->
                    open.put(
                            entry.exchange(),
                            new OpenPrompt(
                                    entry.at(),
                                    entry.correlation(),
                                    attribution(entry),
                                    cost(entry.body(), "reservedNanoUsd")));
            case ANSWER -> {
                var prompt = open.remove(entry.exchange());
                if (prompt != null) {
                    count(prompt, usage(entry.body()), cost(entry.body(), "costNanoUsd"));
                }
            }
            case REFUSAL, RUN_EVENT, SPANS, CONTAINER_STARTED, CONTAINER_LOG, CONTAINER_ENDED -> {}
        }
    }

    private void count(OpenPrompt prompt, Usage usage, Cost cost) {
        budgets.restore(prompt.at(), prompt.who(), cost);
        meter.record(prompt.who(), usage, cost);
    }

    private static Attribution attribution(LedgerEntry prompt) {
        return new Attribution(
                prompt.agent().orElse(Caller.NONE),
                prompt.body().text("team").orElse(Caller.NONE),
                prompt.correlation().map(Correlation::workflow).orElse(Caller.NONE),
                prompt.body().text("model").orElse(Caller.NONE));
    }

    private static Cost cost(Json.Obj body, String name) {
        try {
            return new Cost(Long.parseLong(body.text(name).orElse("")));
        } catch (NumberFormatException e) {
            throw new ConfigException(
                    ConfigException.Code.CANNOT_START,
                    "ledger",
                    "expected " + name + " in each of its records: another program wrote there",
                    e);
        }
    }

    private static Usage usage(Json.Obj body) {
        try {
            return body.get("usage").orElse(null) instanceof Json.Obj usage
                    ? Usage.read(usage)
                    : Usage.NONE;
        } catch (FinopsException e) {
            return Usage.NONE;
        }
    }

    private LedgerEntry lost(String exchange, OpenPrompt prompt) {
        count(prompt, Usage.NONE, prompt.reserved());
        var body =
                Json.object()
                        .put("outcome", Outcome.Ending.UPSTREAM_FAILED.word())
                        .put("status", 0)
                        .put("code", LOST)
                        .put("detail", "the gateway stopped before this exchange ended")
                        .put("usage", Usage.NONE.toJson())
                        .put("estimated", true)
                        .put("costNanoUsd", Long.toString(prompt.reserved().nanoUsd()))
                        .put("latencyMicros", 0)
                        .put("verdict", Verdict.pass().toJson())
                        .put("toolCalls", Json.strings(List.of()))
                        .put("model", prompt.who().model())
                        .put("team", prompt.who().team())
                        .put("workflow", prompt.who().workflow())
                        .build();
        return new LedgerEntry(
                Kind.ANSWER,
                clock.instant(),
                exchange,
                Optional.of(prompt.who().agent()),
                prompt.correlation(),
                body);
    }
}
