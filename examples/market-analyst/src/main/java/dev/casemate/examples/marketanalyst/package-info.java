/// The article's agent with its three tools.
@NullMarked
package dev.casemate.examples.marketanalyst;

import org.jspecify.annotations.NullMarked;
