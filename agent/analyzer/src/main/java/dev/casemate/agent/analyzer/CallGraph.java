package dev.casemate.agent.analyzer;

import dev.casemate.agent.analyzer.SinkTable.Sink;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;

/// Who may call whom, from the roots. Immutable; its order is that of discovery, which the input
/// alone decides.
///
/// A closure of a hundred jars has millions of edges. Each is one number here: the place of its
/// target in the list of nodes, and its link.
final class CallGraph {

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

        /// The types of which a type of the JDK makes instances by names of its own.
        record MadeBy(String type) implements Node {}

        /// The serialisable types: lead to their hooks.
        record Serialisables() implements Node {}
    }

    record Edge(Link link, Node target) {}

    private static final List<Link> LINKS = List.of(Link.values());

    private final List<Node> nodes;
    private final Map<Node, Integer> places;
    private final List<int[]> edges;
    private final Map<Node.Method, Sink> sinks;
    private final SortedSet<String> missing;

    private CallGraph(Builder builder) {
        this.nodes = List.copyOf(builder.nodes);
        this.places = Map.copyOf(builder.places);
        this.edges = builder.edges.stream().map(Edges::toArray).toList();
        this.sinks = Collections.unmodifiableMap(new LinkedHashMap<>(builder.sinks));
        this.missing = Collections.unmodifiableSortedSet(new TreeSet<>(builder.missing));
    }

    /// The edges of a node, each once, in the order of their discovery.
    List<Edge> from(Node node) {
        var place = places.get(node);
        if (place == null) {
            return List.of();
        }
        var out = new ArrayList<Edge>();
        for (int edge : edges.get(place)) {
            out.add(new Edge(LINKS.get(edge % LINKS.size()), nodes.get(edge / LINKS.size())));
        }
        return out;
    }

    /// Which nodes these lead to, themselves included.
    Predicate<Node> reachedFrom(Collection<? extends Node> starts) {
        var reached = new BitSet(nodes.size());
        var open = new ArrayDeque<Integer>();
        for (var start : starts) {
            Optional.ofNullable(places.get(start)).ifPresent(open::add);
        }
        open.forEach(reached::set);
        while (!open.isEmpty()) {
            for (int edge : edges.get(open.remove())) {
                int target = edge / LINKS.size();
                if (!reached.get(target)) {
                    reached.set(target);
                    open.add(target);
                }
            }
        }
        return node -> {
            var place = places.get(node);
            return place != null && reached.get(place);
        };
    }

    /// The judgement of a call into the JDK or of a native method; of most methods there is none.
    Optional<Sink> sink(Node.Method method) {
        return Optional.ofNullable(sinks.get(method));
    }

    /// Internal names of types that reachable code refers to and that are nowhere.
    SortedSet<String> missing() {
        return missing;
    }

    /// Numbers that grow in one array.
    private static final class Edges {
        private int[] numbers = new int[2];
        private int size;

        void add(int number) {
            if (size == numbers.length) {
                numbers = Arrays.copyOf(numbers, size * 2);
            }
            numbers[size++] = number;
        }

        // Virtual calls meet one method in many types.
        int[] toArray() {
            return Arrays.stream(numbers, 0, size).distinct().toArray();
        }
    }

    /// Collects a graph.
    static final class Builder {
        private final List<Node> nodes = new ArrayList<>();
        private final Map<Node, Integer> places = new HashMap<>();
        private final List<Edges> edges = new ArrayList<>();
        private final Map<Node.Method, Sink> sinks = new LinkedHashMap<>();
        private final SortedSet<String> missing = new TreeSet<>();

        void add(Node from, Link link, Node to) {
            edges.get(place(from)).add(place(to) * LINKS.size() + LINKS.indexOf(link));
        }

        private int place(Node node) {
            var place = places.get(node);
            if (place != null) {
                return place;
            }
            nodes.add(node);
            edges.add(new Edges());
            places.put(node, nodes.size() - 1);
            return nodes.size() - 1;
        }

        void sink(Node.Method method, Sink sink) {
            sinks.putIfAbsent(method, sink);
        }

        void missing(String type) {
            missing.add(type);
        }

        CallGraph build() {
            return new CallGraph(this);
        }
    }
}
