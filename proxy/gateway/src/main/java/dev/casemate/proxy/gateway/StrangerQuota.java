package dev.casemate.proxy.gateway;

import java.util.function.LongSupplier;

/// How many refusals of callers without a credential go on record.
///
/// A stranger must not be able to fill the disk under the ledger: past this rate a refusal is
/// counted, not recorded.
final class StrangerQuota {

    static final int RECORDS_PER_SECOND = 50;

    private static final long SECOND = 1_000_000_000L;

    private final LongSupplier nanoTime;
    private long second;
    private int used;

    StrangerQuota(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.second = nanoTime.getAsLong();
    }

    synchronized boolean take() {
        long now = nanoTime.getAsLong();
        if (now - second >= SECOND) {
            second = now;
            used = 0;
        }
        return used++ < RECORDS_PER_SECOND;
    }
}
