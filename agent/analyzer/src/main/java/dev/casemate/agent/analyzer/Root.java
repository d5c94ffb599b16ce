package dev.casemate.agent.analyzer;

import java.util.Optional;

/// Where execution of the shipped code starts.
public sealed interface Root {

    /// Methods of one shipped class, inherited ones included.
    ///
    /// @param label what people call it, for example `main`
    /// @param type binary name, for example `com.example.MarketAnalyst`
    /// @param method every method of this name; empty for all of the class
    record Methods(String label, String type, Optional<String> method) implements Root {

        public Methods {
            if (type.isBlank() || type.indexOf('/') >= 0) {
                throw new IllegalArgumentException("expected a binary class name with dots");
            }
        }

        @Override
        public String display() {
            var target = method.map(name -> type + "." + name).orElse(type + ".*");
            return label.isEmpty() ? target : label + " " + target;
        }
    }

    /// Whatever a user of a library may call: the public and protected methods of its public
    /// classes, and of each an instance.
    ///
    /// @param origin the jar, as [Origin#name] spells it
    record PublicApi(String origin) implements Root {

        @Override
        public String display() {
            return "public API of " + origin;
        }
    }

    /// Every tool of an agent: each of the methods that the SDK's annotation marks. A report names
    /// them one by one.
    record Tools() implements Root {

        @Override
        public String display() {
            return "tools";
        }
    }

    /// As reports spell it; unique among the roots of an analysis.
    String display();

    /// The main method of a class.
    static Root main(String type) {
        return new Methods("main", type, Optional.of("main"));
    }

    /// The tools of an agent.
    static Root tools() {
        return new Tools();
    }

    /// One tool of an agent.
    static Root tool(String name, String type, String method) {
        return new Methods("tool " + name, type, Optional.of(method));
    }

    /// Every method of a class, and an instance of it.
    static Root every(String type) {
        return new Methods("", type, Optional.empty());
    }

    /// Every method of this name.
    static Root method(String type, String method) {
        return new Methods("", type, Optional.of(method));
    }

    /// What a user of a library may call.
    static Root publicApi(String origin) {
        return new PublicApi(origin);
    }
}
