package dev.casemate.agent.analyzer;

import dev.casemate.agent.analyzer.CallGraph.Edge;
import dev.casemate.agent.analyzer.CallGraph.Node;
import dev.casemate.manifest.Capability;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Breadth first through the call graph, counting methods: for each capability the nearest sink.
final class ShortestPaths {

    /// How a method was first reached.
    private record Arrival(Node.Method before, Link link) {}

    private static final Node.Method NOWHERE = new Node.Method(new MethodId("", "", "()V"));

    private final CallGraph graph;
    private final Map<Node.Method, Arrival> arrivals = new HashMap<>();
    private final Set<Node> gathered = new HashSet<>();
    private final ArrayDeque<Node.Method> open = new ArrayDeque<>();

    private ShortestPaths(CallGraph graph) {
        this.graph = graph;
    }

    /// What was found.
    ///
    /// @param methods shipped methods that the roots reach
    record Found(Map<Capability, Witness> witnesses, int methods) {}

    static Found in(CallGraph graph, Program program) {
        var paths = new ShortestPaths(graph);
        var witnesses = paths.search();
        int methods =
                (int)
                        paths.arrivals.keySet().stream()
                                .filter(node -> program.isShipped(node.id().owner()))
                                .count();
        return new Found(witnesses, methods);
    }

    private Map<Capability, Witness> search() {
        var found = new EnumMap<Capability, Witness>(Capability.class);
        expand(NOWHERE, new Node.Start());
        while (!open.isEmpty()) {
            var method = open.remove();
            var sink = graph.sinks().get(method);
            if (sink != null) {
                for (var capability : sink.capabilities()) {
                    found.computeIfAbsent(
                            capability, _ -> new Witness(path(method), sink.reason()));
                }
            }
            expand(method, method);
        }
        return Collections.unmodifiableMap(found);
    }

    // Nodes that gather are not steps: their edges count as the method's own.
    private void expand(Node.Method method, Node node) {
        for (var edge : graph.from(node)) {
            switch (edge.target()) {
                case Node.Method target -> arrive(method, edge, target);
                case Node.Start _,
                        Node.Selector _,
                        Node.Instances _,
                        Node.Named _,
                        Node.Providers _,
                        Node.Serialisables _ -> {
                    if (gathered.add(edge.target())) {
                        expand(method, edge.target());
                    }
                }
            }
        }
    }

    private void arrive(Node.Method from, Edge edge, Node.Method target) {
        if (arrivals.putIfAbsent(target, new Arrival(from, edge.link())) == null) {
            open.add(target);
        }
    }

    private List<Step> path(Node.Method sink) {
        var steps = new ArrayList<Step>();
        var method = sink;
        while (!method.equals(NOWHERE)) {
            var arrival = arrivals.get(method);
            if (arrival == null) {
                throw new IllegalStateException("a method on a path was arrived at");
            }
            steps.add(new Step(arrival.link(), method.id().display()));
            method = arrival.before();
        }
        return List.copyOf(steps.reversed());
    }
}
