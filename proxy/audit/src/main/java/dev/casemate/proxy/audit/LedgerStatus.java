package dev.casemate.proxy.audit;

import java.util.Optional;

/// How a ledger is doing, for metrics and health checks.
///
/// @param records durable records
/// @param signed how many of them the checkpoint on disk covers
/// @param waiting appends in the queue
/// @param tornBytes what was cut off at open, because a crash had interrupted a write
/// @param failure why the latest write, or else the latest checkpoint, failed; empty if it did not
public record LedgerStatus(
        long records,
        long signed,
        int waiting,
        long tornBytes,
        Optional<LedgerException.Code> failure) {}
