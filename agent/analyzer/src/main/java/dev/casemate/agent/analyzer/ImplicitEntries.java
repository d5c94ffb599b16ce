package dev.casemate.agent.analyzer;

import dev.casemate.agent.analyzer.CallGraph.Node;
import java.lang.reflect.Modifier;
import java.util.Map;
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

    // The JDK makes instances of these by names that it puts together itself: of a base name and a
    // language, of a package and a protocol, out of a configuration file.
    private static final Map<String, Set<String>> MADE_BY_NAME =
            Map.of(
                    "java/util/ResourceBundle",
                    Set.of("java/util/ResourceBundle"),
                    "java/net/URI",
                    Set.of("java/net/URLStreamHandler", "java/net/ContentHandler"),
                    "java/net/URL",
                    Set.of("java/net/URLStreamHandler", "java/net/ContentHandler"),
                    "java/util/logging/LogManager",
                    Set.of(
                            "java/util/logging/Filter",
                            "java/util/logging/Formatter",
                            "java/util/logging/Handler"));

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

    /// A type of the JDK is used that makes instances of shipped types by their names.
    void madeByName(Node from, String user) {
        var bases = MADE_BY_NAME.getOrDefault(user, Set.of());
        var node = new Node.MadeBy(user);
        if (bases.isEmpty() || !reachability.gather(from, node)) {
            return;
        }
        for (var type : program.shipped()) {
            if (type.isConcrete()
                    && program.supertypes(type.name()).stream().anyMatch(bases::contains)) {
                named(node, type.name());
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

    /// A text names a class of the JDK: reflection may call its constructors, and the methods that
    /// other texts beside it name.
    void jdkText(Node from, String name, MethodFacts.Code code) {
        jdkMembers(from, name, code, true);
    }

    /// A class literal of the JDK stands beside reflection. It is often a parameter's type, and so
    /// its constructors count only where one is asked for.
    void jdkLiteral(Node from, String name, MethodFacts.Code code) {
        jdkMembers(
                from,
                name,
                code,
                code.calls().stream()
                        .anyMatch(call -> call.target().name().contains("Constructor")));
    }

    private void jdkMembers(
            Node from, String name, MethodFacts.Code code, boolean withConstructors) {
        var type = program.type(name).filter(facts -> program.isExported(facts.name()));
        if (type.isEmpty()) {
            return;
        }
        boolean constructs = withConstructors && type.get().isConcrete();
        for (var method : type.get().methods().values()) {
            boolean counts =
                    method.id().isConstructor()
                            ? constructs && Modifier.isPublic(method.modifiers())
                            : code.texts().contains(method.id().name());
            if (counts) {
                reachability.link(from, Link.NAMED, method);
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
