package dev.casemate.agent.analyzer;

import dev.casemate.agent.analyzer.CallGraph.Node;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;

/// Breadth first through the call graph, counting methods.
final class ShortestPaths {

    /// How a method was first reached.
    private record Arrival(Node.Method before, Link link, List<Node> through) {}

    private static final Node.Method NOWHERE = new Node.Method(new MethodId("", "", "()V"));

    private final CallGraph graph;
    private final LinkedHashMap<Node.Method, Arrival> arrivals = new LinkedHashMap<>();
    private final Set<Node> gathered = new HashSet<>();
    private final ArrayDeque<Node.Method> open = new ArrayDeque<>();

    private ShortestPaths(CallGraph graph) {
        this.graph = graph;
    }

    static ShortestPaths from(Collection<? extends Node> starts, CallGraph graph) {
        var paths = new ShortestPaths(graph);
        starts.forEach(start -> paths.expand(NOWHERE, start, List.of()));
        while (!paths.open.isEmpty()) {
            var method = paths.open.remove();
            paths.expand(method, method, List.of());
        }
        return paths;
    }

    /// Every method that is reached, the nearest first.
    SequencedSet<Node.Method> methods() {
        return Collections.unmodifiableSequencedSet(arrivals.sequencedKeySet());
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
                        Node.Jdk _,
                        Node.Selector _,
                        Node.Instances _,
                        Node.Named _,
                        Node.Providers _,
                        Node.MadeBy _,
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

    /// The steps from a start to a method that is reached.
    List<Step> to(Node.Method target, Program program) {
        var steps = new ArrayList<Step>();
        var method = target;
        while (!method.equals(NOWHERE)) {
            var arrival = arrivals.get(method);
            if (arrival == null) {
                throw new IllegalStateException("expected a method that is reached");
            }
            var id = method.id();
            steps.add(
                    new Step(
                            arrival.link(),
                            id.display(),
                            program.origin(id.owner()),
                            because(arrival, method)));
            method = arrival.before();
        }
        return List.copyOf(steps.reversed());
    }

    private static List<String> because(Arrival arrival, Node.Method target) {
        boolean made = arrival.through().stream().anyMatch(Node.MadeBy.class::isInstance);
        return arrival.through().stream()
                // Then no constant names the class: the JDK puts the name together.
                .filter(node -> !made || !(node instanceof Node.Named))
                .flatMap(node -> reason(node, target.id().owner()).stream())
                .toList();
    }

    private static Optional<String> reason(Node node, String owner) {
        return switch (node) {
            case Node.Start _, Node.Jdk _, Node.Method _, Node.Selector _ -> Optional.empty();
            case Node.Instances(var type) ->
                    type.equals(owner)
                            ? Optional.empty()
                            : Optional.of("on an instance of " + type.replace('/', '.'));
            case Node.Named(var type) -> Optional.of("a constant names " + type.replace('/', '.'));
            case Node.Providers(var services) -> Optional.of("provider of a service, " + services);
            case Node.MadeBy(var type) -> Optional.of(type.replace('/', '.') + " makes it by name");
            case Node.Serialisables _ -> Optional.of("any serialisable class");
        };
    }
}
