package dev.casemate.agent.processor;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.lang.model.AnnotatedConstruct;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.Element;
import javax.lang.model.util.Elements;

/// One annotation of Jakarta Validation on an argument.
///
/// @param name the simple name of the annotation, for example `Size`
/// @param values its members by name, defaults included
record Constraint(
        String name, AnnotationMirror mirror, Element element, Map<String, Object> values) {

    private static final String PACKAGE = "jakarta.validation.constraints.";
    private static final String META = "jakarta.validation.Constraint";

    /// The constraints of an argument: from its declaration and from its type, each once.
    ///
    /// @param element where to report what is wrong with one
    static List<Constraint> of(
            Elements elements,
            Element element,
            List<? extends AnnotatedConstruct> declarations,
            AnnotatedConstruct type) {
        var annotated = new ArrayList<AnnotatedConstruct>(declarations);
        annotated.add(type);
        // One annotation may stand for both the declaration and the type.
        var mirrors = new LinkedHashMap<String, AnnotationMirror>();
        for (var construct : annotated) {
            for (var mirror : construct.getAnnotationMirrors()) {
                for (var single : unpacked(mirror)) {
                    mirrors.putIfAbsent(single.toString(), single);
                }
            }
        }
        var constraints = new ArrayList<Constraint>();
        for (var mirror : mirrors.values()) {
            if (isConstraint(mirror)) {
                constraints.add(of(elements, element, mirror));
            }
        }
        return constraints;
    }

    private static Constraint of(Elements elements, Element element, AnnotationMirror mirror) {
        var values = new LinkedHashMap<String, Object>();
        elements.getElementValuesWithDefaults(mirror)
                .forEach((member, value) ->
                        values.put(member.getSimpleName().toString(), value.getValue()));
        var qualified = Mirrors.name(mirror);
        var name =
                qualified.startsWith(PACKAGE) ? qualified.substring(PACKAGE.length()) : qualified;
        return new Constraint(name, mirror, element, values);
    }

    // A repeated annotation is wrapped into its List.
    private static List<AnnotationMirror> unpacked(AnnotationMirror mirror) {
        var name = Mirrors.name(mirror);
        return name.startsWith(PACKAGE) && name.endsWith(".List")
                ? Mirrors.nested(mirror, "value")
                : List.of(mirror);
    }

    // Nullable ones count as well: dropping one would promise a null that never comes.
    private static boolean isConstraint(AnnotationMirror mirror) {
        return isNullable(mirror)
                || Mirrors.type(mirror).getAnnotationMirrors().stream()
                        .anyMatch(meta -> Mirrors.name(meta).equals(META));
    }

    private static boolean isNullable(AnnotationMirror mirror) {
        return Mirrors.type(mirror).getSimpleName().contentEquals("Nullable");
    }

    static boolean isNullable(AnnotatedConstruct type) {
        return type.getAnnotationMirrors().stream().anyMatch(Constraint::isNullable);
    }

    boolean isNullable() {
        return isNullable(mirror);
    }

    Place place() {
        return Place.of(element, mirror);
    }

    Place place(String member) {
        return Place.of(element, mirror, member);
    }

    int integer(String member) {
        return values.get(member) instanceof Integer value ? value : 0;
    }

    long whole(String member) {
        return values.get(member) instanceof Long value ? value : 0;
    }

    String text(String member) {
        return values.get(member) instanceof String value ? value : "";
    }

    boolean flag(String member) {
        return values.get(member) instanceof Boolean value && value;
    }

    /// Whether the developer left this array empty.
    boolean isEmpty(String member) {
        return !(values.get(member) instanceof List<?> list) || list.isEmpty();
    }

    /// The value as a number, if it is one.
    Optional<BigDecimal> number(String member) {
        try {
            return Optional.of(new BigDecimal(text(member)));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
