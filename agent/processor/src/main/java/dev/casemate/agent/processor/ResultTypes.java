package dev.casemate.agent.processor;

import dev.casemate.agent.processor.ResultType.Component;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;

/// Reads the types that a tool returns: those that generated code can write as JSON.
final class ResultTypes {

    private static final String INSTEAD =
            "expected void, String, a number, boolean, an enum, a record, a List or an Optional of"
                    + " these";
    private static final ResultType AS_IT_IS = new ResultType.Simple("Json.of(%s)");
    private static final ResultType ROUNDED = new ResultType.Simple("Results.number(%s)");

    private final Problems problems;
    private final Access access;
    private final Map<String, Optional<ResultType>> records = new HashMap<>();
    private final LinkedHashSet<String> open = new LinkedHashSet<>();

    ResultTypes(Problems problems, Access access) {
        this.problems = problems;
        this.access = access;
    }

    Optional<ResultType> of(ExecutableElement tool) {
        return tool.getReturnType().getKind() == TypeKind.VOID
                ? Optional.of(new ResultType.Nothing())
                : type(tool, tool.getReturnType());
    }

    private Optional<ResultType> type(Element element, TypeMirror type) {
        for (var annotation : type.getAnnotationMirrors()) {
            if (Mirrors.type(annotation).getSimpleName().contentEquals("Nullable")) {
                return problems.refuse(
                        Place.of(element), "a result may not be null: return an Optional");
            }
        }
        return switch (type.getKind()) {
            case BOOLEAN, BYTE, SHORT, INT, LONG -> Optional.of(AS_IT_IS);
            case FLOAT, DOUBLE -> Optional.of(ROUNDED);
            case DECLARED -> declared(element, (DeclaredType) type);
            case ERROR -> problems.unresolved();
            default ->
                    problems.refuse(Place.of(element), "this result cannot be written: " + INSTEAD);
        };
    }

    private Optional<ResultType> declared(Element element, DeclaredType type) {
        var declaration = (TypeElement) type.asElement();
        return switch (declaration.getQualifiedName().toString()) {
            case "java.lang.String" -> Optional.of(new ResultType.Text());
            case "java.lang.Boolean",
                    "java.lang.Byte",
                    "java.lang.Short",
                    "java.lang.Integer",
                    "java.lang.Long",
                    "java.math.BigDecimal" ->
                    Optional.of(AS_IT_IS);
            case "java.lang.Float", "java.lang.Double" -> Optional.of(ROUNDED);
            case "java.math.BigInteger" ->
                    Optional.of(new ResultType.Simple("Json.of(new BigDecimal(%s))"));
            case "java.util.List" -> inside(element, type).map(ResultType.Sequence::new);
            case "java.util.Optional" -> inside(element, type).map(ResultType.Perhaps::new);
            default -> own(element, declaration);
        };
    }

    private Optional<ResultType> inside(Element element, DeclaredType type) {
        return type.getTypeArguments().isEmpty()
                ? problems.refuse(
                        Place.of(element), "a raw type cannot be written: say what is inside")
                : type(element, type.getTypeArguments().getFirst());
    }

    private Optional<ResultType> own(Element element, TypeElement declaration) {
        boolean isRecord = declaration.getKind() == ElementKind.RECORD;
        if (!isRecord && declaration.getKind() != ElementKind.ENUM) {
            return problems.refuse(
                    Place.of(element),
                    declaration.getSimpleName() + " cannot be written: " + INSTEAD);
        }
        if (!access.reaches(declaration)) {
            return problems.refuse(
                    Place.of(element),
                    declaration.getSimpleName()
                            + " is hidden from the generated tool set: make it visible in the"
                            + " agent's package");
        }
        return isRecord
                ? record(element, declaration)
                : Optional.of(new ResultType.Simple("Json.of(%s.name())"));
    }

    private Optional<ResultType> record(Element element, TypeElement type) {
        var name = type.getQualifiedName().toString();
        if (!type.getTypeParameters().isEmpty()) {
            return problems.refuse(
                    Place.of(element),
                    type.getSimpleName() + " is generic: return a record without type parameters");
        }
        if (open.contains(name)) {
            return problems.refuse(
                    Place.of(element),
                    type.getSimpleName() + " contains itself: an answer has no end");
        }
        var known = records.get(name);
        if (known == null) {
            open.add(name);
            known = components(type);
            open.remove(name);
            records.put(name, known);
        }
        return known;
    }

    private Optional<ResultType> components(TypeElement type) {
        var components = new ArrayList<Component>();
        boolean complete = true;
        for (var component : type.getRecordComponents()) {
            var result = type(component, component.asType());
            complete &= result.isPresent();
            result.ifPresent(
                    of -> components.add(new Component(component.getSimpleName().toString(), of)));
        }
        return complete
                ? Optional.of(new ResultType.Structure(type, List.copyOf(components)))
                : Optional.empty();
    }
}
