package dev.casemate.agent.processor;

import dev.casemate.agent.processor.JavaType.Component;
import dev.casemate.agent.processor.JavaType.Structure;
import dev.casemate.agent.processor.JavaType.Use;
import dev.casemate.agent.sdk.ArgumentsShape;
import dev.casemate.agent.sdk.IdempotencyKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.RecordComponentElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.ElementFilter;
import javax.lang.model.util.Elements;
import javax.tools.JavaFileObject;

/// Reads the types of the developer's that go into a tool or come out of one. What has no exact
/// form in JSON does not compile.
final class TypeWalk {

    private static final String SIMPLE =
            "String, boolean, a number, LocalDate, LocalTime, Instant, OffsetDateTime, Duration,"
                    + " UUID, an enum, a record, a sealed interface of records";

    /// Which way values go.
    enum Way {
        IN("checked", SIMPLE + ", a List of these, or an Optional of these as a whole argument"),
        OUT("written", "void, " + SIMPLE + ", a List or an Optional of these, or a Future of all");

        private final String done;
        private final String instead;

        Way(String done, String instead) {
            this.done = done;
            this.instead = instead;
        }

        String cannot(String type) {
            return type + " cannot be " + done;
        }
    }

    private final Elements elements;
    private final Problems problems;
    private final Access access;
    private final Way way;
    // Each is read once; empty for one that was refused.
    private final Map<String, Optional<? extends JavaType>> known = new HashMap<>();
    private final Set<String> open = new HashSet<>();

    TypeWalk(Elements elements, Problems problems, Access access, Way way) {
        this.elements = elements;
        this.problems = problems;
        this.access = access;
        this.way = way;
    }

    /// @param declarations that bear constraints besides the type, first the one to report at
    Optional<Use> use(TypeMirror type, List<? extends Element> declarations) {
        return use(declarations.getFirst(), type, declarations);
    }

    private Optional<Use> use(
            Element element, TypeMirror type, List<? extends Element> declarations) {
        var constraints = Constraint.of(elements, element, declarations, type);
        if (way == Way.OUT && Constraint.isNullable(type)) {
            return problems.refuse(
                    Place.of(element), "a result may not be null: return an Optional");
        }
        return type(element, type).map(of -> new Use(of, constraints, element));
    }

    private Optional<? extends JavaType> type(Element element, TypeMirror type) {
        var place = Place.of(element);
        return switch (type.getKind()) {
            case BOOLEAN, BYTE, SHORT, INT, LONG, FLOAT, DOUBLE ->
                    Scalar.of(type.getKind()).map(JavaType.Simple::new);
            case DECLARED -> declared(element, (DeclaredType) type);
            case ERROR -> problems.unresolved();
            case ARRAY -> problems.refuse(place, "an array has no bound: use a List");
            case CHAR -> problems.refuse(place, "a char is half a character: use a String");
            default ->
                    problems.refuse(place, way.cannot("this type") + ": expected " + way.instead);
        };
    }

    private Optional<? extends JavaType> declared(Element element, DeclaredType type) {
        var declaration = (TypeElement) type.asElement();
        var name = declaration.getQualifiedName().toString();
        var scalar = Scalar.of(name);
        if (scalar.isPresent()) {
            return scalar.map(JavaType.Simple::new);
        }
        if (name.equals("java.util.List")) {
            return inside(element, type).map(JavaType.Sequence::of);
        }
        if (name.equals("java.util.Optional")) {
            return inside(element, type).map(JavaType.Perhaps::new);
        }
        var advice = TypeAdvice.on(name);
        return advice.isPresent()
                ? problems.refuse(
                        Place.of(element),
                        way.cannot(declaration.getSimpleName().toString()) + ": " + advice.get())
                : own(element, declaration);
    }

    private Optional<Use> inside(Element element, DeclaredType type) {
        var arguments = type.getTypeArguments();
        if (arguments.isEmpty()) {
            return problems.refuse(
                    Place.of(element), way.cannot("a raw type") + ": say what is inside");
        }
        var inside = arguments.getFirst();
        return inside.getKind() == TypeKind.WILDCARD
                ? problems.refuse(
                        Place.of(element), way.cannot("a wildcard") + ": name the type inside")
                : use(element, inside, List.of());
    }

    private Optional<? extends JavaType> own(Element element, TypeElement type) {
        var place = Place.of(element);
        var name = type.getSimpleName();
        boolean isSealed =
                type.getKind() == ElementKind.INTERFACE
                        && type.getModifiers().contains(Modifier.SEALED);
        if (type.getKind() != ElementKind.RECORD
                && type.getKind() != ElementKind.ENUM
                && !isSealed) {
            return problems.refuse(
                    place, way.cannot(name.toString()) + ": expected " + way.instead);
        }
        if (isKey(type.asType())) {
            return problems.refuse(
                    place,
                    "an IdempotencyKey comes from the run and not from the model: take it as a"
                            + " parameter of the tool");
        }
        if (!access.reaches(type)) {
            return problems.refuse(
                    place,
                    name
                            + " is hidden from the generated tool set: make it visible in the"
                            + " agent's package");
        }
        if (!type.getTypeParameters().isEmpty()) {
            return problems.refuse(place, name + " is generic: use a type without type parameters");
        }
        if (type.getKind() == ElementKind.ENUM) {
            return words(element, type);
        }
        return isSealed ? once(element, type, () -> union(element, type)) : record(element, type);
    }

    /// Whether this is what the run gives to a tool, and not the model.
    static boolean isKey(TypeMirror type) {
        return type instanceof DeclaredType declared
                && declared.asElement() instanceof TypeElement element
                && element.getQualifiedName().contentEquals(IdempotencyKey.class.getName());
    }

    private Optional<JavaType> words(Element element, TypeElement type) {
        var words =
                type.getEnclosedElements().stream()
                        .filter(constant -> constant.getKind() == ElementKind.ENUM_CONSTANT)
                        .map(constant -> constant.getSimpleName().toString())
                        .toList();
        return words.isEmpty()
                ? problems.refuse(Place.of(element), type.getSimpleName() + " has no constants")
                : Optional.of(new JavaType.Words(type, words));
    }

    // A call of something that contains itself has no end.
    private Optional<? extends JavaType> once(
            Element element, TypeElement type, Supplier<Optional<? extends JavaType>> read) {
        var name = type.getQualifiedName().toString();
        if (open.contains(name)) {
            return problems.refuse(
                    Place.of(element),
                    type.getSimpleName() + " contains itself, without an end: use a List");
        }
        var seen = known.get(name);
        if (seen == null) {
            open.add(name);
            seen = read.get();
            open.remove(name);
            known.put(name, seen);
        }
        return seen;
    }

    private Optional<? extends JavaType> record(Element element, TypeElement type) {
        return once(element, type, () -> structure(element, type));
    }

    private Optional<Structure> structure(Element element, TypeElement type) {
        var components = new ArrayList<Component>();
        boolean complete = true;
        boolean hasSource = hasSource(type);
        for (var component : type.getRecordComponents()) {
            var name = component.getSimpleName().toString();
            Optional<String> elsewhere =
                    hasSource
                            ? Optional.empty()
                            : Optional.of(
                                    "that was component "
                                            + name
                                            + " of "
                                            + type.getSimpleName()
                                            + ", which is compiled elsewhere");
            var at = hasSource ? component : element;
            var use = use(at, component.asType(), declarations(type, component));
            use.ifPresent(of -> components.add(new Component(name, of, elsewhere)));
            complete &= use.isPresent();
            if (use.isEmpty()) {
                elsewhere.ifPresent(note -> problems.refuse(Place.of(at), note));
            }
        }
        return complete ? Optional.of(Structure.of(type, components)) : Optional.empty();
    }

    private Optional<JavaType> union(Element element, TypeElement type) {
        var records = new LinkedHashSet<TypeElement>();
        if (!collect(element, type, records)) {
            return Optional.empty();
        }
        var kinds = new ArrayList<Structure>();
        var words = new HashSet<String>();
        for (var record : records) {
            if (!words.add(record.getSimpleName().toString())) {
                return problems.refuse(
                        Place.of(element),
                        type.getSimpleName()
                                + " permits two records named "
                                + record.getSimpleName()
                                + ": the model names a kind by it, rename one");
            }
            if (own(element, record).orElse(null) instanceof Structure structure
                    && hasNoKind(element, structure)) {
                kinds.add(structure);
            }
        }
        return kinds.size() == records.size()
                ? Optional.of(JavaType.Union.of(type, kinds))
                : Optional.empty();
    }

    /// The records that a value can be, those of sealed interfaces inside it included.
    ///
    /// @return whether there is nothing else
    private boolean collect(Element element, TypeElement type, Set<TypeElement> records) {
        boolean complete = true;
        for (var mirror : type.getPermittedSubclasses()) {
            if (mirror.getKind() == TypeKind.ERROR) {
                problems.unresolved();
                complete = false;
            } else if (mirror instanceof DeclaredType declared
                    && declared.asElement() instanceof TypeElement permitted) {
                if (permitted.getKind() == ElementKind.RECORD) {
                    records.add(permitted);
                } else if (permitted.getModifiers().contains(Modifier.SEALED)
                        && permitted.getKind() == ElementKind.INTERFACE) {
                    complete &= collect(element, permitted, records);
                } else {
                    problems.refuse(
                            Place.of(element),
                            permitted.getSimpleName()
                                    + ", which "
                                    + type.getSimpleName()
                                    + " permits, is no record: put it into one");
                    complete = false;
                }
            }
        }
        return complete;
    }

    private boolean hasNoKind(Element element, Structure structure) {
        for (var component : structure.components()) {
            if (component.name().equals(ArgumentsShape.KIND)) {
                problems.refuse(
                        hasSource(structure.type()) ? component.use().place() : Place.of(element),
                        "member "
                                + ArgumentsShape.KIND
                                + " says which record it is: give this component another name");
                return false;
            }
        }
        return true;
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
}
