package dev.casemate.agent.analyzer;

import dev.casemate.manifest.Capability;
import dev.casemate.manifest.Json;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What a change brought: an update of dependencies, for example, between two reports.
///
/// @param jars every jar of either side, each with its counterpart; in the order of the new report,
///   then those that went
/// @param came capabilities that the new report has and the old one lacks
/// @param went capabilities that the old report has and the new one lacks
/// @param rootsCame starts that only the new report has
/// @param rootsWent starts that only the old report has
/// @param basis what the two reports were judged by, as far as it differs
public record Comparison(
        List<Jar> jars,
        Set<Capability> came,
        Set<Capability> went,
        List<String> rootsCame,
        List<String> rootsWent,
        List<Basis> basis) {

    /// The version of the JSON form, in member `apiVersion`.
    public static final String API_VERSION = "casemate.dev/comparison/v1";

    // The compiler numbers them: a new one renames those after it.
    private static final Pattern LAMBDA = Pattern.compile("(lambda\\$[^$.(]*)\\$\\d+");

    /// One jar, before and after; at least one of them is there.
    ///
    /// @param came capabilities that this jar uses now and did not use before, each with the
    ///   shortest path in it
    /// @param went capabilities that it used before and does not use now
    /// @param usesCame uses of any capability that are new, those of [#came] included
    /// @param usesWent uses that are gone
    public record Jar(
            Optional<Origin> before,
            Optional<Origin> after,
            Map<Capability, Witness> came,
            Set<Capability> went,
            List<Use> usesCame,
            List<Use> usesWent) {

        public Jar {
            if (before.isEmpty() && after.isEmpty()) {
                throw new IllegalArgumentException("expected a jar on one side at least");
            }
            came = Collections.unmodifiableMap(new EnumMap<>(copy(came)));
            went = Collections.unmodifiableSet(copy(went));
            usesCame = List.copyOf(usesCame);
            usesWent = List.copyOf(usesWent);
        }

        /// Its name now; of one that went, as it was.
        public String name() {
            return after.or(() -> before).orElseThrow().name();
        }

        /// `came`, `went`, `changed` (other bytes), `renamed` (the same under another name) or
        /// `same`.
        public String change() {
            if (before.isEmpty()) {
                return "came";
            } else if (after.isEmpty()) {
                return "went";
            } else if (!before.get().digest().equals(after.get().digest())) {
                return "changed";
            }
            return before.get().name().equals(after.get().name()) ? "same" : "renamed";
        }
    }

    /// One thing that both sides rest on, and that is not the same.
    ///
    /// @param before empty where only the new report has it; `after` likewise
    public record Basis(String name, String before, String after) {}

    public Comparison {
        jars = List.copyOf(jars);
        came = Collections.unmodifiableSet(copy(came));
        went = Collections.unmodifiableSet(copy(went));
        rootsCame = List.copyOf(rootsCame);
        rootsWent = List.copyOf(rootsWent);
        basis = List.copyOf(basis);
    }

    public static Comparison between(Report before, Report after) {
        var pairs = JarPair.of(before.origins(), after.origins());
        var jars = pairs.stream().map(pair -> jar(pair, before, after)).toList();
        var rootsBefore = before.roots().stream().map(root -> renamed(root, pairs)).toList();
        return new Comparison(
                jars,
                without(after.capabilities().keySet(), before.capabilities().keySet()),
                without(before.capabilities().keySet(), after.capabilities().keySet()),
                new ArrayList<>(without(after.roots(), rootsBefore)),
                new ArrayList<>(without(rootsBefore, after.roots())),
                basis(before, after));
    }

    /// Whether any jar has a capability that it did not have: what a reviewer must look at. New
    /// uses of what a jar already had are listed, and do not count.
    public boolean found() {
        return jars.stream().anyMatch(jar -> !jar.came().isEmpty());
    }

    /// For people.
    public String text() {
        return ComparisonText.of(this);
    }

    /// For machines.
    public Json.Obj toJson() {
        return ComparisonJson.of(this);
    }

    private static Jar jar(JarPair pair, Report before, Report after) {
        var had = pair.before().map(jar -> witnesses(before, jar)).orElse(Map.of());
        var has = pair.after().map(jar -> witnesses(after, jar)).orElse(Map.of());
        var came = new EnumMap<Capability, Witness>(Capability.class);
        has.forEach((capability, witness) -> {
            if (!had.containsKey(capability)) {
                came.put(capability, witness);
            }
        });
        var usesBefore = pair.before().map(jar -> uses(before, jar)).orElse(List.of());
        var usesAfter = pair.after().map(jar -> uses(after, jar)).orElse(List.of());
        return new Jar(
                pair.before(),
                pair.after(),
                came,
                without(had.keySet(), has.keySet()),
                only(usesAfter, usesBefore),
                only(usesBefore, usesAfter));
    }

    private static Map<Capability, Witness> witnesses(Report report, Origin jar) {
        var witnesses = new EnumMap<Capability, Witness>(Capability.class);
        report.capabilities()
                .forEach((capability, paths) ->
                        paths.stream()
                                .filter(witness -> witness.origin().equals(jar.name()))
                                .findFirst()
                                .ifPresent(witness -> witnesses.put(capability, witness)));
        return witnesses;
    }

    private static List<Use> uses(Report report, Origin jar) {
        return report.uses().stream().filter(use -> use.origin().equals(jar.name())).toList();
    }

    private static List<Use> only(List<Use> these, List<Use> those) {
        var known = those.stream().map(Comparison::unnumbered).collect(Collectors.toSet());
        return these.stream().filter(use -> !known.contains(unnumbered(use))).toList();
    }

    private static Use unnumbered(Use use) {
        Function<String, String> plain = method -> LAMBDA.matcher(method).replaceAll("$1");
        return new Use(use.capability(), "", plain.apply(use.method()), plain.apply(use.call()));
    }

    // A library's public API is the same start in its next version.
    private static String renamed(String root, List<JarPair> pairs) {
        for (var pair : pairs) {
            if (pair.before().isPresent()
                    && pair.after().isPresent()
                    && root.equals(Root.publicApi(pair.before().get().name()).display())) {
                return Root.publicApi(pair.after().get().name()).display();
            }
        }
        return root;
    }

    private static List<Basis> basis(Report before, Report after) {
        var basis = new ArrayList<Basis>();
        if (!before.runtime().equals(after.runtime())) {
            basis.add(new Basis("runtime", before.runtime(), after.runtime()));
        }
        var names = new TreeSet<>(before.tables().keySet());
        names.addAll(after.tables().keySet());
        for (var name : names) {
            var old = Optional.ofNullable(before.tables().get(name));
            var current = Optional.ofNullable(after.tables().get(name));
            if (!old.equals(current)) {
                basis.add(
                        new Basis(
                                name,
                                old.map(Object::toString).orElse(""),
                                current.map(Object::toString).orElse("")));
            }
        }
        return basis;
    }

    private static <T> Set<T> without(Collection<T> these, Collection<T> those) {
        var rest = new LinkedHashSet<>(these);
        rest.removeAll(new HashSet<>(those));
        return rest;
    }

    private static EnumSet<Capability> copy(Set<Capability> capabilities) {
        var copy = EnumSet.noneOf(Capability.class);
        copy.addAll(capabilities);
        return copy;
    }

    private static Map<Capability, Witness> copy(Map<Capability, Witness> witnesses) {
        var copy = new EnumMap<Capability, Witness>(Capability.class);
        copy.putAll(witnesses);
        return copy;
    }
}
