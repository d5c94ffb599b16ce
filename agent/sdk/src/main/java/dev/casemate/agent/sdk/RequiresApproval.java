package dev.casemate.agent.sdk;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// A [Tool] of which each call waits for a human's yes; see [Approver].
@Documented
@Retention(RetentionPolicy.SOURCE)
@Target(ElementType.METHOD)
public @interface RequiresApproval {

    /// How long the human has. After that the answer is no.
    int seconds();
}
