package dev.casemate.agent.analyzer;

import dev.casemate.agent.analyzer.AnalyzerException.Code;
import dev.casemate.agent.analyzer.CallGraph.Node;
import dev.casemate.agent.analyzer.MethodFacts.Call;
import dev.casemate.agent.analyzer.SinkTable.Sink;
import dev.casemate.manifest.Capability;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Rapid type analysis: grows the set of reachable methods and the set of instantiated types
/// together until neither grows, and keeps every edge it took.
///
/// It walks the shipped code only. A call into the JDK ends at the sink table; what the JDK calls
/// back is over-approximated in [InstantiatedTypes].
final class Reachability {

    private static final Sink NATIVE_METHOD =
            new Sink("native", Set.of(Capability.NATIVE), "a native method of the shipped code");

    private final Program program;
    private final SinkTable table;
    private final CallGraph.Builder graph = new CallGraph.Builder();
    private final Deque<MethodFacts> open = new ArrayDeque<>();
    private final Set<MethodId> reached = new HashSet<>();
    private final Set<Node> expanded = new HashSet<>();
    private final Map<MethodId, Sink> judgements = new HashMap<>();
    private final InstantiatedTypes types;
    private final ImplicitEntries implicit;

    private Reachability(Program program, SinkTable table) {
        this.program = program;
        this.table = table;
        this.types = new InstantiatedTypes(program, this::link);
        this.implicit = new ImplicitEntries(program, this);
    }

    static CallGraph from(List<Root> roots, Program program, SinkTable table) {
        var reachability = new Reachability(program, table);
        roots.forEach(reachability::start);
        reachability.implicit.module(new Node.Jdk(), "java.base");
        while (!reachability.open.isEmpty()) {
            reachability.walk(reachability.open.remove());
        }
        return reachability.graph.build();
    }

    private void start(Root root) {
        switch (root) {
            case Root.Methods methods -> start(methods);
            case Root.PublicApi api -> start(api);
            case Root.Tools _ -> throw unknown(root, "tools named one by one");
        }
    }

    private void start(Root.Methods root) {
        var start = new Node.Start(root);
        var name = root.type().replace('.', '/');
        var type =
                program.type(name)
                        .filter(TypeFacts::shipped)
                        .orElseThrow(() -> unknown(root, "a class of the jars"));
        boolean found = false;
        for (var ancestor : program.supertypes(name)) {
            if (!program.isShipped(ancestor)) {
                continue;
            }
            for (var method : program.type(ancestor).orElseThrow().methods().values()) {
                if (root.method().isEmpty() || root.method().get().equals(method.id().name())) {
                    link(start, Link.ROOT, method);
                    found = true;
                }
            }
        }
        if (!found) {
            throw unknown(root, "a method of that name");
        }
        if (type.isConcrete()) {
            instantiate(start, name);
        }
    }

    private void start(Root.PublicApi root) {
        var start = new Node.Start(root);
        boolean found = false;
        for (var type : program.shipped()) {
            if (!type.isPublic() || !program.origin(type.name()).equals(root.origin())) {
                continue;
            }
            for (var method : type.methods().values()) {
                if (method.isPublic()) {
                    link(start, Link.ROOT, method);
                    found = true;
                }
            }
            if (type.isConcrete()) {
                instantiate(start, type.name());
            }
        }
        if (!found) {
            throw unknown(root, "a public method");
        }
    }

    private static AnalyzerException unknown(Root root, String expected) {
        return new AnalyzerException(
                Code.UNKNOWN_ROOT, "expected " + expected + " for the root " + root.display());
    }

    /// Adds an edge to a method and, the first time, puts the method in line.
    void link(Node from, Link link, MethodFacts target) {
        if (target.isAbstract() || target.cut()) {
            return;
        }
        var node = new Node.Method(target.id());
        if (program.isPlatform(target.id().owner())) {
            judged(from, link, node, table.judge(program, target.id(), target.id().owner()));
            return;
        }
        graph.add(from, link, node);
        if (reached.add(target.id())) {
            if (target.isNative()) {
                graph.sink(node, NATIVE_METHOD);
            }
            open.add(target);
        }
    }

    // Only what has a capability is worth an edge.
    private void judged(Node from, Link link, Node.Method target, Sink sink) {
        if (!sink.capabilities().isEmpty()) {
            graph.add(from, link, target);
            graph.sink(target, sink);
        }
    }

    void instantiate(Node from, String type) {
        if (program.isShipped(type)) {
            graph.add(from, Link.CALLBACK, new Node.Instances(type));
            types.add(type);
        }
    }

    /// Adds an edge to a node that gathers; true the first time it is seen.
    boolean gather(Node from, Node to) {
        graph.add(from, Link.CALL, to);
        return expanded.add(to);
    }

    private void walk(MethodFacts method) {
        var node = new Node.Method(method.id());
        initialise(node, method.id().owner());
        var code = method.code();
        code.touched().forEach(type -> initialise(node, type));
        code.instantiated().forEach(type -> instantiate(node, type));
        var reached = new HashSet<Capability>();
        code.calls().forEach(call -> reached.addAll(call(node, Link.CALL, call)));
        code.handles().forEach(call -> reached.addAll(call(node, Link.HANDLE, call)));
        for (var text : code.texts()) {
            var name = text.replace('.', '/');
            implicit.named(node, name);
            implicit.jdkText(node, name, code);
        }
        if (reached.contains(Capability.REFLECTION)) {
            for (var type : code.literals()) {
                implicit.named(node, type);
                implicit.jdkLiteral(node, type, code);
            }
        }
        if (reached.contains(Capability.DESERIALISATION)) {
            implicit.serialisables(node);
        }
    }

    /// The static initialisers that the first use of a type runs, supertypes included.
    void initialise(Node from, String type) {
        for (var ancestor : program.supertypes(type)) {
            if (program.isShipped(ancestor)) {
                program.type(ancestor)
                        .map(facts -> facts.methods().get(MethodId.INITIALISER + "()V"))
                        .ifPresent(initialiser -> link(from, Link.INITIALISER, initialiser));
            }
        }
    }

    // The capabilities of the call itself, if it goes into the JDK.
    private Set<Capability> call(Node.Method from, Link link, Call call) {
        var target = call.target();
        var named = program.resolve(target.owner(), target.signature());
        if (program.isPlatform(named.map(m -> m.id().owner()).orElse(target.owner()))) {
            return named.filter(MethodFacts::cut).isPresent()
                    ? Set.of()
                    : platformCall(from, link, target, named.map(MethodFacts::id).orElse(target));
        }
        if (named.isEmpty()) {
            missing(target.owner());
        } else if (call.virtual() && !named.get().isPrivate()) {
            select(from, target);
        } else {
            link(from, link, named.get());
        }
        return Set.of();
    }

    private Set<Capability> platformCall(
            Node.Method from, Link link, MethodId called, MethodId declared) {
        var sink =
                judgements.computeIfAbsent(
                        called, call -> table.judge(program, call, declared.owner()));
        var node = new Node.Method(called.in(nearestPlatformType(called, declared)));
        judged(from, link, node, sink);
        program.platformModule(declared.owner()).ifPresent(module -> implicit.module(from, module));
        if (declared.owner().equals("java/util/ServiceLoader")) {
            implicit.shippedServices(from);
        }
        implicit.madeByName(from, declared.owner());
        return sink.capabilities();
    }

    // As the code names it, unless that is a shipped subclass: then the JDK's own type.
    private String nearestPlatformType(MethodId called, MethodId declared) {
        return program.isShipped(called.owner()) ? declared.owner() : called.owner();
    }

    private void select(Node.Method from, MethodId target) {
        graph.add(from, Link.DISPATCH, new Node.Selector(target));
        types.select(target);
    }

    private void missing(String owner) {
        program.supertypes(owner).stream()
                .filter(type -> program.type(type).isEmpty())
                .forEach(graph::missing);
        if (program.type(owner).isEmpty()) {
            graph.missing(owner);
        }
    }
}
