package dev.casemate.proxy.policy;

import java.util.Locale;

/// What a rule looks for.
public enum Category {
    /// Text that tries to become an instruction to the model.
    INJECTION,
    /// Data on its way to where it does not belong.
    EXFILTRATION,
    /// Subjects that the organisation keeps its agents away from.
    SCOPE,
    /// Data about a person.
    PII,
    /// Keys, tokens, passwords.
    SECRET;

    /// The spelling in documents and records.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
