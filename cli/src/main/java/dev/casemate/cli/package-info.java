/// The casemate command; the only module that wires everything.
@NullMarked
package dev.casemate.cli;

import org.jspecify.annotations.NullMarked;
