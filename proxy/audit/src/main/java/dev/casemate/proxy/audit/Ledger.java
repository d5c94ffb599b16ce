package dev.casemate.proxy.audit;

import dev.casemate.proxy.audit.LedgerException.Code;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// The audit trail: append-only, durable before an append is acknowledged, tamper-evident.
///
/// Appenders on any number of threads hand their records to one writer thread. It writes all that
/// wait as one group, makes the group durable with one fdatasync, adds the records to the Merkle
/// tree and only then completes the appenders' futures. Checkpoints are signed over durable records
/// only. After a failed write the writer cuts the log back to the last durable record before it
/// writes anything else; until a write succeeds, every append fails.
public final class Ledger implements AutoCloseable {

    private final LedgerSettings settings;
    private final Intake intake;
    private final LedgerWriter writer;
    private final Thread thread;
    private final WriterLock lock;

    private Ledger(LedgerSettings settings, LedgerWriter writer, Intake intake, WriterLock lock) {
        this.settings = settings;
        this.writer = writer;
        this.intake = intake;
        this.lock = lock;
        this.thread = Thread.ofPlatform().name("ledger " + settings.origin()).unstarted(writer);
    }

    /// Opens a ledger for writing; makes it where there is none.
    ///
    /// The whole log is read and held against its checkpoints first. A record that a crash left
    /// unfinished is cut off; [#status] says how much that was.
    ///
    /// @throws LedgerException `LOCKED`, `KEY`, `TAMPERED` or `CORRUPT` as they say, `IO` or
    ///   `DISK_FULL` if it cannot be made; the log is then as it was
    public static Ledger open(Path directory, LedgerSettings settings) {
        return open(directory, settings, Disk.real());
    }

    static Ledger open(Path directory, LedgerSettings settings, Disk disk) {
        try {
            LedgerDirectory.make(directory, disk);
            var lock = WriterLock.take(directory);
            try {
                var intake = new Intake(settings);
                var writer = LedgerDirectory.writer(directory, settings, disk, intake);
                var ledger = new Ledger(settings, writer, intake, lock);
                ledger.thread.start();
                return ledger;
            } catch (IOException | RuntimeException e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw LedgerWriter.failure("cannot open the ledger " + directory, e);
        }
    }

    /// Puts an entry on record.
    ///
    /// The future completes on the ledger's thread, which writes nothing meanwhile: what follows
    /// must be short or go to another thread. A failed append is not acknowledged, and is not in
    /// the log unless the machine lost power in that very moment.
    ///
    /// @return the record's position once it is durable, or a [LedgerException]: `OVERLOADED`,
    ///   `RECORD_TOO_LARGE`, `INVALID_ENTRY`, `CLOSED`, `DISK_FULL` or `IO`
    public CompletableFuture<Position> append(LedgerEntry entry) {
        try {
            var record = EntryText.write(entry);
            if (record.length > settings.recordBytes()) {
                throw new LedgerException(
                        Code.RECORD_TOO_LARGE,
                        "expected at most %d bytes, the record has %d"
                                .formatted(settings.recordBytes(), record.length));
            }
            var waiting = new Intake.Waiting(record);
            var refused = intake.offer(waiting);
            return refused.isEmpty()
                    ? waiting.written()
                    : CompletableFuture.failedFuture(
                            new LedgerException(refused.get(), "the ledger takes no append now"));
        } catch (LedgerException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /// A signed checkpoint over everything that is durable now.
    ///
    /// @throws LedgerException with code `KEY` if it cannot be signed
    public Checkpoint checkpoint() {
        return writer.checkpoint();
    }

    /// How the ledger is doing; safe from any thread.
    public LedgerStatus status() {
        return writer.status();
    }

    /// The public key that verifies this ledger.
    public VerifierKey verifier() {
        return writer.verifier();
    }

    /// Takes no more appends, writes those that wait, signs a last checkpoint. Not for the ledger's
    /// own thread.
    ///
    /// @throws LedgerException if the last checkpoint or a file could not be written; acknowledged
    ///   records are durable all the same
    @Override
    public void close() {
        if (Thread.currentThread() == thread) {
            throw new IllegalStateException("close the ledger from another thread than its own");
        }
        intake.close();
        joinWriter();
        try {
            lock.close();
        } catch (IOException e) {
            throw LedgerWriter.failure("cannot let go of the ledger's lock", e);
        }
        Optional.ofNullable(writer.closingFailure())
                .ifPresent(failure -> {
                    throw failure;
                });
    }

    private void joinWriter() {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException _) {
                interrupted =
                        true; // closing is not given up: what waits was promised to be written
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
