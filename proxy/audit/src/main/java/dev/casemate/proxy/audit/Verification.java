package dev.casemate.proxy.audit;

import java.util.Optional;

/// What a [LedgerVerifier] found.
///
/// @param records complete records read
/// @param signed how many of them the checkpoint covers
/// @param defect the first thing that is wrong; empty if nothing is
public record Verification(long records, long signed, Optional<Defect> defect) {

    /// @param place segment file, offset in it and record number, as far as they are known
    public record Defect(LedgerException.Code code, String place, String what) {}

    public boolean sound() {
        return defect.isEmpty();
    }
}
