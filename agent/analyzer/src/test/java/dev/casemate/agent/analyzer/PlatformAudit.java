package dev.casemate.agent.analyzer;

import dev.casemate.agent.analyzer.SinkTable.Sink;
import dev.casemate.manifest.Capability;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Goes from the boundary backwards to whoever calls it, until a line of the insides says that the
/// JDK does this for itself, or the sink table judges the method that is reached.
final class PlatformAudit {

    /// A public method that has a capability which the table does not give it.
    ///
    /// @param path from the method to the boundary
    record Finding(Capability capability, List<MethodId> path) {
        @Override
        public String toString() {
            return capability.word()
                    + ": "
                    + String.join(" > ", path.stream().map(MethodId::display).toList());
        }
    }

    private final PlatformCalls calls;
    private final Map<String, Sink> insides;
    private final SinkJudge judge;
    private final Map<String, Set<Capability>> usedLines = new TreeMap<>();
    private final List<Finding> findings = new ArrayList<>();
    private final Set<MethodId> judged = new TreeSet<>();

    /// What the sink table says of a method.
    @FunctionalInterface
    interface SinkJudge {
        Set<Capability> of(MethodId method);
    }

    PlatformAudit(PlatformCalls calls, Map<String, Sink> insides, SinkJudge judge) {
        this.calls = calls;
        this.insides = insides;
        this.judge = judge;
    }

    void from(Map<String, Sink> boundary) {
        var starts = new EnumMap<Capability, List<MethodId>>(Capability.class);
        for (var type : calls.types().values()) {
            for (var method : type.methods().values()) {
                var sink = Optional.ofNullable(boundary.get(pattern(method.id())));
                sink.stream()
                        .flatMap(line -> line.capabilities().stream())
                        .forEach(capability ->
                                starts.computeIfAbsent(capability, _ -> new ArrayList<>())
                                        .add(method.id()));
            }
        }
        starts.forEach(this::backwards);
    }

    private void backwards(Capability capability, List<MethodId> starts) {
        var next = new LinkedHashMap<MethodId, Optional<MethodId>>();
        var queue = new ArrayDeque<>(starts);
        starts.forEach(start -> next.put(start, Optional.empty()));
        while (!queue.isEmpty()) {
            var method = queue.remove();
            if (goesOn(capability, method, next)) {
                for (var caller : calls.callers(method)) {
                    if (next.putIfAbsent(caller, Optional.of(method)) == null) {
                        queue.add(caller);
                    }
                }
            }
        }
    }

    // A method that the table judges rightly is a boundary of its own: who calls it is judged, too.
    private boolean goesOn(
            Capability capability, MethodId method, Map<MethodId, Optional<MethodId>> next) {
        boolean open = calls.isOpen(method);
        if (open) {
            judged.add(method);
            if (judge.of(method).contains(capability)) {
                return true;
            }
        }
        if (insideOf(method, capability)) {
            return false;
        }
        if (open) {
            findings.add(new Finding(capability, path(method, next)));
        }
        return !open;
    }

    private static List<MethodId> path(MethodId method, Map<MethodId, Optional<MethodId>> next) {
        var path = new ArrayList<MethodId>();
        for (var step = Optional.of(method);
                step.isPresent();
                step = next.getOrDefault(step.get(), Optional.empty())) {
            path.add(step.get());
        }
        return path;
    }

    private boolean insideOf(MethodId method, Capability capability) {
        boolean inside = false;
        for (var pattern : patterns(method)) {
            var line = insides.get(pattern);
            if (line != null && line.capabilities().contains(capability)) {
                usedLines.computeIfAbsent(pattern, _ -> new TreeSet<>()).add(capability);
                inside = true;
            }
        }
        return inside;
    }

    private static String pattern(MethodId method) {
        return method.owner().replace('/', '.') + "#" + method.name();
    }

    private static List<String> patterns(MethodId method) {
        var patterns = new ArrayList<String>();
        patterns.add(pattern(method));
        patterns.add(method.owner().replace('/', '.'));
        var tree = TypeFacts.packageOf(method.owner());
        patterns.add(tree + ".*");
        while (!tree.isEmpty()) {
            patterns.add(tree + ".**");
            tree = tree.substring(0, Math.max(0, tree.lastIndexOf('.')));
        }
        return patterns;
    }

    List<Finding> findings() {
        return List.copyOf(findings);
    }

    /// Which lines of the insides stopped something, and of what.
    Map<String, Set<Capability>> usedLines() {
        return usedLines;
    }

    /// Methods that code outside of the JDK can call and that reach the boundary.
    Set<MethodId> judged() {
        return judged;
    }
}
