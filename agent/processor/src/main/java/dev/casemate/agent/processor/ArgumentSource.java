package dev.casemate.agent.processor;

import dev.casemate.agent.sdk.ArgumentsFormat;
import dev.casemate.agent.sdk.ArgumentsShape;
import dev.casemate.agent.sdk.ArgumentsShape.Bound;
import dev.casemate.agent.sdk.ArgumentsValue;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Writes the Java that makes shapes and that reads checked arguments.
final class ArgumentSource {

    private final Imports imports;
    private final GeneratedNames names;
    private final String generated;
    // By qualified name, parts before the whole: a constant must be set before it is used.
    private final Map<String, JavaType.Named> types = new LinkedHashMap<>();
    private final Map<String, List<Argument>> components = new HashMap<>();

    /// @param generated the simple name of the generated class
    ArgumentSource(Imports imports, GeneratedNames names, String generated) {
        this.imports = imports;
        this.names = names;
        this.generated = generated;
    }

    /// Makes known the records in these arguments, so that [#shapes] and [#readers] write them.
    void collect(List<Argument> arguments) {
        arguments.forEach(argument -> collect(argument.type(), argument.shape()));
    }

    private void collect(JavaType type, ArgumentsShape shape) {
        if (type instanceof JavaType.Sequence(var items, _)
                && shape instanceof ArgumentsShape.Sequence list) {
            collect(items.type(), list.items());
        } else if (type instanceof JavaType.Named named && !types.containsKey(named.name())) {
            if (named instanceof JavaType.Structure structure
                    && shape instanceof ArgumentsShape.Structure object) {
                var inside = Argument.of(structure, object);
                components.put(named.name(), inside);
                collect(inside);
            } else if (named instanceof JavaType.Union union
                    && shape instanceof ArgumentsShape.Union kinds) {
                for (int i = 0; i < union.kinds().size(); i++) {
                    collect(union.kinds().get(i), kinds.kinds().get(i).whole());
                }
            }
            types.put(named.name(), named);
        }
    }

    private List<Argument> components(JavaType.Structure structure) {
        return Objects.requireNonNull(components.get(structure.name()), "collected before");
    }

    /// The constants that hold the shapes of records.
    List<String> shapes() {
        var fields = new ArrayList<String>();
        for (var type : types.values()) {
            fields.add(
                    switch (type) {
                        case JavaType.Structure structure ->
                                shapeField(constant(structure), components(structure));
                        case JavaType.Union union -> unionField(union);
                    });
        }
        return fields;
    }

    /// The methods that read records.
    List<String> readers() {
        var methods = new ArrayList<String>();
        for (var type : types.values()) {
            methods.add(
                    """
                    private static %s %s(%s in) {
                        return %s;
                    }
                    """
                            .formatted(
                                    imports.name(type.type()),
                                    names.read(type.type()),
                                    imports.name(ArgumentsValue.class),
                                    switch (type) {
                                        case JavaType.Structure structure -> record(structure);
                                        case JavaType.Union union -> choice(union);
                                    }));
        }
        return methods;
    }

    private String record(JavaType.Structure structure) {
        return "in.record(() -> new %s(%s))"
                .formatted(
                        imports.name(structure.type()),
                        values(components(structure), OptionalInt.empty(), 3));
    }

    private String choice(JavaType.Union union) {
        var cases = new StringBuilder();
        for (var kind : union.kinds()) {
            cases.append(
                    "        case %s -> %s(in);\n"
                            .formatted(Literals.of(kind.simpleName()), names.read(kind.type())));
        }
        return """
        switch (in.kind()) {
        %s        default -> throw %s.unchecked();
            }\
        """
                .formatted(cases, imports.name(ArgumentsValue.class));
    }

    private String unionField(JavaType.Union union) {
        var kinds = new StringBuilder();
        for (var kind : union.kinds()) {
            kinds.append(
                    "\n                .kind(%s, %s)"
                            .formatted(Literals.of(kind.simpleName()), constant(kind)));
        }
        return field("Union", constant(union), make("union") + kinds);
    }

    private String field(String kind, String name, String value) {
        return "private static final %s.%s %s =\n        %s;\n"
                .formatted(imports.name(ArgumentsShape.class), kind, name, value);
    }

    /// A constant that holds the shape of these arguments.
    String shapeField(String name, List<Argument> arguments) {
        var members = new StringBuilder();
        for (var argument : arguments) {
            members.append(
                    "\n                .%s(%s, %s)"
                            .formatted(
                                    argument.optional() ? "optional" : "required",
                                    Literals.of(argument.name()),
                                    shape(argument.type(), argument.shape())));
        }
        return field("Structure", name, make("object") + members);
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

    private String read(String from, JavaType type, int depth) {
        return switch (type) {
            case JavaType.Simple(var scalar) -> from + "." + scalar.reader() + "()";
            case JavaType.Words words ->
                    from + ".oneOf(" + imports.name(words.type()) + ".values())";
            case JavaType.Sequence list ->
                    from + ".list(" + function(list.items().type(), depth + 1) + ")";
            case JavaType.Perhaps _ -> throw new IllegalArgumentException("only as a whole");
            case JavaType.Named named -> names.read(named.type()) + "(" + from + ")";
        };
    }

    private String function(JavaType type, int depth) {
        var item = depth == 1 ? "item" : "item" + depth;
        return switch (type) {
            case JavaType.Simple(var scalar) ->
                    imports.name(ArgumentsValue.class) + "::" + scalar.reader();
            case JavaType.Named named -> generated + "::" + names.read(named.type());
            case JavaType.Words _, JavaType.Sequence _, JavaType.Perhaps _ ->
                    item + " -> " + read(item, type, depth);
        };
    }

    private String constant(JavaType.Named named) {
        return names.constant(named.name(), named.simpleName());
    }

    private String shape(JavaType type, ArgumentsShape shape) {
        return type instanceof JavaType.Named named
                ? constant(named)
                : shape instanceof ArgumentsShape.Sequence list
                                && type instanceof JavaType.Sequence(var items, _)
                        ? make(
                                "list",
                                shape(items.type(), list.items()),
                                list.minItems(),
                                list.maxItems())
                        : shape(shape);
    }

    private String shape(ArgumentsShape shape) {
        return switch (shape) {
            case ArgumentsShape.Text text -> text(text);
            case ArgumentsShape.Whole whole ->
                    make("whole", Literals.of(whole.minimum()), Literals.of(whole.maximum()));
            case ArgumentsShape.Decimal decimal -> decimal(decimal);
            case ArgumentsShape.Formatted(var format) ->
                    make("formatted", imports.name(ArgumentsFormat.class) + "." + format);
            case ArgumentsShape.Flag(var only) -> make("flag", only.stream().toArray());
            case ArgumentsShape.Choice choice ->
                    make("choice", choice.words().stream().map(Literals::of).toArray());
            case ArgumentsShape.Sequence _, ArgumentsShape.Structure _, ArgumentsShape.Union _ ->
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
        var list = Arrays.stream(parts).map(String::valueOf).collect(Collectors.joining(", "));
        return imports.name(ArgumentsShape.class) + "." + kind + "(" + list + ")";
    }
}
