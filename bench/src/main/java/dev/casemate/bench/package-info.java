/// Load, peers side by side.
@NullMarked
package dev.casemate.bench;

import org.jspecify.annotations.NullMarked;
