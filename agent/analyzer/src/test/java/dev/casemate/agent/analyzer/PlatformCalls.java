package dev.casemate.agent.analyzer;

import dev.casemate.agent.analyzer.MethodFacts.Call;
import java.io.IOException;
import java.lang.module.ModuleFinder;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Who calls whom inside the JDK, as far as calls name what they call: a static or special call the
/// method itself, a virtual one the method that the named type has and, where that type is one of
/// the JDK's insides, those that override it in classes of the same package. What runs behind a
/// public type, a static initialiser or reflection is not seen.
final class PlatformCalls {

    private final Names names = new Names();
    private final Map<String, TypeFacts> types = new TreeMap<>();
    private final Map<String, Set<String>> subtypes = new HashMap<>();
    private final Map<MethodId, Set<MethodId>> callers = new HashMap<>();

    private final Set<String> exported;

    private PlatformCalls(Set<String> exported) {
        this.exported = exported;
    }

    static PlatformCalls of(Set<String> modules) throws IOException {
        var exported = new HashSet<String>();
        ModuleFinder.ofSystem().findAll().stream()
                .filter(module -> modules.contains(module.descriptor().name()))
                .flatMap(module -> module.descriptor().exports().stream())
                .filter(export -> !export.isQualified())
                .forEach(export -> exported.add(export.source()));
        var calls = new PlatformCalls(exported);
        for (var module : new TreeSet<>(modules)) {
            calls.read(FileSystems.getFileSystem(URI.create("jrt:/")).getPath("/modules", module));
        }
        calls.types.values().forEach(calls::inherit);
        calls.types.values().forEach(calls::connect);
        return calls;
    }

    private void read(Path module) throws IOException {
        try (var files = Files.walk(module)) {
            for (var file : (Iterable<Path>) files::iterator) {
                var name = file.getFileName().toString();
                if (name.endsWith(".class") && !name.equals("module-info.class")) {
                    var type =
                            ClassReader.shipped(Files.readAllBytes(file), Runtime.version(), names);
                    types.put(type.name(), type);
                }
            }
        }
    }

    private void inherit(TypeFacts type) {
        for (var ancestor : ancestors(type.name())) {
            if (TypeFacts.packageOf(ancestor).equals(type.packageName())) {
                subtypes.computeIfAbsent(ancestor, _ -> new TreeSet<>()).add(type.name());
            }
        }
    }

    private void connect(TypeFacts type) {
        for (var method : type.methods().values()) {
            var calls = new ArrayList<>(method.code().calls());
            calls.addAll(method.code().handles());
            for (var call : calls) {
                for (var target : targets(call)) {
                    callers.computeIfAbsent(target, _ -> new LinkedHashSet<>()).add(method.id());
                }
            }
        }
    }

    private Set<MethodId> targets(Call call) {
        var targets = new LinkedHashSet<MethodId>();
        var named = call.target();
        declared(named.owner(), named.signature()).ifPresent(targets::add);
        if (call.virtual() && !isOpen(named.owner())) {
            for (var subtype : subtypes.getOrDefault(named.owner(), Set.of())) {
                method(subtype, named.signature())
                        .filter(MethodFacts::isOverridable)
                        .map(MethodFacts::id)
                        .ifPresent(targets::add);
            }
        }
        return targets;
    }

    private Optional<MethodId> declared(String owner, String signature) {
        return ancestors(owner).stream()
                .flatMap(type -> method(type, signature).stream())
                .map(MethodFacts::id)
                .findFirst();
    }

    /// The type itself first, then superclasses and interfaces, as far as these modules hold them.
    private List<String> ancestors(String name) {
        var line = new LinkedHashSet<String>();
        var open = new ArrayList<>(List.of(name));
        while (!open.isEmpty()) {
            var type = types.get(open.removeFirst());
            if (type != null && line.add(type.name())) {
                open.addAll(type.parents());
            }
        }
        return List.copyOf(line);
    }

    /// What a type itself declares.
    Optional<MethodFacts> method(String type, String signature) {
        return Optional.ofNullable(types.get(type))
                .flatMap(facts -> Optional.ofNullable(facts.methods().get(signature)));
    }

    /// Whether code outside of the JDK can name a type. A nested one's own file says nothing of the
    /// classes around it.
    boolean isOpen(String name) {
        var type = types.get(name);
        int dollar = name.lastIndexOf('$');
        return type != null
                && type.isPublic()
                && exported.contains(type.packageName())
                && (dollar < 0 || isOpen(name.substring(0, dollar)));
    }

    /// Whether code outside of the JDK can call a method, or inherit it.
    boolean isOpen(MethodId method) {
        return isOpen(method.owner())
                && method(method.owner(), method.signature())
                        .filter(MethodFacts::isPublic)
                        .isPresent();
    }

    Map<String, TypeFacts> types() {
        return types;
    }

    /// In the order of the classes' names and of their code.
    Set<MethodId> callers(MethodId method) {
        return callers.getOrDefault(method, Set.of());
    }

    int edges() {
        return callers.values().stream().mapToInt(Set::size).sum();
    }
}
