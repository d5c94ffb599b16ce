/// The manifest as platform descriptors, each with what that platform cannot enforce.
@NullMarked
package dev.casemate.container.deploy;

import org.jspecify.annotations.NullMarked;
