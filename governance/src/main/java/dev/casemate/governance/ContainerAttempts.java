package dev.casemate.governance;

import java.util.Set;

/// Which of the probe's attempts stand for which threat.
final class ContainerAttempts {

    private ContainerAttempts() {}

    /// Names of the probe's classes of attempts; empty where layer 2 has no part in a threat.
    static Set<String> of(Threat threat) {
        return switch (threat) {
            case ARBITRARY_CODE_EXECUTION -> Set.of("exec", "native");
            case DATA_EXFILTRATION -> Set.of("network");
            case CREDENTIAL_THEFT -> Set.of("secrets", "process");
            case RUNAWAY_COSTS -> Set.of("limits");
            case SUPPLY_CHAIN_ATTACK -> Set.of("classes", "files");
            case PROMPT_INJECTION, AUDIT_GAPS -> Set.of();
        };
    }
}
