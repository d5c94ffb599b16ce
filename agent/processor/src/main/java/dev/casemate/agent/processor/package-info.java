/// javac: an annotated class becomes a tool set, validators and a manifest.
@NullMarked
package dev.casemate.agent.processor;

import org.jspecify.annotations.NullMarked;
