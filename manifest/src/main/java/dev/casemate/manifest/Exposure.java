package dev.casemate.manifest;

import java.util.Locale;

/// What the result of a tool brings into a run. Spelled in documents in lower case with hyphens.
public enum Exposure {
    /// Text that somebody outside could have written, and with it instructions to the model.
    UNTRUSTED_CONTENT,
    /// Data that must not get out.
    SENSITIVE_DATA;

    /// The word for it in documents, for example `sensitive-data`.
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
