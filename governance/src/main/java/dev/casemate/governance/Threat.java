package dev.casemate.governance;

/// The threats of the containment architecture's table, in its order.
public enum Threat {
    ARBITRARY_CODE_EXECUTION("Arbitrary code execution"),
    DATA_EXFILTRATION("Data exfiltration"),
    PROMPT_INJECTION("Prompt injection"),
    CREDENTIAL_THEFT("Credential theft"),
    RUNAWAY_COSTS("Runaway costs"),
    AUDIT_GAPS("Audit gaps"),
    SUPPLY_CHAIN_ATTACK("Supply chain attack");

    private final String title;

    Threat(String title) {
        this.title = title;
    }

    public String title() {
        return title;
    }
}
