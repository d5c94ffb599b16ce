package dev.casemate.agent.processor;

import dev.casemate.agent.processor.ArgumentType.Argument;
import dev.casemate.agent.sdk.ArgumentsShape;
import dev.casemate.agent.sdk.IdempotencyKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.lang.model.AnnotatedConstruct;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.RecordComponentElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.ElementFilter;
import javax.lang.model.util.Elements;
import javax.tools.JavaFileObject;

/// Reads the types that a tool takes. What cannot be checked does not compile.
final class ArgumentTypes {

    /// Lists and records inside each other: deeper calls are beyond what models get right.
    static final int MAX_DEPTH = 8;

    /// Schemas inside one tool's: each is sent with every prompt.
    static final int MAX_SIZE = 500;

    private static final String INSTEAD =
            "expected String, boolean, short, int, long, double, BigInteger, BigDecimal, an enum, a"
                    + " record, a List of these, or an Optional of these as a whole argument";

    private final Elements elements;
    private final Problems problems;
    private final Access access;
    private final Fitting fitting;
    // Each record is read once; empty for one that was refused.
    private final Map<String, Optional<ArgumentType>> records = new HashMap<>();
    private final LinkedHashSet<String> open = new LinkedHashSet<>();

    ArgumentTypes(Elements elements, Problems problems, Access access) {
        this.elements = elements;
        this.problems = problems;
        this.access = access;
        this.fitting = new Fitting(problems);
    }

    Optional<Argument> parameter(VariableElement parameter) {
        var name = parameter.getSimpleName().toString();
        return argument(parameter, name, parameter.asType(), List.of(parameter))
                .filter(argument -> isSmall(argument, Place.of(parameter)));
    }

    /// Whether this is what the run gives to a tool, and not the model.
    static boolean isKey(TypeMirror type) {
        return isDeclared(type, IdempotencyKey.class);
    }

    void checkNoConstraints(VariableElement parameter, String type) {
        fitting.none(
                Constraint.of(elements, parameter, List.of(parameter, parameter.asType())), type);
    }

    private boolean isSmall(Argument argument, Place place) {
        var extent = argument.type().extent();
        if (extent.depth() <= MAX_DEPTH && extent.size() <= MAX_SIZE) {
            return true;
        }
        problems.refuse(
                place,
                "this argument has lists and records more than "
                        + MAX_DEPTH
                        + " deep, or more than "
                        + MAX_SIZE
                        + " parts: take less");
        return false;
    }

    private Optional<Argument> argument(
            Element element, String name, TypeMirror type, List<? extends Element> declarations) {
        var annotated = new ArrayList<AnnotatedConstruct>(declarations);
        annotated.add(type);
        var constraints = Constraint.of(elements, element, annotated);
        if (!isDeclared(type, Optional.class)) {
            return type(element, type, constraints)
                    .map(argumentType -> new Argument(name, argumentType, false));
        }
        // Jakarta Validation does not look into an Optional, either.
        if (!fitting.none(
                constraints, "an Optional (constrain what is inside: Optional<@Min(1) Integer>)")) {
            return Optional.empty();
        }
        return typeArgument(element, type)
                .flatMap(inside -> type(element, inside, inside(element, inside)))
                .map(argumentType -> new Argument(name, argumentType, true));
    }

    private List<Constraint> inside(Element element, TypeMirror type) {
        return Constraint.of(elements, element, List.of(type));
    }

    private Optional<ArgumentType> type(
            Element element, TypeMirror type, List<Constraint> constraints) {
        var place = Place.of(element);
        return switch (type.getKind()) {
            case BOOLEAN -> flag(constraints);
            case SHORT -> whole(place, constraints, Short.MIN_VALUE, Short.MAX_VALUE, "toShort");
            case INT -> whole(place, constraints, Integer.MIN_VALUE, Integer.MAX_VALUE, "toInt");
            case LONG -> whole(place, constraints, Long.MIN_VALUE, Long.MAX_VALUE, "toLong");
            case DOUBLE -> decimal(place, constraints, true, "toDouble");
            case DECLARED -> declared(element, (DeclaredType) type, constraints);
            case ERROR -> problems.unresolved();
            case ARRAY -> problems.refuse(place, "an array has no bound: take a List");
            case FLOAT -> problems.refuse(place, "a float rounds what it is given: take a double");
            case BYTE -> problems.refuse(place, "a byte is not supported: take an int");
            case CHAR -> problems.refuse(place, "a char is half a character: take a String");
            default -> problems.refuse(place, "this type cannot be checked: " + INSTEAD);
        };
    }

    private Optional<ArgumentType> declared(
            Element element, DeclaredType type, List<Constraint> constraints) {
        var place = Place.of(element);
        var declaration = (TypeElement) type.asElement();
        if (isKey(type)) {
            return problems.refuse(
                    place,
                    "an IdempotencyKey comes from the run and not from the model: take it as a"
                            + " parameter of the tool");
        }
        return switch (declaration.getQualifiedName().toString()) {
            case "java.lang.String" ->
                    fitting.text(place, constraints)
                            .map(shape -> new ArgumentType.Simple(shape, "text"));
            case "java.lang.Boolean" -> flag(constraints);
            case "java.lang.Short" ->
                    whole(place, constraints, Short.MIN_VALUE, Short.MAX_VALUE, "toShort");
            case "java.lang.Integer" ->
                    whole(place, constraints, Integer.MIN_VALUE, Integer.MAX_VALUE, "toInt");
            case "java.lang.Long" ->
                    whole(place, constraints, Long.MIN_VALUE, Long.MAX_VALUE, "toLong");
            case "java.math.BigInteger" ->
                    whole(place, constraints, Long.MIN_VALUE, Long.MAX_VALUE, "toBigInteger");
            case "java.lang.Double" -> decimal(place, constraints, true, "toDouble");
            case "java.math.BigDecimal" -> decimal(place, constraints, false, "toBigDecimal");
            case "java.util.List" -> list(element, type, constraints);
            case "java.util.Optional" ->
                    problems.refuse(
                            place, "an Optional inside another type: only a whole argument may be");
            case "java.util.OptionalInt", "java.util.OptionalLong", "java.util.OptionalDouble" ->
                    problems.refuse(
                            place, "expected Optional<Integer>, <Long> or <Double> instead");
            default -> own(element, declaration, constraints);
        };
    }

    private Optional<ArgumentType> own(
            Element element, TypeElement declaration, List<Constraint> constraints) {
        boolean isRecord = declaration.getKind() == ElementKind.RECORD;
        if (!isRecord && declaration.getKind() != ElementKind.ENUM) {
            return problems.refuse(
                    Place.of(element),
                    declaration.getSimpleName() + " cannot be checked: " + INSTEAD);
        }
        if (!access.reaches(declaration)) {
            return problems.refuse(
                    Place.of(element),
                    declaration.getSimpleName()
                            + " is hidden from the generated tool set: make it visible in the"
                            + " agent's package");
        }
        if (!fitting.none(constraints, isRecord ? "a record" : "an enum")) {
            return Optional.empty();
        }
        return isRecord ? record(element, declaration) : choice(element, declaration);
    }

    private Optional<ArgumentType> flag(List<Constraint> constraints) {
        return fitting.none(constraints, "a boolean")
                ? Optional.of(new ArgumentType.Simple(ArgumentsShape.flag(), "toBoolean"))
                : Optional.empty();
    }

    private Optional<ArgumentType> whole(
            Place place, List<Constraint> constraints, long least, long most, String reader) {
        return fitting.whole(place, constraints, least, most)
                .map(shape -> new ArgumentType.Simple(shape, reader));
    }

    private Optional<ArgumentType> decimal(
            Place place, List<Constraint> constraints, boolean binary, String reader) {
        return fitting.decimal(place, constraints, binary)
                .map(shape -> new ArgumentType.Simple(shape, reader));
    }

    private Optional<ArgumentType> list(
            Element element, DeclaredType type, List<Constraint> constraints) {
        return typeArgument(element, type)
                .flatMap(inside -> type(element, inside, inside(element, inside)))
                .flatMap(items ->
                        fitting.list(Place.of(element), items.shape(), constraints)
                                .map(shape -> ArgumentType.Sequence.of(shape, items)));
    }

    private Optional<? extends TypeMirror> typeArgument(Element element, TypeMirror type) {
        var arguments = ((DeclaredType) type).getTypeArguments();
        if (arguments.isEmpty()) {
            return problems.refuse(
                    Place.of(element), "a raw type cannot be checked: say what is inside");
        }
        var inside = arguments.getFirst();
        return inside.getKind() == TypeKind.WILDCARD
                ? problems.refuse(
                        Place.of(element), "a wildcard cannot be checked: name the type inside")
                : Optional.of(inside);
    }

    private Optional<ArgumentType> choice(Element element, TypeElement type) {
        var words =
                type.getEnclosedElements().stream()
                        .filter(constant -> constant.getKind() == ElementKind.ENUM_CONSTANT)
                        .map(constant -> constant.getSimpleName().toString())
                        .toList();
        return words.isEmpty()
                ? problems.refuse(Place.of(element), type.getSimpleName() + " has no constants")
                : Optional.of(
                        new ArgumentType.Choice(
                                ArgumentsShape.choice(words.toArray(String[]::new)), type));
    }

    private Optional<ArgumentType> record(Element element, TypeElement type) {
        var name = type.getQualifiedName().toString();
        if (!type.getTypeParameters().isEmpty()) {
            return problems.refuse(
                    Place.of(element),
                    type.getSimpleName() + " is generic: take a record without type parameters");
        }
        if (open.contains(name)) {
            return problems.refuse(
                    Place.of(element),
                    type.getSimpleName() + " contains itself: a call has no end, take a List");
        }
        var known = records.get(name);
        if (known == null) {
            open.add(name);
            known = components(element, type);
            open.remove(name);
            records.put(name, known);
        }
        return known;
    }

    private Optional<ArgumentType> components(Element element, TypeElement type) {
        var components = new ArrayList<Argument>();
        boolean complete = true;
        boolean hasSource = hasSource(type);
        for (var component : type.getRecordComponents()) {
            var name = component.getSimpleName().toString();
            var argument =
                    argument(
                            hasSource ? component : element,
                            name,
                            component.asType(),
                            declarations(type, component));
            argument.ifPresent(components::add);
            complete &= argument.isPresent();
            if (argument.isEmpty() && !hasSource) {
                problems.refuse(
                        Place.of(element),
                        "that was component "
                                + name
                                + " of "
                                + type.getSimpleName()
                                + ", which is compiled elsewhere");
            }
        }
        return complete
                ? Optional.of(ArgumentType.Structure.of(type, components))
                : Optional.empty();
    }

    // Jakarta's constraints may not stand on a component: the compiler hands them on to its field.
    private static List<Element> declarations(TypeElement type, RecordComponentElement component) {
        var declarations = new ArrayList<Element>();
        declarations.add(component);
        for (var field : ElementFilter.fieldsIn(type.getEnclosedElements())) {
            if (field.getSimpleName().equals(component.getSimpleName())) {
                declarations.add(field);
            }
        }
        return declarations;
    }

    // What is compiled elsewhere has no line.
    private boolean hasSource(TypeElement type) {
        var file = elements.getFileObjectOf(type);
        return file != null && file.getKind() == JavaFileObject.Kind.SOURCE;
    }

    private static boolean isDeclared(TypeMirror type, Class<?> as) {
        return type instanceof DeclaredType declared
                && declared.asElement() instanceof TypeElement element
                && element.getQualifiedName().contentEquals(as.getCanonicalName());
    }
}
