/// The drill: the article's threats, run as attacks.
@NullMarked
package dev.casemate.governance;

import org.jspecify.annotations.NullMarked;
