package dev.casemate.proxy.gateway;

import dev.casemate.proxy.audit.Ledger;
import dev.casemate.proxy.audit.LedgerEntry;
import dev.casemate.proxy.audit.LedgerException;
import dev.casemate.proxy.audit.Position;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/// The gateway's only way to the ledger: measured, and with every failure as a failed future.
final class Recorder {

    private static final System.Logger LOG = System.getLogger(Recorder.class.getName());

    private final Ledger ledger;
    private final Telemetry telemetry;
    private volatile boolean writable = true;

    Recorder(Ledger ledger, Telemetry telemetry) {
        this.ledger = ledger;
        this.telemetry = telemetry;
    }

    /// Completes on the ledger's thread once the record is durable.
    CompletableFuture<Position> append(LedgerEntry entry) {
        long begun = System.nanoTime();
        CompletableFuture<Position> appended;
        try {
            appended = ledger.append(entry);
        } catch (LedgerException e) {
            appended = CompletableFuture.failedFuture(e);
        }
        return appended.whenComplete((_, failure) -> note(begun, failure));
    }

    private void note(long begun, @org.jspecify.annotations.Nullable Throwable failure) {
        if (failure == null) {
            telemetry.appended(Duration.ofNanos(System.nanoTime() - begun));
            writable = true;
        } else {
            telemetry.appendFailed();
            if (writable) {
                LOG.log(System.Logger.Level.ERROR, "the ledger cannot write", failure);
            }
            writable = false;
        }
    }

    /// Whether the last append succeeded; true before the first.
    boolean isWritable() {
        return writable;
    }
}
