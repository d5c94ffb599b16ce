package dev.casemate.container.image;

/// What an image is for, and with it what is checked and what is removed.
enum ImageKind {
    /// Goes into production: sealed, and its jars carry the manifest.
    AGENT,
    /// Tries to get out: sealed, and its jars carry no manifest.
    PROBE,
    /// Shows what the sealing stops: the whole runtime, with or without a manifest.
    UNSEALED;

    boolean isSealed() {
        return this != UNSEALED;
    }
}
