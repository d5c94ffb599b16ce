package dev.casemate.manifest;

import java.util.Locale;

/// What code can do to the world. Spelled in documents in lower case with hyphens.
public enum Capability {
    EXEC,
    FILES_READ,
    FILES_WRITE,
    NETWORK_CONNECT,
    NETWORK_LISTEN,
    REFLECTION,
    CLASS_DEFINITION,
    NATIVE,
    DESERIALISATION,
    ENVIRONMENT,
    EXIT,
    THREADS;

    /// The word for it in documents, for example `network-connect`.
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
