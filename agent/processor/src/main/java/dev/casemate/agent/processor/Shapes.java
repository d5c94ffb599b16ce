package dev.casemate.agent.processor;

import dev.casemate.agent.processor.JavaType.Component;
import dev.casemate.agent.processor.JavaType.Use;
import dev.casemate.agent.sdk.ArgumentsFormat;
import dev.casemate.agent.sdk.ArgumentsShape;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Makes shapes of types and their constraints. What cannot be checked does not compile.
final class Shapes {

    /// Lists and records inside each other: deeper calls are beyond what models get right.
    static final int MAX_DEPTH = 8;

    /// Schemas inside one tool's: each is sent with every prompt.
    static final int MAX_SIZE = 500;

    private final Problems problems;
    private final Fitting fitting;
    // Each is made once; empty for one that was refused.
    private final Map<String, Optional<ArgumentsShape.Structure>> records = new HashMap<>();

    Shapes(Problems problems) {
        this.problems = problems;
        this.fitting = new Fitting(problems);
    }

    Optional<Argument> argument(String name, Use use) {
        var extent = use.type().extent();
        if (extent.depth() > MAX_DEPTH || extent.size() > MAX_SIZE) {
            return problems.refuse(
                    use.place(),
                    "this argument has lists and records more than "
                            + MAX_DEPTH
                            + " deep, or more than "
                            + MAX_SIZE
                            + " parts: take less");
        }
        return named(name, use);
    }

    private Optional<Argument> named(String name, Use use) {
        if (!(use.type() instanceof JavaType.Perhaps(var value))) {
            return shape(use).map(shape -> new Argument(name, use.type(), shape, false));
        }
        // Jakarta Validation does not look into an Optional, either.
        return fitting.none(
                        use.constraints(),
                        "an Optional (constrain what is inside: Optional<@Min(1) Integer>)")
                ? shape(value).map(shape -> new Argument(name, value.type(), shape, true))
                : Optional.empty();
    }

    private Optional<? extends ArgumentsShape> shape(Use use) {
        return switch (use.type()) {
            case JavaType.Simple(var scalar) -> simple(use, scalar);
            case JavaType.Words(_, var constants) ->
                    plain(use, "an enum")
                            .map(_ -> ArgumentsShape.choice(constants.toArray(String[]::new)));
            case JavaType.Sequence(var items, _) ->
                    shape(items)
                            .flatMap(shape -> fitting.list(use.place(), shape, use.constraints()));
            case JavaType.Perhaps _ ->
                    problems.refuse(
                            use.place(),
                            "an Optional inside another type: only a whole argument may be");
            case JavaType.Structure structure ->
                    plain(use, "a record").flatMap(_ -> record(structure));
            case JavaType.Union union ->
                    plain(use, "a sealed interface").flatMap(_ -> union(union));
        };
    }

    private Optional<Use> plain(Use use, String what) {
        return Optional.of(use).filter(_ -> fitting.none(use.constraints(), what));
    }

    private Optional<? extends ArgumentsShape> simple(Use use, Scalar scalar) {
        return switch (scalar) {
            case STRING -> fitting.text(use.place(), use.constraints());
            case BOOLEAN -> fitting.flag(use.place(), use.constraints());
            case SHORT -> whole(use, Short.MIN_VALUE, Short.MAX_VALUE);
            case INT -> whole(use, Integer.MIN_VALUE, Integer.MAX_VALUE);
            case LONG, BIG_INTEGER -> whole(use, Long.MIN_VALUE, Long.MAX_VALUE);
            case DOUBLE -> fitting.decimal(use.place(), use.constraints(), true);
            case BIG_DECIMAL -> fitting.decimal(use.place(), use.constraints(), false);
            case BYTE ->
                    problems.refuse(
                            use.place(),
                            "a byte is from -128 to 127, which few expect: take an int with @Min"
                                    + " and @Max");
            case FLOAT ->
                    problems.refuse(use.place(), "a float rounds what it is given: take a double");
            case LOCAL_DATE -> formatted(use, "a date", ArgumentsFormat.DATE);
            case LOCAL_TIME -> formatted(use, "a time", ArgumentsFormat.TIME);
            case INSTANT, OFFSET_DATE_TIME -> formatted(use, "a moment", ArgumentsFormat.DATE_TIME);
            case DURATION -> formatted(use, "a duration", ArgumentsFormat.DURATION);
            case UUID -> formatted(use, "a UUID", ArgumentsFormat.UUID);
        };
    }

    private Optional<ArgumentsShape> whole(Use use, long least, long most) {
        return fitting.whole(use.place(), use.constraints(), least, most);
    }

    private Optional<ArgumentsShape> formatted(Use use, String what, ArgumentsFormat format) {
        return plain(use, what).map(_ -> ArgumentsShape.formatted(format));
    }

    private Optional<ArgumentsShape.Structure> record(JavaType.Structure type) {
        var known = records.get(type.name());
        if (known == null) {
            known = structure(type);
            records.put(type.name(), known);
        }
        return known;
    }

    private Optional<ArgumentsShape.Structure> structure(JavaType.Structure type) {
        Optional<ArgumentsShape.Structure> shape = Optional.of(ArgumentsShape.object());
        for (var component : type.components()) {
            var argument = component(component);
            // Go on after a failure: one compilation reports everything that is wrong.
            shape = shape.flatMap(before -> argument.map(it -> it.addedTo(before)));
        }
        return shape;
    }

    private Optional<Argument> component(Component component) {
        var argument = named(component.name(), component.use());
        if (argument.isEmpty()) {
            component.elsewhere().ifPresent(note -> problems.refuse(component.use().place(), note));
        }
        return argument;
    }

    private Optional<ArgumentsShape> union(JavaType.Union type) {
        Optional<ArgumentsShape.Union> shape = Optional.of(ArgumentsShape.union());
        for (var kind : type.kinds()) {
            var members = record(kind);
            shape = shape.flatMap(before -> members.map(it -> before.kind(kind.simpleName(), it)));
        }
        return shape.map(union -> union);
    }
}
