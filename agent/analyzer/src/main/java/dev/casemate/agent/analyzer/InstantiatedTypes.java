package dev.casemate.agent.analyzer;

import dev.casemate.agent.analyzer.CallGraph.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The types of which reachable code makes instances, and the virtual calls that may meet them.
///
/// A shipped method that overrides one of the JDK's is taken to run as soon as its type has an
/// instance: the JDK may call it at any time (`Comparator`, `Runnable`, `toString`, `finalize`).
final class InstantiatedTypes {

    /// Receives an edge to a method.
    @FunctionalInterface
    interface Edges {
        void link(Node from, Link link, MethodFacts target);
    }

    private final Program program;
    private final Edges edges;
    private final Set<String> instantiated = new HashSet<>();
    private final Set<MethodId> selectors = new HashSet<>();
    private final Map<String, List<String>> instantiatedByAncestor = new HashMap<>();
    private final Map<String, List<MethodId>> selectorsByOwner = new HashMap<>();

    InstantiatedTypes(Program program, Edges edges) {
        this.program = program;
        this.edges = edges;
    }

    /// A shipped type has instances; for an interface, functions that implement it.
    void add(String type) {
        if (!instantiated.add(type)) {
            return;
        }
        var overridden = new LinkedHashSet<String>();
        for (var ancestor : program.supertypes(type)) {
            instantiatedByAncestor.computeIfAbsent(ancestor, _ -> new ArrayList<>()).add(type);
            for (var selector : List.copyOf(selectorsByOwner.getOrDefault(ancestor, List.of()))) {
                meet(selector, type);
            }
            if (program.isPlatform(ancestor)) {
                overridden.addAll(overridable(ancestor));
            }
        }
        for (var signature : overridden) {
            program.resolve(type, signature)
                    .filter(method -> program.isShipped(method.id().owner()))
                    .ifPresent(
                            method -> edges.link(new Node.Instances(type), Link.CALLBACK, method));
        }
    }

    private Set<String> overridable(String platformType) {
        var signatures = new LinkedHashSet<String>();
        for (var method : program.type(platformType).orElseThrow().methods().values()) {
            if (method.isOverridable()) {
                signatures.add(method.id().signature());
            }
        }
        return signatures;
    }

    /// Reachable code makes this virtual call on a shipped type.
    void select(MethodId selector) {
        if (!selectors.add(selector)) {
            return;
        }
        selectorsByOwner.computeIfAbsent(selector.owner(), _ -> new ArrayList<>()).add(selector);
        for (var type :
                List.copyOf(instantiatedByAncestor.getOrDefault(selector.owner(), List.of()))) {
            meet(selector, type);
        }
    }

    private void meet(MethodId selector, String type) {
        program.resolve(type, selector.signature())
                .ifPresent(
                        method -> edges.link(new Node.Selector(selector), Link.DISPATCH, method));
    }
}
