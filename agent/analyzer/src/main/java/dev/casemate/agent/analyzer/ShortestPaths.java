package dev.casemate.agent.analyzer;

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
import java.util.Optional;
import java.util.Set;

/// Breadth first through the call graph, counting methods: for each capability the nearest sink.
final class ShortestPaths {

    /// How a method was first reached.
    private record Arrival(Node.Method before, Link link, List<Node> through) {}

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
        expand(NOWHERE, new Node.Start(), List.of());
        while (!open.isEmpty()) {
            var method = open.remove();
            var sink = graph.sinks().get(method);
            if (sink != null) {
                for (var capability : sink.capabilities()) {
                    found.computeIfAbsent(
                            capability, _ -> new Witness(path(method), sink.reason()));
                }
            }
            expand(method, method, List.of());
        }
        return Collections.unmodifiableMap(found);
    }

    // Nodes that gather are not steps: their edges count as the method's own.
    private void expand(Node.Method method, Node node, List<Node> through) {
        for (var edge : graph.from(node)) {
            switch (edge.target()) {
                case Node.Method target -> {
                    var arrival = new Arrival(method, edge.link(), through);
                    if (arrivals.putIfAbsent(target, arrival) == null) {
                        open.add(target);
                    }
                }
                case Node.Start _,
                        Node.Selector _,
                        Node.Instances _,
                        Node.Named _,
                        Node.Providers _,
                        Node.Serialisables _ -> {
                    if (gathered.add(edge.target())) {
                        var further = new ArrayList<>(through);
                        further.add(edge.target());
                        expand(method, edge.target(), List.copyOf(further));
                    }
                }
            }
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
            steps.add(new Step(arrival.link(), method.id().display(), because(arrival, method)));
            method = arrival.before();
        }
        return List.copyOf(steps.reversed());
    }

    private static List<String> because(Arrival arrival, Node.Method target) {
        return arrival.through().stream()
                .flatMap(node -> reason(node, target.id().owner()).stream())
                .toList();
    }

    private static Optional<String> reason(Node node, String owner) {
        return switch (node) {
            case Node.Start _, Node.Method _, Node.Selector _ -> Optional.empty();
            case Node.Instances(var type) ->
                    type.equals(owner)
                            ? Optional.empty()
                            : Optional.of("on an instance of " + type.replace('/', '.'));
            case Node.Named(var type) -> Optional.of("a constant names " + type.replace('/', '.'));
            case Node.Providers(var services) -> Optional.of("provider of a service, " + services);
            case Node.Serialisables _ -> Optional.of("any serialisable class");
        };
    }
}
