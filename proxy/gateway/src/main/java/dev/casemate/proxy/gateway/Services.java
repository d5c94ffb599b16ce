package dev.casemate.proxy.gateway;

import java.util.Map;

/// What every exchange needs, made once when the gateway starts.
///
/// @param breakers of the upstreams, by name
record Services(
        GatewayConfig config,
        AgentRegistry agents,
        Pipeline pipeline,
        Judge judge,
        Books books,
        Records records,
        Recorder ledger,
        Telemetry telemetry,
        Turnstile turnstile,
        StrangerQuota strangers,
        Map<String, Breaker> breakers) {
    Services {
        breakers = Map.copyOf(breakers);
    }
}
