package dev.casemate.agent.processor;

import dev.casemate.agent.processor.ArgumentType.Argument;
import dev.casemate.agent.sdk.ArgumentsShape;
import dev.casemate.agent.sdk.ArgumentsShape.Bound;
import dev.casemate.agent.sdk.ArgumentsValue;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Writes the Java that makes shapes and that reads checked arguments.
final class ArgumentSource {

    private final Imports imports;
    private final GeneratedNames names;
    private final String generated;
    // By qualified name, parts before the whole: a constant must be set before it is used.
    private final Map<String, ArgumentType.Structure> records = new LinkedHashMap<>();

    /// @param generated the simple name of the generated class
    ArgumentSource(Imports imports, GeneratedNames names, String generated) {
        this.imports = imports;
        this.names = names;
        this.generated = generated;
    }

    /// Makes known the records in these arguments, so that [#recordShapes] and [#recordReaders]
    /// write them.
    void collect(List<Argument> arguments) {
        arguments.forEach(argument -> collect(argument.type()));
    }

    private void collect(ArgumentType type) {
        if (type instanceof ArgumentType.Sequence list) {
            collect(list.items());
        } else if (type instanceof ArgumentType.Structure structure) {
            var name = structure.type().getQualifiedName().toString();
            if (!records.containsKey(name)) {
                collect(structure.components());
                records.put(name, structure);
            }
        }
    }

    List<String> recordShapes() {
        var fields = new ArrayList<String>();
        for (var structure : records.values()) {
            fields.add(shapeField(constant(structure), structure.components()));
        }
        return fields;
    }

    List<String> recordReaders() {
        var methods = new ArrayList<String>();
        for (var structure : records.values()) {
            var type = imports.name(structure.type());
            methods.add(
                    """
                    private static %s %s(%s in) {
                        return in.record(() -> new %s(%s));
                    }
                    """
                            .formatted(
                                    type,
                                    names.read(structure.type()),
                                    imports.name(ArgumentsValue.class),
                                    type,
                                    values(structure.components(), OptionalInt.empty(), 3)));
        }
        return methods;
    }

    /// A constant that holds the shape of these arguments.
    String shapeField(String name, List<Argument> arguments) {
        var shape = imports.name(ArgumentsShape.class);
        var members =
                arguments.stream()
                        .map(argument ->
                                "\n                ."
                                        + (argument.optional() ? "optional" : "required")
                                        + "("
                                        + Literals.of(argument.name())
                                        + ", "
                                        + shape(argument.type())
                                        + ")")
                        .collect(Collectors.joining());
        return "private static final "
                + shape
                + " "
                + name
                + " =\n        "
                + shape
                + ".object()"
                + members
                + ";\n";
    }

    /// The arguments of a call, each on a line of its own if there are several.
    ///
    /// @param keyAt where the call's key stands among them
    /// @param indent of those lines, in steps of four spaces
    String values(List<Argument> arguments, OptionalInt keyAt, int indent) {
        var separator = "\n" + "    ".repeat(indent);
        var values = new ArrayList<>(arguments.stream().map(this::value).toList());
        keyAt.ifPresent(at -> values.add(at, "key"));
        return values.size() > 1
                ? separator + String.join("," + separator, values)
                : String.join("", values);
    }

    private String value(Argument argument) {
        var name = Literals.of(argument.name());
        return argument.optional()
                ? "in.find(" + name + ").map(" + function(argument.type(), 1) + ")"
                : read("in.get(" + name + ")", argument.type(), 0);
    }

    private String read(String from, ArgumentType type, int depth) {
        return switch (type) {
            case ArgumentType.Simple simple -> from + "." + simple.reader() + "()";
            case ArgumentType.Choice choice ->
                    from + ".oneOf(" + imports.name(choice.type()) + ".values())";
            case ArgumentType.Sequence list ->
                    from + ".list(" + function(list.items(), depth + 1) + ")";
            case ArgumentType.Structure structure ->
                    names.read(structure.type()) + "(" + from + ")";
        };
    }

    private String function(ArgumentType type, int depth) {
        var item = depth == 1 ? "item" : "item" + depth;
        return switch (type) {
            case ArgumentType.Simple simple ->
                    imports.name(ArgumentsValue.class) + "::" + simple.reader();
            case ArgumentType.Structure structure ->
                    generated + "::" + names.read(structure.type());
            case ArgumentType.Choice _, ArgumentType.Sequence _ ->
                    item + " -> " + read(item, type, depth);
        };
    }

    private String constant(ArgumentType.Structure structure) {
        var type = structure.type();
        return names.constant(type.getQualifiedName(), type.getSimpleName().toString());
    }

    private String shape(ArgumentType type) {
        return switch (type) {
            case ArgumentType.Structure structure -> constant(structure);
            case ArgumentType.Sequence list -> {
                var shape = (ArgumentsShape.Sequence) list.shape();
                yield make("list", shape(list.items()), shape.minItems(), shape.maxItems());
            }
            case ArgumentType.Simple _, ArgumentType.Choice _ -> shape(type.shape());
        };
    }

    private String shape(ArgumentsShape shape) {
        return switch (shape) {
            case ArgumentsShape.Text text -> text(text);
            case ArgumentsShape.Whole whole ->
                    make("whole", Literals.of(whole.minimum()), Literals.of(whole.maximum()));
            case ArgumentsShape.Decimal decimal -> decimal(decimal);
            case ArgumentsShape.Flag _ -> make("flag");
            case ArgumentsShape.Choice choice ->
                    make("choice", choice.words().stream().map(Literals::of).toArray());
            case ArgumentsShape.Sequence _, ArgumentsShape.Structure _ ->
                    throw new IllegalArgumentException("written by their parts");
        };
    }

    private String text(ArgumentsShape.Text text) {
        var parts = new ArrayList<Object>(List.of(text.minLength(), text.maxLength()));
        text.patterns().stream().map(Pattern::pattern).map(Literals::of).forEach(parts::add);
        return make("text", parts.toArray()) + (text.notBlank() ? ".filled()" : "");
    }

    private String decimal(ArgumentsShape.Decimal decimal) {
        var usual = ArgumentsShape.decimal();
        var made =
                decimal.minimum().equals(usual.minimum())
                                && decimal.maximum().equals(usual.maximum())
                        ? make("decimal")
                        : make("decimal", bound(decimal.minimum()), bound(decimal.maximum()));
        if (decimal.fractionDigits().isPresent()) {
            made += ".fraction(" + decimal.fractionDigits().getAsInt() + ")";
        }
        return made + (decimal.binary() ? ".asBinary()" : "");
    }

    private String bound(Bound bound) {
        return make(
                bound.inclusive() ? "inclusive" : "exclusive", Literals.of(text(bound.value())));
    }

    private static String text(BigDecimal value) {
        return value.toString();
    }

    private String make(String kind, Object... parts) {
        var list =
                java.util.Arrays.stream(parts)
                        .map(String::valueOf)
                        .collect(Collectors.joining(", "));
        return imports.name(ArgumentsShape.class) + "." + kind + "(" + list + ")";
    }
}
