package dev.casemate.container.image;

import dev.casemate.container.image.ImageException.Code;
import java.lang.module.Configuration;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// The modules of the JDK that an image gets.
///
/// @param included everything that is linked, what those modules require among it
/// @param withheld modules that the jars refer to and do not get, with the reason
record RuntimeModules(SortedSet<String> included, SortedMap<String, String> withheld) {

    static final String RULES = "modules.txt";

    RuntimeModules {
        included = Collections.unmodifiableSortedSet(new TreeSet<>(included));
        withheld = Collections.unmodifiableSortedMap(new TreeMap<>(withheld));
    }

    /// What is decided of modules beforehand.
    private record Rules(
            SortedSet<String> always, SortedMap<String, String> withheld, SortedSet<String> tried) {
        static Rules read() {
            var rules = new Rules(new TreeSet<>(), new TreeMap<>(), new TreeSet<>());
            for (var rule : RuleFile.resource(RULES).rules()) {
                var module = rule.fields().get(1);
                switch (rule.fields().get(0)) {
                    case "always" -> rules.always.add(module);
                    case "withheld" -> rules.withheld.put(module, rule.reason());
                    case "tried" -> rules.tried.add(module);
                    default -> throw new IllegalStateException(RULES + ": " + rule.fields());
                }
            }
            return rules;
        }
    }

    /// @param packages that the jars refer to
    /// @throws ImageException if a needed module requires one that is withheld
    static RuntimeModules forPackages(Set<String> packages) {
        return of(packages, Rules.read());
    }

    /// These, and what the probe tries: for a runtime that shows what sealing takes away.
    RuntimeModules withTried() {
        var roots = new TreeSet<>(included);
        roots.addAll(Rules.read().tried());
        return new RuntimeModules(closure(roots, Set.of()), withheld);
    }

    private static RuntimeModules of(Set<String> packages, Rules rules) {
        var never = rules.withheld();
        var roots = new TreeSet<>(rules.always());
        var withheld = new TreeMap<String, String>();
        for (var reference : ModuleFinder.ofSystem().findAll()) {
            var module = reference.descriptor();
            if (module.exports().stream().anyMatch(exports -> isUsed(exports, packages))) {
                var reason = never.get(module.name());
                if (reason == null) {
                    roots.add(module.name());
                } else {
                    withheld.put(module.name(), reason);
                }
            }
        }
        return new RuntimeModules(closure(roots, never.keySet()), withheld);
    }

    /// Of some names of classes, with slashes, those in packages of these modules.
    SortedSet<String> named(Set<String> names) {
        var packages = new HashSet<String>();
        for (var reference : ModuleFinder.ofSystem().findAll()) {
            if (included.contains(reference.descriptor().name())) {
                packages.addAll(reference.descriptor().packages());
            }
        }
        var named = new TreeSet<String>();
        for (var name : names) {
            int slash = name.lastIndexOf('/');
            if (slash > 0 && packages.contains(name.substring(0, slash).replace('/', '.'))) {
                named.add(name);
            }
        }
        return named;
    }

    private static boolean isUsed(ModuleDescriptor.Exports exports, Set<String> packages) {
        return !exports.isQualified() && packages.contains(exports.source());
    }

    private static SortedSet<String> closure(Set<String> roots, Set<String> never) {
        var empty = ModuleFinder.of();
        var resolved =
                Configuration.resolve(
                        empty, List.of(Configuration.empty()), ModuleFinder.ofSystem(), roots);
        var names = new TreeSet<String>();
        resolved.modules().forEach(module -> names.add(module.name()));
        var refused = new TreeSet<>(names);
        refused.retainAll(never);
        if (!refused.isEmpty()) {
            throw new ImageException(
                    Code.MODULE_WITHHELD,
                    "the jars need one of "
                            + roots
                            + ", which requires "
                            + refused
                            + ": expected jars that do without it");
        }
        return names;
    }
}
