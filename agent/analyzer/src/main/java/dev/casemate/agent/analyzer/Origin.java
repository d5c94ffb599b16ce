package dev.casemate.agent.analyzer;

import dev.casemate.manifest.Digest;

/// One member of the class path that was read, whole.
///
/// @param name file name of the jar; of a nested one the outer name, `!/` and its path in there
/// @param digest of the jar's bytes
/// @param classes how many were read from it
public record Origin(String name, Digest digest, int classes) {

    public Origin {
        name = Printable.text(name);
    }
}
