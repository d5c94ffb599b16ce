/// Rules over what a model reads and says. Text in, verdict out.
@NullMarked
package dev.casemate.proxy.policy;

import org.jspecify.annotations.NullMarked;
