/// The hardened local run, and the probe that tries to get out.
@NullMarked
package dev.casemate.container.launch;

import org.jspecify.annotations.NullMarked;
