package dev.casemate.proxy.audit;

import java.util.Objects;
import java.util.Optional;

/// What a [LedgerVerifier] found.
///
/// @param records whole records that were read
/// @param signed records that the checkpoint covers
/// @param tornBytes behind the last whole record: what a crash left, or a writer is writing
/// @param defect the first thing that is wrong; empty if nothing is
public record Verification(long records, long signed, long tornBytes, Optional<Defect> defect) {

    /// Something that is wrong.
    ///
    /// @param what names the segment file, the offset and the record, as far as they are known
    public record Defect(LedgerException.Code code, String what) {

        public Defect {
            Objects.requireNonNull(code);
            Objects.requireNonNull(what);
        }
    }

    public Verification {
        Objects.requireNonNull(defect);
    }

    public boolean sound() {
        return defect.isEmpty();
    }
}
