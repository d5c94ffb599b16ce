package dev.casemate.proxy.policy;

import java.util.Locale;

/// What happens to a text that a rule matched, from the mildest to the most severe.
public enum Action {
    /// Nothing: the rule is switched off and leaves no finding.
    PASS,
    /// It goes on; the finding is kept on record.
    LOG,
    /// It goes on; the finding asks for a person's eye.
    WARN,
    /// It does not go on.
    BLOCK;

    /// The spelling in documents and records.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
