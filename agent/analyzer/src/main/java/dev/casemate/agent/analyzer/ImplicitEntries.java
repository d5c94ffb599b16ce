package dev.casemate.agent.analyzer;

import dev.casemate.agent.analyzer.CallGraph.Node;
import java.util.Set;

/// Code that runs without a call instruction that names it: service providers, classes named by
/// constants, deserialisation hooks.
final class ImplicitEntries {

    private static final String SHIPPED_SERVICES = "shipped";
    private static final Set<String> SERIALISABLE =
            Set.of("java/io/Serializable", "java/io/Externalizable");
    private static final Set<String> HOOKS =
            Set.of(
                    "readObject",
                    "readObjectNoData",
                    "readResolve",
                    "readExternal",
                    "validateObject");

    private final Program program;
    private final Reachability reachability;

    ImplicitEntries(Program program, Reachability reachability) {
        this.program = program;
        this.reachability = reachability;
    }

    /// A JDK module is used: it may load the providers of its own services.
    void module(Node from, String module) {
        var node = new Node.Providers(module);
        if (reachability.gather(from, node)) {
            program.services()
                    .forEach((service, providers) -> {
                        var type = service.replace('.', '/');
                        if (program.platformModule(type).filter(module::equals).isPresent()) {
                            providers.forEach(provider -> provider(node, provider));
                        }
                    });
        }
    }

    /// `ServiceLoader` is called: it may load the providers of every service that is not the JDK's.
    void shippedServices(Node from) {
        var node = new Node.Providers(SHIPPED_SERVICES);
        if (reachability.gather(from, node)) {
            program.services()
                    .forEach((service, providers) -> {
                        var type = service.replace('.', '/');
                        if (program.platformModule(type).isEmpty()) {
                            providers.forEach(provider -> provider(node, provider));
                        }
                    });
        }
    }

    private void provider(Node from, String provider) {
        var type = program.type(provider.replace('.', '/')).filter(TypeFacts::shipped);
        if (type.isPresent()) {
            reachability.instantiate(from, type.get().name());
            for (var method : type.get().methods().values()) {
                if (method.id().isConstructor() || method.id().name().equals("provider")) {
                    reachability.link(from, Link.SERVICE, method);
                }
            }
        }
    }

    /// A constant that may name a class: then all of that class may run.
    void named(Node from, String name) {
        var type = program.type(name).filter(TypeFacts::shipped);
        if (type.isEmpty()) {
            return;
        }
        var node = new Node.Named(name);
        if (reachability.gather(from, node)) {
            type.get()
                    .methods()
                    .values()
                    .forEach(method -> reachability.link(node, Link.NAMED, method));
            if (type.get().isConcrete()) {
                reachability.instantiate(node, name);
            }
        }
    }

    /// Something is deserialised: instances of every serialisable type may appear.
    void serialisables(Node from) {
        var node = new Node.Serialisables();
        if (reachability.gather(from, node)) {
            for (var type : program.shipped()) {
                if (type.isConcrete()
                        && program.supertypes(type.name()).stream()
                                .anyMatch(SERIALISABLE::contains)) {
                    deserialised(node, type);
                }
            }
        }
    }

    private void deserialised(Node from, TypeFacts type) {
        reachability.instantiate(from, type.name());
        reachability.initialise(from, type.name());
        for (var ancestor : program.supertypes(type.name())) {
            program.type(ancestor).filter(TypeFacts::shipped).stream()
                    .flatMap(facts -> facts.methods().values().stream())
                    .filter(method ->
                            HOOKS.contains(method.id().name())
                                    || method.id().signature().equals("<init>()V"))
                    .forEach(method -> reachability.link(from, Link.DESERIALISED, method));
        }
    }
}
