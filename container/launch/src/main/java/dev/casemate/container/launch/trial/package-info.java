/// The trial of a container: a probe in the agent's place, in a world of its own, and a table of
/// what came about.
@NullMarked
package dev.casemate.container.launch.trial;

import org.jspecify.annotations.NullMarked;
