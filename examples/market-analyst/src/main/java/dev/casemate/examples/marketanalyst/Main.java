package dev.casemate.examples.marketanalyst;

import dev.casemate.agent.sdk.AgentProcess;

/// The agent's process: one task, as its only argument.
public final class Main {

    private Main() {}

    public static void main(String[] args) {
        AgentProcess.main(
                args, deployment -> MarketAnalystToolSet.of(new MarketAnalyst(deployment)));
    }
}
