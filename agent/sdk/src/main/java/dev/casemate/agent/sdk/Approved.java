package dev.casemate.agent.sdk;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Somebody has looked at an [Agent] that reads untrusted content, touches sensitive data, and
/// changes or sends something, all three. Without this such an agent does not compile.
@Documented
@Retention(RetentionPolicy.SOURCE)
@Target(ElementType.TYPE)
public @interface Approved {

    /// Why it may.
    String reason();

    /// Who says so.
    String reviewer();
}
