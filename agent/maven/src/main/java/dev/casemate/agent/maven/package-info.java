/// The gate in an agent's build: what its bytecode reaches, held against what its manifest
/// declares.
@NullMarked
package dev.casemate.agent.maven;

import org.jspecify.annotations.NullMarked;
