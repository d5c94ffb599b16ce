package dev.casemate.proxy.audit;

import dev.casemate.manifest.Digest;
import java.util.Objects;

/// A record as the ledger holds it.
///
/// @param leaf the RFC 6962 leaf hash: SHA-256 of a zero byte and the record's bytes
public record Stored(Position position, LedgerEntry entry, Digest leaf) {

    public Stored {
        Objects.requireNonNull(position);
        Objects.requireNonNull(entry);
        Objects.requireNonNull(leaf);
    }
}
