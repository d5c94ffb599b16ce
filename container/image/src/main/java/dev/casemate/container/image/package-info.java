/// The sealed runtime and the scratch OCI image.
@NullMarked
package dev.casemate.container.image;

import org.jspecify.annotations.NullMarked;
