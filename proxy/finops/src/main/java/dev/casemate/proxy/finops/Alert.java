package dev.casemate.proxy.finops;

import java.time.Instant;

/// Spending that reached a budget's threshold; raised once per account and period.
///
/// @param value the agent, team, workflow or model whose account it is
public record Alert(Budget budget, String value, Cost used, Instant resetsAt) {}
