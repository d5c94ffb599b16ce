package dev.casemate.agent.analyzer;

import dev.casemate.agent.analyzer.CallGraph.Node;
import dev.casemate.agent.analyzer.SinkTable.Sink;
import dev.casemate.manifest.Capability;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// What of the call graph is worth telling: who uses which capability, the nearest such place in
/// each jar, and the roots that lead there.
///
/// @param witnesses for each capability that was found, one of each jar that uses it, the shortest
///   first
/// @param uses in their order
/// @param methods shipped methods that the roots reach
record Findings(Map<Capability, List<Witness>> witnesses, List<Use> uses, int methods) {

    /// Where a capability is used: one witness tells of each.
    private record Place(Capability capability, String origin) {}

    /// A call that counts, into the JDK or of a native method to itself, and who makes it.
    private record Call(Node.Method caller, Link link, Node.Method target, Sink sink) {}

    static Findings in(CallGraph graph, Program program, List<Root> roots) {
        var starts = new ArrayList<Node>();
        roots.forEach(root -> starts.add(new Node.Start(root)));
        starts.add(new Node.Jdk());
        var paths = ShortestPaths.from(starts, graph);
        var uses = new TreeSet<Use>();
        var nearest = new LinkedHashMap<Place, Call>();
        var users = new LinkedHashMap<Node.Method, Set<Place>>();
        int methods = 0;
        for (var method : paths.methods()) {
            if (!program.isShipped(method.id().owner())) {
                continue;
            }
            methods++;
            for (var call : calls(method, graph, program)) {
                for (var place : places(call, program)) {
                    uses.add(use(place, call));
                    nearest.putIfAbsent(place, call);
                    users.computeIfAbsent(method, _ -> new LinkedHashSet<>()).add(place);
                }
            }
        }
        var rootsOf = rootsOf(graph, users, roots);
        var witnesses = new EnumMap<Capability, List<Witness>>(Capability.class);
        nearest.forEach((place, call) -> {
            var witness =
                    new Witness(
                            path(paths, call, program),
                            call.sink().reason(),
                            place.origin(),
                            rootsOf.getOrDefault(place, List.of()));
            witnesses.computeIfAbsent(place.capability(), _ -> new ArrayList<>()).add(witness);
        });
        return new Findings(witnesses, List.copyOf(uses), methods);
    }

    // What a method does by itself; a virtual call goes through its selector.
    private static List<Call> calls(Node.Method method, CallGraph graph, Program program) {
        var calls = new ArrayList<Call>();
        graph.sink(method).ifPresent(sink -> calls.add(new Call(method, Link.CALL, method, sink)));
        for (var edge : graph.from(method)) {
            var further =
                    edge.target() instanceof Node.Selector
                            ? graph.from(edge.target())
                            : List.of(edge);
            for (var call : further) {
                if (call.target() instanceof Node.Method target
                        && program.isPlatform(target.id().owner())) {
                    graph.sink(target)
                            .ifPresent(
                                    sink -> calls.add(new Call(method, call.link(), target, sink)));
                }
            }
        }
        return calls;
    }

    private static List<Place> places(Call call, Program program) {
        var origin = program.origin(call.caller().id().owner());
        return call.sink().capabilities().stream()
                .map(capability -> new Place(capability, origin))
                .toList();
    }

    private static Use use(Place place, Call call) {
        return new Use(
                place.capability(),
                place.origin(),
                call.caller().id().display(),
                call.target().id().display());
    }

    private static List<Step> path(ShortestPaths paths, Call call, Program program) {
        var steps = new ArrayList<>(paths.to(call.caller(), program));
        if (!call.target().equals(call.caller())) {
            var sink = call.target().id();
            var module = program.origin(sink.owner());
            steps.add(new Step(call.link(), sink.display(), module, List.of()));
        }
        return steps;
    }

    // The graph of all roots together serves each of them: it may credit a root with a dispatch
    // to a type that only another one instantiates, and misses none.
    private static Map<Place, List<String>> rootsOf(
            CallGraph graph, Map<Node.Method, Set<Place>> users, List<Root> roots) {
        var rootsOf = new HashMap<Place, List<String>>();
        for (var root : roots) {
            var reached = graph.reachedFrom(List.of(new Node.Start(root), new Node.Jdk()));
            var places = new HashSet<Place>();
            users.forEach((method, used) -> {
                if (reached.test(method)) {
                    places.addAll(used);
                }
            });
            for (var place : places) {
                rootsOf.computeIfAbsent(place, _ -> new ArrayList<>()).add(root.display());
            }
        }
        return rootsOf;
    }
}
