package dev.casemate.agent.processor;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import javax.lang.model.element.TypeElement;

/// Names of members of the generated class: readable, unique, and the same each time.
final class GeneratedNames {

    private final Set<String> taken = new HashSet<>(Set.of("MANIFEST"));
    private final Map<String, String> byOwner = new HashMap<>();

    /// The constant that holds the shape of a tool or of a record.
    String constant(Object owner, String name) {
        var words = name.replaceAll("([a-z0-9])([A-Z])", "$1_$2").replace('-', '_');
        return unique("constant " + owner, words.toUpperCase(Locale.ROOT));
    }

    /// The method that calls a tool, or that reads or writes a record.
    String method(String verb, Object owner, String name) {
        var capital = Character.toUpperCase(name.charAt(0)) + name.substring(1);
        return unique(verb + " " + owner, verb + capital);
    }

    String read(TypeElement type) {
        return method("read", type.getQualifiedName(), type.getSimpleName().toString());
    }

    String write(TypeElement type) {
        return method("write", type.getQualifiedName(), type.getSimpleName().toString());
    }

    private String unique(String owner, String wanted) {
        return byOwner.computeIfAbsent(
                owner,
                _ -> {
                    var name = wanted;
                    for (int i = 2; !taken.add(name); i++) {
                        name = wanted + "_" + i;
                    }
                    return name;
                });
    }
}
