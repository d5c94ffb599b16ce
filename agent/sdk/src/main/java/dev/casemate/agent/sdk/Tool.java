package dev.casemate.agent.sdk;

import dev.casemate.manifest.Effect;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Makes a method of an [Agent] a function that the model may call.
@Documented
@Retention(RetentionPolicy.SOURCE)
@Target(ElementType.METHOD)
public @interface Tool {

    /// As the model calls it; unique within the agent.
    String name();

    /// What it does, for the model. Not blank.
    String description();

    Effect effect();

    /// Names of the agent's destinations that it reaches.
    String[] destinations() default {};
}
