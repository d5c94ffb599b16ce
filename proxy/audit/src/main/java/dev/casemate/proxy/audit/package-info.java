/// The ledger: durable before the answer, tamper-evident.
@NullMarked
package dev.casemate.proxy.audit;

import org.jspecify.annotations.NullMarked;
