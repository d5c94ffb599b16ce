/// What is said of an image, signed and carried with it, and whether it holds.
@NullMarked
package dev.casemate.container.evidence;

import org.jspecify.annotations.NullMarked;
