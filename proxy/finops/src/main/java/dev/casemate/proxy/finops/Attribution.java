package dev.casemate.proxy.finops;

import java.util.Objects;

/// On whose account an exchange goes.
public record Attribution(String agent, String team, String workflow, String model) {

    public Attribution {
        Objects.requireNonNull(agent);
        Objects.requireNonNull(team);
        Objects.requireNonNull(workflow);
        Objects.requireNonNull(model);
    }
}
