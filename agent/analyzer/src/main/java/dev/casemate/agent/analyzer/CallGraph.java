package dev.casemate.agent.analyzer;

import dev.casemate.agent.analyzer.SinkTable.Sink;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Who may call whom, from the roots. Immutable; its order is that of discovery, which the input
/// alone decides.
///
/// @param edges by their start
/// @param sinks the calls into the JDK that have a capability, and native methods
/// @param missing internal names of types that reachable code refers to and that are nowhere
record CallGraph(Map<Node, Set<Edge>> edges, Map<Node.Method, Sink> sinks, Set<String> missing) {

    /// What edges connect. Only methods are steps of a path; the others gather what many callers
    /// share, so that the graph stays linear in the size of the code.
    sealed interface Node {
        /// Before the first method: one of what the analysis was asked about.
        record Start(Root root) implements Node {}

        /// The JDK itself, which is there whatever the application does.
        record Jdk() implements Node {}

        record Method(MethodId id) implements Node {}

        /// A virtual call: leads to every method that the instantiated types select.
        record Selector(MethodId id) implements Node {}

        /// A type that has instances: leads to what the JDK may call on them.
        record Instances(String type) implements Node {}

        /// A class that code names: leads to all its methods.
        record Named(String type) implements Node {}

        /// The providers of one module's services, or of the application's own.
        record Providers(String module) implements Node {}

        /// The serialisable types: lead to their hooks.
        record Serialisables() implements Node {}
    }

    record Edge(Link link, Node target) {}

    /// Collects a graph.
    static final class Builder {
        private final Map<Node, Set<Edge>> edges = new LinkedHashMap<>();
        private final Map<Node.Method, Sink> sinks = new LinkedHashMap<>();
        private final Set<String> missing = new TreeSet<>();

        void add(Node from, Link link, Node to) {
            edges.computeIfAbsent(from, _ -> new LinkedHashSet<>()).add(new Edge(link, to));
        }

        void sink(Node.Method method, Sink sink) {
            sinks.putIfAbsent(method, sink);
        }

        void missing(String type) {
            missing.add(type);
        }

        CallGraph build() {
            return new CallGraph(
                    Collections.unmodifiableMap(edges),
                    Collections.unmodifiableMap(sinks),
                    Collections.unmodifiableSet(missing));
        }
    }

    Set<Edge> from(Node node) {
        return edges.getOrDefault(node, Set.of());
    }

    /// The judgement of a method; of most there is none.
    Optional<Sink> sink(Node.Method method) {
        return Optional.ofNullable(sinks.get(method));
    }
}
