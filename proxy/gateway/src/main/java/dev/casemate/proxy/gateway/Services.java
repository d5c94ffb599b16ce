package dev.casemate.proxy.gateway;

/// What every exchange needs, made once when the gateway starts.
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
        StrangerQuota strangers) {}
