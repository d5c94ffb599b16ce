/// Pages over the ledger and the meters.
@NullMarked
package dev.casemate.proxy.console;

import org.jspecify.annotations.NullMarked;
