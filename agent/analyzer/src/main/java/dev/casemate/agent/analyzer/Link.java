package dev.casemate.agent.analyzer;

import java.util.Locale;

/// How one step of a path leads to the next.
public enum Link {
    /// Given by the caller of the analysis.
    ROOT("starts at"),
    /// A call with one target: static, constructor, private or super.
    CALL("calls"),
    /// A virtual call: the target belongs to a type that reachable code instantiates.
    DISPATCH("may dispatch to"),
    /// The body of a lambda or a method reference; taken to run once it is made.
    HANDLE("makes a function of"),
    /// The first use of a class runs its static initialiser.
    INITIALISER("initialises by"),
    /// An instance exists whose method overrides one of the JDK's: the JDK may call it.
    CALLBACK("lets the JDK call"),
    /// A service provider that META-INF/services names.
    SERVICE("loads the provider"),
    /// A class that a string constant, or a literal beside a reflective call, names.
    NAMED("names the class of"),
    /// Run by deserialisation of a serialisable class.
    DESERIALISED("may deserialise by");

    private final String verb;

    Link(String verb) {
        this.verb = verb;
    }

    String verb() {
        return verb;
    }

    /// The word for it in documents.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
