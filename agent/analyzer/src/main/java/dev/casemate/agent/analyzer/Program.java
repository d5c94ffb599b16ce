package dev.casemate.agent.analyzer;

import dev.casemate.agent.analyzer.AnalyzerException.Code;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// The program model that every pass reads: all shipped classes, and of the JDK those that they
/// refer to with their supertypes. Immutable once it is built; for one thread.
final class Program {

    private final Map<String, TypeFacts> types;
    // Worked out when first asked for: of most types nobody asks.
    private final Map<String, Set<String>> supertypes = new HashMap<>();
    private final Map<String, List<String>> services;
    private final Map<String, String> platformModules;
    private final Map<String, String> origins;
    private final Set<String> exported;
    private final SortedSet<String> shadowed;

    private Program(
            Map<String, TypeFacts> types,
            Map<String, List<String>> services,
            Map<String, String> platformModules,
            Map<String, String> origins,
            Set<String> exported,
            SortedSet<String> shadowed) {
        this.exported = Collections.unmodifiableSet(exported);
        this.shadowed = Collections.unmodifiableSortedSet(shadowed);
        this.origins = Collections.unmodifiableMap(origins);
        // In their order, and found without comparing names with their neighbours.
        this.types = Collections.unmodifiableMap(new LinkedHashMap<>(types));
        this.services = Collections.unmodifiableMap(services);
        this.platformModules = Collections.unmodifiableMap(platformModules);
    }

    /// The jars in class path order: of two classes of one name the first counts, and the JDK's
    /// before all.
    static Program of(List<JarReader.Jar> jars, Platform platform) {
        var types = new TreeMap<String, TypeFacts>();
        var services = new TreeMap<String, List<String>>();
        var origins = new HashMap<String, String>();
        var shadowed = new TreeSet<String>();
        for (var jar : jars) {
            var origin = jar.origin().name();
            for (var type : jar.types()) {
                if (isShadowed(type, platform)) {
                    shadowed.add(type.name() + " of " + origin);
                } else {
                    var first = types.putIfAbsent(type.name(), type);
                    if (first == null) {
                        origins.put(type.name(), origin);
                    } else if (!first.equals(type)) {
                        shadowed.add(type.name() + " of " + origin);
                    }
                }
            }
            jar.services()
                    .forEach((service, providers) ->
                            services.computeIfAbsent(service, _ -> new ArrayList<>())
                                    .addAll(providers));
        }
        addPlatform(types, platform);
        var modules = new TreeMap<String, String>();
        for (var type : types.values()) {
            if (!type.shipped()) {
                platform.module(type.packageName())
                        .ifPresent(module -> modules.put(type.name(), module));
            }
        }
        for (var service : services.keySet()) {
            platform.module(TypeFacts.packageOf(service.replace('.', '/')))
                    .ifPresent(module -> modules.put(service.replace('.', '/'), module));
        }
        var exported = new HashSet<String>();
        for (var type : types.values()) {
            if (!type.shipped() && platform.exports(type.packageName())) {
                exported.add(type.name());
            }
        }
        return new Program(types, services, modules, origins, exported, shadowed);
    }

    // The class loader asks the JDK first for the packages that its modules hold.
    private static boolean isShadowed(TypeFacts type, Platform platform) {
        if (platform.shadows(type.packageName())) {
            return true;
        }
        if (platform.module(type.packageName()).isPresent()) {
            throw new AnalyzerException(
                    Code.AMBIGUOUS_CLASS,
                    "expected no shipped class in a package of the JDK: "
                            + type.name().replace('/', '.'));
        }
        return false;
    }

    private static void addPlatform(Map<String, TypeFacts> types, Platform platform) {
        var wanted = new ArrayDeque<String>();
        wanted.add(TypeFacts.OBJECT);
        types.values().forEach(type -> wanted.addAll(references(type)));
        var seen = new LinkedHashSet<String>();
        while (!wanted.isEmpty()) {
            var name = wanted.remove();
            if (seen.add(name) && !types.containsKey(name)) {
                platform.type(name)
                        .ifPresent(type -> {
                            types.put(name, type);
                            wanted.addAll(type.parents());
                        });
            }
        }
    }

    private static Set<String> references(TypeFacts type) {
        var names = new LinkedHashSet<>(type.parents());
        for (var method : type.methods().values()) {
            var code = method.code();
            code.calls().forEach(call -> names.add(call.target().owner()));
            code.handles().forEach(call -> names.add(call.target().owner()));
            names.addAll(code.instantiated());
            names.addAll(code.touched());
            names.addAll(code.literals());
            code.texts().stream()
                    .filter(Program::mayNameAClass)
                    .forEach(text -> names.add(text.replace('.', '/')));
        }
        return names;
    }

    // A text with any other character names no class of the JDK, and may be no path either.
    private static boolean mayNameAClass(String text) {
        return text.chars()
                .allMatch(letter ->
                        letter == '.'
                                || letter == '/'
                                || letter == '$'
                                || letter == '_'
                                || (letter < 128 && Character.isLetterOrDigit(letter)));
    }

    // The type itself, its superclasses upwards, then all interfaces, nearest first.
    private static Set<String> linearise(Map<String, TypeFacts> types, String start) {
        var line = new LinkedHashSet<String>();
        var next = types.get(start);
        while (next != null && line.add(next.name())) {
            next =
                    next.isInterface() || next.parents().isEmpty()
                            ? null
                            : types.get(next.parents().getFirst());
        }
        var queue = new ArrayDeque<>(line);
        while (!queue.isEmpty()) {
            var type = types.get(queue.remove());
            if (type != null) {
                for (var parent : type.parents()) {
                    if (line.add(parent)) {
                        queue.add(parent);
                    }
                }
            }
        }
        return Collections.unmodifiableSet(line);
    }

    Optional<TypeFacts> type(String name) {
        return Optional.ofNullable(types.get(name));
    }

    boolean isShipped(String name) {
        return type(name).filter(TypeFacts::shipped).isPresent();
    }

    boolean isPlatform(String name) {
        return type(name).filter(type -> !type.shipped()).isPresent();
    }

    /// Whether it is of the JDK and in a package that its module exports to everybody: reflection
    /// reaches no other, unless the start of the program opened it.
    boolean isExported(String name) {
        return exported.contains(name);
    }

    /// Shipped classes that never run, because the JDK has the package or a jar before theirs has
    /// another class of the name.
    SortedSet<String> shadowed() {
        return shadowed;
    }

    /// All shipped types, by name.
    Collection<TypeFacts> shipped() {
        return types.values().stream().filter(TypeFacts::shipped).toList();
    }

    /// The type itself, its superclasses upwards, then its interfaces; names that are nowhere to be
    /// found are among them.
    Set<String> supertypes(String type) {
        return types.containsKey(type)
                ? supertypes.computeIfAbsent(type, name -> linearise(types, name))
                : Set.of();
    }

    /// Providers by service, as binary names.
    Map<String, List<String>> services() {
        return services;
    }

    /// The module of a JDK type; empty for anything else.
    Optional<String> platformModule(String type) {
        return Optional.ofNullable(platformModules.get(type));
    }

    /// The jar of a shipped type, the module of one of the JDK's; empty text for what is nowhere.
    String origin(String type) {
        return origins.getOrDefault(type, platformModules.getOrDefault(type, ""));
    }

    /// The method that runs when `signature` is called on an instance of exactly `type`, or, for a
    /// static or special call, the one that `type` names: superclasses first, then the most
    /// specific default.
    Optional<MethodFacts> resolve(String type, String signature) {
        Map<String, MethodFacts> inInterfaces = new LinkedHashMap<>();
        for (var name : supertypes(type)) {
            var candidate = type(name).map(facts -> facts.methods().get(signature)).orElse(null);
            if (candidate == null || (candidate.isPrivate() && !name.equals(type))) {
                continue;
            }
            if (name.equals(type) || type(name).filter(TypeFacts::isInterface).isEmpty()) {
                return Optional.of(candidate);
            }
            inInterfaces.put(name, candidate);
        }
        return mostSpecific(inInterfaces);
    }

    private Optional<MethodFacts> mostSpecific(Map<String, MethodFacts> candidates) {
        return candidates.entrySet().stream()
                .filter(candidate ->
                        candidates.keySet().stream()
                                .noneMatch(other ->
                                        !other.equals(candidate.getKey())
                                                && supertypes(other).contains(candidate.getKey())))
                .map(Map.Entry::getValue)
                // Unrelated interfaces may agree on one default; an abstract one runs nothing.
                .sorted((a, b) -> Boolean.compare(a.isAbstract(), b.isAbstract()))
                .findFirst();
    }
}
