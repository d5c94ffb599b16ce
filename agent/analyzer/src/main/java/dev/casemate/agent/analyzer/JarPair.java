package dev.casemate.agent.analyzer;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/// A jar of one class path and its counterpart on another.
///
/// Counterparts are, in this order, jars of one name; jars of the same bytes; and the versions of
/// one library, the oldest with the oldest. What is left over came or went: a jar that cannot be
/// matched is looked at as a new one.
record JarPair(Optional<Origin> before, Optional<Origin> after) {

    private static final Pattern RUN = Pattern.compile("\\d+|\\D+");

    private static final Comparator<Origin> BY_VERSION =
            Comparator.comparing((Origin jar) -> JarName.of(jar.name()).version(), JarPair::compare)
                    .thenComparing(Origin::name);

    /// In the order of the second class path, then those that only the first has.
    static List<JarPair> of(List<Origin> before, List<Origin> after) {
        var matching = new Matching(before, after);
        matching.by(Origin::name);
        matching.by(Origin::digest);
        matching.by(jar -> JarName.of(jar.name()).library());
        var pairs = new ArrayList<JarPair>();
        for (var jar : after) {
            pairs.add(
                    new JarPair(
                            Optional.ofNullable(matching.counterparts.get(jar)), Optional.of(jar)));
        }
        matching.before.forEach(jar -> pairs.add(new JarPair(Optional.of(jar), Optional.empty())));
        return pairs;
    }

    private static final class Matching {
        private final List<Origin> before;
        private final List<Origin> after;
        private final Map<Origin, Origin> counterparts = new HashMap<>();

        Matching(List<Origin> before, List<Origin> after) {
            this.before = new ArrayList<>(before);
            this.after = new ArrayList<>(after);
        }

        void by(Function<Origin, Object> key) {
            var open = new LinkedHashMap<Object, List<Origin>>();
            before.stream()
                    .sorted(BY_VERSION)
                    .forEach(jar ->
                            open.computeIfAbsent(key.apply(jar), _ -> new ArrayList<>()).add(jar));
            for (var jar : after.stream().sorted(BY_VERSION).toList()) {
                var candidates = open.getOrDefault(key.apply(jar), List.of());
                if (!candidates.isEmpty()) {
                    var counterpart = candidates.removeFirst();
                    counterparts.put(jar, counterpart);
                    before.remove(counterpart);
                    after.remove(jar);
                }
            }
        }
    }

    /// 2.9 before 2.10: runs of digits as numbers, anything else as text.
    private static int compare(String one, String other) {
        var ones = RUN.matcher(one).results().map(it -> it.group()).toList();
        var others = RUN.matcher(other).results().map(it -> it.group()).toList();
        for (int i = 0; i < Math.min(ones.size(), others.size()); i++) {
            int order = compareRuns(ones.get(i), others.get(i));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(ones.size(), others.size());
    }

    private static int compareRuns(String one, String other) {
        if (Character.isDigit(one.charAt(0)) && Character.isDigit(other.charAt(0))) {
            return new BigInteger(one).compareTo(new BigInteger(other));
        }
        return one.compareTo(other);
    }
}
