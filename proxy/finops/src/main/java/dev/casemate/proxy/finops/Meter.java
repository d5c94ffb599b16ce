package dev.casemate.proxy.finops;

import java.util.List;

/// Tokens and cost per agent, team, workflow and model since the start.
public final class Meter {

    /// @param exchanges how many were recorded
    public record Row(Attribution who, long exchanges, Usage usage, Cost cost) {}

    public void record(Attribution who, Usage usage, Cost cost) {}

    public List<Row> rows() {
        return List.of();
    }
}
