package dev.casemate.proxy.audit;

import dev.casemate.proxy.audit.LedgerException.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/// Takes a directory from whatever a crash left to one that a writer can go on in.
///
/// A new ledger is made in this order: key, a checkpoint over nothing, the public key, the first
/// segment. So from the first record on there is a checkpoint, and a directory without one was
/// tampered with; and so was one that is empty, while the public key says that it was not.
final class LedgerDirectory {

    private LedgerDirectory() {}

    /// Makes the directory, and those above it, so that they are still there after a power cut.
    static void make(Path directory, Disk disk) throws IOException {
        if (Files.exists(directory)) {
            return;
        }
        var parent = directory.toAbsolutePath().getParent();
        if (parent != null) {
            make(parent, disk);
        }
        var mine = PosixFilePermissions.fromString("rwx------");
        Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(mine));
        disk.syncName(directory);
    }

    static LedgerWriter writer(Path directory, LedgerSettings settings, Disk disk, Intake intake)
            throws IOException {
        boolean isNew = !SignedHistory.exists(directory) && Segment.list(directory).isEmpty();
        var key = SigningKey.open(settings.signingKey(), settings.origin(), isNew, disk);
        if (isNew) {
            requireUnused(directory, settings.signingKey());
            var nothing = Note.sign(0, new MerkleTree().root(), key);
            disk.publish(directory.resolve(SignedHistory.CHECKPOINT), nothing.note());
        }
        var history = SignedHistory.read(directory, key.verifier());
        key.publish(settings.signingKey());
        var end = history.check((_, _) -> {});
        var segment = segment(directory, end, disk);
        long torn = end.torn().map(SegmentReader.Step.Torn::bytes).orElse(0L);
        return new LedgerWriter(directory, settings, disk, key, intake, history, segment, torn);
    }

    /// A public key lies beside a key that a ledger was made with: where is that ledger?
    private static void requireUnused(Path directory, Path signingKey) {
        var used = SigningKey.publicFile(signingKey);
        if (Files.exists(used)) {
            throw new LedgerException(
                    Code.TAMPERED,
                    "%s is empty, but its key was in use: restore the ledger, or delete %s to begin anew"
                            .formatted(directory, used));
        }
    }

    /// Everything above only reads an existing log; from here on it is changed.
    private static SegmentWriter segment(Path directory, LogScan.End end, Disk disk)
            throws IOException {
        if (end.last().isEmpty()) {
            return SegmentWriter.begin(Segment.at(directory, 0), disk);
        }
        var last = end.last().get();
        return end.offset() < Segment.HEADER_BYTES
                ? SegmentWriter.begin(last, disk)
                : SegmentWriter.resume(last, end.offset(), disk);
    }
}
