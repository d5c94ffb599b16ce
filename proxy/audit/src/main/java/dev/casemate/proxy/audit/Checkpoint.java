package dev.casemate.proxy.audit;

import dev.casemate.manifest.Digest;
import java.util.Objects;

/// A signed statement of what the log holds: so many records, with this tree over them.
///
/// Source: C2SP tlog-checkpoint inside a C2SP signed-note.
///
/// @param size records covered
/// @param root the RFC 6962 tree head over them
/// @param note the signed note, as it is kept in the file `checkpoint`
public record Checkpoint(String origin, long size, Digest root, String note) {

    public Checkpoint {
        Objects.requireNonNull(origin);
        Objects.requireNonNull(root);
        Objects.requireNonNull(note);
        if (size < 0) {
            throw new IllegalArgumentException("a checkpoint covers 0 or more records");
        }
    }
}
