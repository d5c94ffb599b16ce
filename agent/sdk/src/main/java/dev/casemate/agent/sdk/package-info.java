/// Annotations, run loop, inference client and guarded parts: what ships inside a contained agent.
@NullMarked
package dev.casemate.agent.sdk;

import org.jspecify.annotations.NullMarked;
