package dev.casemate.agent.sdk;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// An argument of a [Tool] that must not hold text which came from another tool's result in the
/// same run. The run loop compares contents and refuses the call; `docs/caveats.md` says what it
/// can see and what it cannot.
@Documented
@Retention(RetentionPolicy.SOURCE)
@Target(ElementType.PARAMETER)
public @interface Trusted {}
