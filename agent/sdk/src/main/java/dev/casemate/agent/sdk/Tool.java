package dev.casemate.agent.sdk;

import dev.casemate.manifest.Effect;
import dev.casemate.manifest.Exposure;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Makes a method of an [Agent] a function that the model may call.
///
/// It stays in the class file, where no running code can see it, so that an analysis of the shipped
/// bytecode can tell the tools apart.
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.METHOD)
public @interface Tool {

    /// As the model calls it; unique within the agent.
    String name();

    /// What it does, for the model. Not blank.
    String description();

    Effect effect();

    /// Names of the agent's destinations that it reaches.
    String[] destinations() default {};

    /// What its result brings into the run. Say `{}` where it is neither; a tool that returns
    /// something from a destination and says nothing counts as both.
    Exposure[] exposes() default {Exposure.UNTRUSTED_CONTENT, Exposure.SENSITIVE_DATA};

    /// After which a call has failed, and the model is told so.
    int timeoutSeconds() default 30;
}
