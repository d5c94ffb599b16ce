/// The program that tries to get out of a container. It needs nothing but the JDK.
@NullMarked
package dev.casemate.container.launch.probe;

import org.jspecify.annotations.NullMarked;
