/// Tokens, prices, budgets.
@NullMarked
package dev.casemate.proxy.finops;

import org.jspecify.annotations.NullMarked;
