package dev.casemate.proxy.gateway;

import dev.casemate.proxy.finops.Attribution;
import dev.casemate.proxy.finops.Budgets;
import dev.casemate.proxy.finops.Cost;
import dev.casemate.proxy.finops.FinopsException;
import dev.casemate.proxy.finops.Meter;
import dev.casemate.proxy.finops.Usage;
import java.time.Duration;
import java.util.Optional;

/// The money side of an exchange: reserved before it leaves, settled before its answer is recorded.
final class Books {

    private final Budgets budgets;
    private final Meter meter;
    private final Duration reservation;

    /// @param reservation longer than any exchange can last
    Books(Budgets budgets, Meter meter, Duration reservation) {
        this.budgets = budgets;
        this.meter = meter;
        this.reservation = reservation;
    }

    /// What an exchange came to.
    ///
    /// @param estimated whether the upstream reported nothing that could be counted
    record Settled(Usage usage, Cost cost, boolean estimated) {}

    /// @throws GatewayException `BUDGET_EXCEEDED`, `OVERLOADED`
    void reserve(String exchange, Attribution who, Cost worstCase) {
        switch (budgets.reserve(exchange, who, worstCase, reservation)) {
            case Budgets.Decision.Granted _ -> {}
            case Budgets.Decision.Refused refused ->
                    throw new GatewayException(
                            ErrorCode.BUDGET_EXCEEDED,
                            "budget %s has not enough left for the worst case of this prompt; it resets at %s"
                                    .formatted(refused.budget(), refused.resetsAt()));
            case Budgets.Decision.Saturated saturated ->
                    throw new GatewayException(
                            ErrorCode.OVERLOADED, "too many " + saturated.what());
        }
    }

    /// Counts what the upstream reported. Where it reported nothing: the bytes that came as tokens,
    /// which they bound; where not even those are known, the whole reservation.
    Settled settle(AdmittedPrompt prompt, Outcome outcome) {
        var settled = count(prompt, outcome);
        var exchange = prompt.caller().exchange();
        if (outcome.billable()) {
            budgets.settle(exchange, settled.cost());
        } else {
            budgets.release(exchange);
        }
        meter.record(prompt.attribution(), settled.usage(), settled.cost());
        return settled;
    }

    private static Settled count(AdmittedPrompt prompt, Outcome outcome) {
        if (!outcome.billable()) {
            return new Settled(Usage.NONE, Cost.ZERO, false);
        }
        var reported = outcome.usage().flatMap(usage -> priced(prompt, usage));
        if (reported.isPresent()) {
            return reported.get();
        }
        long output =
                Math.min(
                        prompt.maxOutputTokens(),
                        outcome.outputBytes().orElse(prompt.maxOutputTokens()));
        var bound = new Usage(prompt.inputTokenBound(), 0, output);
        return new Settled(bound, prompt.price().worstCase(prompt.inputTokenBound(), output), true);
    }

    private static Optional<Settled> priced(AdmittedPrompt prompt, Usage usage) {
        try {
            return Optional.of(new Settled(usage, prompt.price().of(usage), false));
        } catch (FinopsException e) {
            // A number of tokens that no price fits is none that was counted.
            return Optional.empty();
        }
    }

    /// Gives back what was reserved for a prompt that never got onto record.
    void release(String exchange) {
        budgets.release(exchange);
    }
}
