package dev.casemate.container.image;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Classes that rules name, each with its nested ones, and a record of which were found.
///
/// Runs in the JVM that links. Not thread-safe.
final class ClassRules {

    private static final String ALL = "/*";
    private static final String SUFFIX = ".class";

    private final Set<String> named = new LinkedHashSet<>();
    private final Set<String> found = new HashSet<>();
    private int count;

    ClassRules(RuleFile file) {
        for (var rule : file.rules()) {
            var fields = rule.fields();
            if (fields.size() < 3) {
                throw new IllegalStateException(
                        file.name() + ": expected a module, a package and class names: " + fields);
            }
            for (var simpleName : fields.subList(2, fields.size())) {
                named.add("/" + fields.get(0) + "/" + fields.get(1) + "/" + simpleName);
            }
        }
    }

    /// @param path a class in the pool of jlink, for example `/java.base/java/lang/Process.class`
    boolean matches(String path) {
        if (!path.endsWith(SUFFIX)) {
            return false;
        }
        var name = path.substring(0, path.length() - SUFFIX.length());
        int nested = name.indexOf('$', name.lastIndexOf('/'));
        var outermost = nested < 0 ? name : name.substring(0, nested);
        var all = name.substring(0, name.lastIndexOf('/')) + ALL;
        var rule = named.contains(all) ? all : outermost;
        if (!named.contains(rule)) {
            return false;
        }
        found.add(rule);
        count++;
        return true;
    }

    /// How many classes matched, nested ones counted.
    int count() {
        return count;
    }

    /// The rules that matched nothing although the runtime has their module.
    List<String> stale(Set<String> modules) {
        var stale = new ArrayList<String>();
        for (var name : named) {
            if (!found.contains(name)
                    && modules.contains(name.substring(1, name.indexOf('/', 1)))) {
                stale.add(name);
            }
        }
        return stale;
    }
}
