package dev.casemate.agent.processor;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.lang.model.AnnotatedConstruct;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.TypeElement;

/// Reads annotations as the compiler sees them, which is the only way to say at which line.
final class Mirrors {

    private Mirrors() {}

    static Optional<AnnotationMirror> find(AnnotatedConstruct annotated, Class<?> type) {
        for (var mirror : annotated.getAnnotationMirrors()) {
            if (name(mirror).equals(type.getCanonicalName())) {
                return Optional.of(mirror);
            }
        }
        return Optional.empty();
    }

    /// The qualified name of the annotation's type.
    static String name(AnnotationMirror mirror) {
        return type(mirror).getQualifiedName().toString();
    }

    static TypeElement type(AnnotationMirror mirror) {
        return (TypeElement) mirror.getAnnotationType().asElement();
    }

    /// The value that the developer wrote for a member; empty where the default stands.
    static Optional<AnnotationValue> written(AnnotationMirror mirror, String member) {
        for (Map.Entry<?, ? extends AnnotationValue> entry : mirror.getElementValues().entrySet()) {
            if (entry.getKey() instanceof javax.lang.model.element.ExecutableElement name
                    && name.getSimpleName().contentEquals(member)) {
                return Optional.of(entry.getValue());
            }
        }
        return Optional.empty();
    }

    /// The elements of an array that the developer wrote; a single value stands for one.
    static List<AnnotationValue> items(AnnotationMirror mirror, String member) {
        return written(mirror, member).map(Mirrors::items).orElse(List.of());
    }

    private static List<AnnotationValue> items(AnnotationValue value) {
        if (!(value.getValue() instanceof List<?> list)) {
            return List.of(value);
        }
        return list.stream()
                .filter(AnnotationValue.class::isInstance)
                .map(AnnotationValue.class::cast)
                .toList();
    }

    /// The annotations inside an annotation.
    static List<AnnotationMirror> nested(AnnotationMirror mirror, String member) {
        return items(mirror, member).stream()
                .map(AnnotationValue::getValue)
                .filter(AnnotationMirror.class::isInstance)
                .map(AnnotationMirror.class::cast)
                .toList();
    }
}
