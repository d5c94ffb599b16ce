package dev.casemate.agent.sdk;

import dev.casemate.manifest.Capability;
import dev.casemate.manifest.Destination.Protocol;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Makes a class an agent: its methods with [Tool] are all that it can do.
///
/// The compiler turns the class into a manifest and a [ToolSet] named after it (`MarketAnalyst`
/// gives `MarketAnalystToolSet`, in the same package, with a static `of(MarketAnalyst)`). Nothing
/// of this annotation is left at run time.
@Documented
@Retention(RetentionPolicy.SOURCE)
@Target(ElementType.TYPE)
public @interface Agent {

    /// Lower-case letters, digits and hyphens.
    String name();

    String version();

    /// Who answers for it.
    String owner();

    String purpose();

    /// Who it is and how it speaks.
    String persona();

    /// What it answers, and from what.
    String scope();

    /// What it declines, one sentence each; at least one.
    String[] refusals();

    /// The models that it may ask; at least one.
    String[] models();

    Destination[] destinations() default {};

    Limits limits();

    /// What its shipped bytecode may reach.
    Capability[] capabilities() default {};

    /// A network endpoint that its tools may name.
    @Retention(RetentionPolicy.SOURCE)
    @Target({})
    @interface Destination {
        String name();

        Protocol protocol();
    }

    /// Where a run ends. No default: a limit that nobody set does not compile.
    @Retention(RetentionPolicy.SOURCE)
    @Target({})
    @interface Limits {
        int steps();

        int toolCalls();

        long tokens();

        int deadlineSeconds();

        int identicalCalls();

        int cpuMillis();

        int memoryMegabytes();

        int tmpMegabytes();

        int pids();

        int ioMegabytesPerSecond();
    }
}
