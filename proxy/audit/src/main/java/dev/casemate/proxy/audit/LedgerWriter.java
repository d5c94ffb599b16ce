package dev.casemate.proxy.audit;

import dev.casemate.manifest.Digest;
import dev.casemate.proxy.audit.LedgerException.Code;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The one thread that writes: groups, checkpoints, new segments.
///
/// The volatile fields are what other threads may look at; everything else is this thread's own.
final class LedgerWriter implements Runnable {

    // With every durable record signed there is nothing to be in time for.
    private static final Duration IDLE = Duration.ofHours(1);

    /// A durable state of the log.
    private record Head(long size, Digest root) {}

    private final Path directory;
    private final LedgerSettings settings;
    private final Disk disk;
    private final SigningKey key;
    private final Intake intake;
    private final MerkleTree tree;
    private final long tornBytes;
    private SegmentWriter segment;
    private long firstUnsignedNanos;

    private volatile Head head;
    private volatile long signed;
    private volatile @Nullable Code failure;
    private volatile @Nullable Code signingFailure;
    private volatile @Nullable LedgerException closingFailure;

    LedgerWriter(
            Path directory,
            LedgerSettings settings,
            Disk disk,
            SigningKey key,
            Intake intake,
            SignedHistory history,
            SegmentWriter segment,
            long tornBytes) {
        this.directory = directory;
        this.settings = settings;
        this.disk = disk;
        this.key = key;
        this.intake = intake;
        this.tree = history.tree();
        this.segment = segment;
        this.tornBytes = tornBytes;
        this.head = new Head(tree.size(), tree.root());
        this.signed = history.latest().size();
        this.firstUnsignedNanos = System.nanoTime();
    }

    @Override
    public void run() {
        try {
            while (!intake.done()) {
                var group = intake.take(untilCheckpoint());
                if (!group.isEmpty()) {
                    commit(group);
                }
                if (untilCheckpoint().isZero()) {
                    signOnTime();
                }
            }
        } catch (InterruptedException e) {
            stop(new LedgerException(Code.CLOSED, "the ledger's thread was interrupted", e));
        } catch (RuntimeException | Error e) {
            stop(new LedgerException(Code.CLOSED, "the ledger has stopped after an error", e));
            throw e;
        } finally {
            finish();
        }
    }

    private Duration untilCheckpoint() {
        if (signed == head.size) {
            return IDLE;
        }
        long waited = System.nanoTime() - firstUnsignedNanos;
        var left = settings.checkpointInterval().minusNanos(waited);
        return left.isPositive() ? left : Duration.ZERO;
    }

    private void commit(List<Intake.Waiting> group) {
        try {
            segment.repair();
            if (segment.good() >= settings.segmentBytes()) {
                roll();
            }
            segment.write(tree.size(), group);
        } catch (IOException e) {
            refuse(group, failure("the record was not written", e));
            return;
        } catch (RuntimeException | Error e) {
            refuse(group, new LedgerException(Code.CLOSED, "the ledger has stopped", e));
            throw e;
        }
        acknowledge(group);
    }

    private void refuse(List<Intake.Waiting> group, LedgerException why) {
        failure = why.code();
        try {
            segment.repair();
        } catch (IOException e) {
            why.addSuppressed(e); // tried again before the next write
        }
        group.forEach(waiting -> waiting.written().completeExceptionally(why));
    }

    private void acknowledge(List<Intake.Waiting> group) {
        if (signed == head.size) {
            firstUnsignedNanos = System.nanoTime();
        }
        long first = tree.size();
        group.forEach(waiting -> tree.add(waiting.leaf()));
        head = new Head(tree.size(), tree.root());
        failure = null;
        for (int i = 0; i < group.size(); i++) {
            group.get(i).written().complete(new Position(first + i));
        }
    }

    /// Seals the segment with a checkpoint of its own, and begins the next.
    private void roll() throws IOException {
        disk.publish(segment.segment().seal(), checkpoint().note());
        var next = SegmentWriter.begin(Segment.at(directory, tree.size()), disk);
        var sealed = segment;
        segment = next;
        sealed.close();
    }

    private void signOnTime() {
        try {
            publishCheckpoint();
        } catch (IOException e) {
            signingFailure = failure("checkpoint", e).code();
            firstUnsignedNanos = System.nanoTime(); // the records are safe; try again in time
        }
    }

    private void publishCheckpoint() throws IOException {
        var checkpoint = checkpoint();
        disk.publish(directory.resolve(SignedHistory.CHECKPOINT), checkpoint.note());
        signed = checkpoint.size();
        signingFailure = null;
    }

    private void stop(LedgerException why) {
        intake.close();
        closingFailure = why;
        failure = why.code();
        while (!intake.done()) {
            try {
                intake.take(Duration.ZERO)
                        .forEach(waiting -> waiting.written().completeExceptionally(why));
            } catch (InterruptedException _) {
                // all that waits is refused first; the thread ends then anyway
            }
        }
    }

    private void finish() {
        try (var last = segment) {
            last.repair();
            if (signed != head.size) {
                publishCheckpoint();
            }
        } catch (IOException e) {
            closingFailure = failure("the ledger was closed without its last checkpoint", e);
        }
    }

    Checkpoint checkpoint() {
        var now = head;
        return Note.sign(now.size, now.root, key);
    }

    LedgerStatus status() {
        var latest = Optional.ofNullable(failure).or(() -> Optional.ofNullable(signingFailure));
        return new LedgerStatus(head.size, signed, intake.size(), tornBytes, latest);
    }

    VerifierKey verifier() {
        return key.verifier();
    }

    @Nullable LedgerException closingFailure() {
        return closingFailure;
    }

    /// Turns an I/O error into one that says whether the disk is full.
    static LedgerException failure(String what, IOException e) {
        var reason = String.valueOf(e.getMessage());
        boolean full =
                reason.contains("No space left on device") || reason.contains("quota exceeded");
        return new LedgerException(full ? Code.DISK_FULL : Code.IO, what, e);
    }
}
