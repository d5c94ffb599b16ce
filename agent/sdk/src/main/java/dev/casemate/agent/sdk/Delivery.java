package dev.casemate.agent.sdk;

import dev.casemate.manifest.Correlation;
import dev.casemate.manifest.ManifestException;
import dev.casemate.manifest.ManifestException.Code;
import dev.casemate.manifest.Members;
import java.time.Duration;
import java.time.Instant;

/// A task that the proxy's queue lent to this worker.
///
/// @param id names this lending of it: a task that is lent again has another one
/// @param until when the lease ends; what is said of the task later is said too late
record Delivery(Assignment assignment, String id, Instant until) {

    private static final long MAX_LEASE_SECONDS = 86_400;

    /// Takes `delivery`, `leaseSeconds`, and what [Assignment#read] takes.
    ///
    /// @param asked when it was asked for; the lease began no earlier
    /// @throws ManifestException naming the member that will not do
    static Delivery read(Members members, Correlation worker, Instant asked) {
        var id = members.string("delivery");
        if (!Correlation.isId(id)) {
            throw members.refuse(Code.INVALID_VALUE, "delivery", "expected an id");
        }
        var lease = Duration.ofSeconds(members.positive("leaseSeconds", MAX_LEASE_SECONDS));
        return new Delivery(Assignment.read(members, worker), id, asked.plus(lease));
    }
}
