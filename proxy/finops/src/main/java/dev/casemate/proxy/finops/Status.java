package dev.casemate.proxy.finops;

import java.time.Instant;

/// One account of one budget.
///
/// @param value the agent, team, workflow or model whose account it is
/// @param used settled in this period
/// @param reserved held for exchanges that are still open
public record Status(Budget budget, String value, Cost used, Cost reserved, Instant resetsAt) {}
