package dev.casemate.proxy.gateway;

import dev.casemate.proxy.finops.Budget;
import dev.casemate.proxy.finops.Budgets;
import dev.casemate.proxy.finops.Status;
import dev.casemate.proxy.policy.Verdict;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;

/// The gateway's meters, by OpenTelemetry's names for generative AI where it has one.
///
/// Labels take their values from the configuration, the manifests and enums, never from a request:
/// what a client makes up cannot grow the registry.
final class Telemetry {

    private static final Duration[] LATENCIES = {
        Duration.ofMillis(1), Duration.ofMillis(5), Duration.ofMillis(25), Duration.ofMillis(100),
        Duration.ofMillis(500), Duration.ofSeconds(2), Duration.ofSeconds(10), Duration.ofMinutes(1)
    };
    private static final double NANO_PER_USD = 1e9;

    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Timer append;
    private final Counter appendFailures;
    private final Counter unrecorded;

    Telemetry(Turnstile turnstile, Budgets budgets, List<Budget> declared) {
        append = timer("casemate.ledger.append").register(registry);
        appendFailures = registry.counter("casemate.ledger.append.failures");
        unrecorded = registry.counter("casemate.refusals.unrecorded");
        Gauge.builder("casemate.exchanges.active", turnstile, Turnstile::exchanges)
                .register(registry);
        for (var budget : declared) {
            gauge("casemate.budget.used", budget, budgets, status -> status.used().nanoUsd());
            gauge(
                    "casemate.budget.reserved",
                    budget,
                    budgets,
                    status -> status.reserved().nanoUsd());
            gauge("casemate.budget.limit", budget, budgets, _ -> budget.limit().nanoUsd());
        }
        for (var code : ErrorCode.values()) {
            registry.counter("casemate.refusals", "code", code.word());
        }
    }

    // A budget for each workflow has as many accounts as there are workflows: the fullest one is
    // shown, under the budget's name alone.
    private void gauge(
            String name, Budget budget, Budgets budgets, ToLongFunction<Status> nanoUsd) {
        Gauge.builder(
                        name,
                        budgets,
                        all ->
                                all.status().stream()
                                                .filter(s -> s.budget().equals(budget))
                                                .mapToLong(nanoUsd)
                                                .max()
                                                .orElse(0)
                                        / NANO_PER_USD)
                .baseUnit("usd")
                .tag("budget", budget.name())
                .register(registry);
    }

    private static Timer.Builder timer(String name) {
        return Timer.builder(name).serviceLevelObjectives(LATENCIES);
    }

    void appended(Duration time) {
        append.record(time);
    }

    void appendFailed() {
        appendFailures.increment();
    }

    void refused(ErrorCode code) {
        registry.counter("casemate.refusals", "code", code.word()).increment();
    }

    void refusalUnrecorded() {
        unrecorded.increment();
    }

    void found(Verdict verdict) {
        for (var finding : verdict.findings()) {
            registry.counter(
                            "casemate.policy.findings",
                            "rule",
                            finding.rule(),
                            "action",
                            finding.action().word())
                    .increment();
        }
    }

    void settled(AdmittedPrompt prompt, Outcome outcome, Books.Settled settled, Duration latency) {
        var agent = prompt.attribution().agent();
        var model = prompt.model().name();
        tokens(agent, model, "input", settled.usage().inputTokens());
        tokens(agent, model, "output", settled.usage().outputTokens());
        registry.counter("casemate.cost", "agent", agent, "gen_ai_request_model", model)
                .increment(settled.cost().nanoUsd() / NANO_PER_USD);
        timer("gen_ai.client.operation.duration")
                .tag("agent", agent)
                .tag("gen_ai_operation_name", "chat")
                .tag("gen_ai_request_model", model)
                .tag("outcome", outcome.ending().word())
                .register(registry)
                .record(latency);
    }

    private void tokens(String agent, String model, String type, long count) {
        DistributionSummary.builder("gen_ai.client.token.usage")
                .tag("agent", agent)
                .tag("gen_ai_request_model", model)
                .tag("gen_ai_token_type", type)
                .register(registry)
                .record((double) count);
    }

    void firstByte(AdmittedPrompt prompt, Duration time) {
        timer("gen_ai.client.operation.time_to_first_chunk")
                .tag("agent", prompt.attribution().agent())
                .tag("gen_ai_request_model", prompt.model().name())
                .register(registry)
                .record(time);
    }

    /// An upstream that an exchange left for another, or passed over.
    void left(Asked.Left left) {
        registry.counter(
                        "casemate.upstream.left",
                        "upstream",
                        left.upstream(),
                        "code",
                        left.why().map(ErrorCode::word).orElse("breaker_open"))
                .increment();
    }

    /// Spans that an agent told of its runs.
    void told(String agent, int spans) {
        registry.counter("casemate.spans", "agent", agent).increment(spans);
    }

    /// A request of any route, from its first byte to the last of its answer.
    void served(String route, Optional<ErrorCode> code, Duration time) {
        timer("gen_ai.server.request.duration")
                .tag("route", route)
                .tag("error_type", code.map(ErrorCode::word).orElse("none"))
                .register(registry)
                .record(time);
    }

    String scrape() {
        return registry.scrape();
    }

    void close() {
        registry.close();
    }
}
