/// Assertions on runs, scripted and hostile models.
@NullMarked
package dev.casemate.agent.testkit;

import org.jspecify.annotations.NullMarked;
