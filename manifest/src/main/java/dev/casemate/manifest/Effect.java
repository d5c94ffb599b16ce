package dev.casemate.manifest;

import java.util.Locale;

/// What a tool does to the world behind its destinations.
public enum Effect {
    /// Leaves it as it is.
    READ,
    /// Changes it.
    WRITE;

    /// The word for it in documents.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
