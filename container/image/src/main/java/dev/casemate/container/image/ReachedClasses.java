package dev.casemate.container.image;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// The classes of the JDK that something can get to: named by the jars, by native code or by a
/// rule, provided to a service that is reached, or named by a class that is.
///
/// By name and not by call: a class that is kept finds every class that it may link to, unless a
/// rule removed it. So nothing fails for lack of a class that no rule speaks of.
///
/// Runs in the JVM that links.
final class ReachedClasses {

    private static final Pattern IN_BINARY = Pattern.compile("[a-z]\\w*(/[\\w$]+)+");

    private final Map<String, byte[]> classes;
    private final Map<String, Set<String>> providers = new HashMap<>();
    private final Set<String> reached = new HashSet<>();
    private final Deque<String> unread = new ArrayDeque<>();

    /// @param classes internal name to content: all that there are
    ReachedClasses(Map<String, byte[]> classes) {
        this.classes = classes;
    }

    /// Providers are kept once their service is reached.
    void provide(String service, Collection<String> names) {
        providers.computeIfAbsent(service, key -> new TreeSet<>()).addAll(names);
        if (reached.contains(service)) {
            names.forEach(this::reach);
        }
    }

    void reach(String name) {
        if (classes.containsKey(name) && reached.add(name)) {
            unread.add(name);
        }
    }

    /// Native code looks up classes by names that stand in its data.
    void reachFromBinary(byte[] binary) {
        var names = IN_BINARY.matcher(new String(binary, StandardCharsets.ISO_8859_1));
        while (names.find()) {
            reach(names.group());
        }
    }

    /// All that are reached; and of each package that would be empty the smallest, because jlink
    /// does not take one without a class.
    Set<String> all() {
        while (!unread.isEmpty()) {
            var name = unread.remove();
            ClassNames.in(content(name)).forEach(this::reach);
            providers.getOrDefault(name, Set.of()).forEach(this::reach);
        }
        var smallest = new TreeMap<String, String>();
        var filled = new HashSet<String>();
        for (var name : new TreeSet<>(classes.keySet())) {
            var place = packageOf(name);
            smallest.merge(place, name, (one, other) -> size(other) < size(one) ? other : one);
            if (reached.contains(name)) {
                filled.add(place);
            }
        }
        var all = new HashSet<>(reached);
        smallest.forEach((place, name) -> {
            if (!filled.contains(place)) {
                all.add(name);
            }
        });
        return all;
    }

    private int size(String name) {
        return content(name).length;
    }

    private byte[] content(String name) {
        return Objects.requireNonNull(classes.get(name));
    }

    private static String packageOf(String name) {
        return name.substring(0, Math.max(0, name.lastIndexOf('/')));
    }
}
