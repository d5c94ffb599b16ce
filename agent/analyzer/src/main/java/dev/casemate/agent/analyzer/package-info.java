/// Class files in, reachable capabilities out, with the call path as witness.
@NullMarked
package dev.casemate.agent.analyzer;

import org.jspecify.annotations.NullMarked;
