package dev.casemate.proxy.audit;

import java.nio.file.Path;
import java.util.Optional;

/// Holds a whole ledger against its signed checkpoints. It changes nothing, and a writer may be
/// open.
public final class LedgerVerifier {

    private LedgerVerifier() {}

    /// Reads every record, checks its checksum and its form, rebuilds the tree and compares it with
    /// every signed checkpoint: the latest, and one for each sealed segment.
    ///
    /// What it cannot see: records that were never signed (at most the checkpoint interval before a
    /// crash), and a whole directory that was put back to an older state, checkpoints included. For
    /// the latter, keep copies of checkpoints elsewhere.
    public static Verification verify(Path directory, VerifierKey key) {
        var progress = new Progress();
        try {
            var history = SignedHistory.read(directory, key);
            progress.signed = history.latest().size();
            var end =
                    history.check((segment, frame) -> {
                        EntryText.stored(segment, frame);
                        progress.records++;
                    });
            long torn = end.torn().map(SegmentReader.Step.Torn::bytes).orElse(0L);
            return new Verification(progress.records, progress.signed, torn, Optional.empty());
        } catch (LedgerException e) {
            var message = String.valueOf(e.getMessage());
            var defect = new Verification.Defect(e.code(), message);
            return new Verification(progress.records, progress.signed, 0, Optional.of(defect));
        }
    }

    private static final class Progress {
        private long records;
        private long signed;
    }
}
