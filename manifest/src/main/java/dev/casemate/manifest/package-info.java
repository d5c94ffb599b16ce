/// What an agent is and may do: records, canonical JSON, digest. JDK only.
@NullMarked
package dev.casemate.manifest;

import org.jspecify.annotations.NullMarked;
