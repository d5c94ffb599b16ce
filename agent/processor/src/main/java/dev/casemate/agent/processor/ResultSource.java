package dev.casemate.agent.processor;

import dev.casemate.agent.sdk.Results;
import dev.casemate.manifest.Json;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Writes the Java that makes JSON of what a tool returns.
final class ResultSource {

    private final Imports imports;
    private final GeneratedNames names;
    private final Map<String, JavaType.Named> types = new LinkedHashMap<>();

    ResultSource(Imports imports, GeneratedNames names) {
        this.imports = imports;
        this.names = names;
    }

    /// Makes known the records in a result, so that [#writers] writes them.
    void collect(Result result) {
        result.type().ifPresent(this::collect);
    }

    private void collect(JavaType type) {
        switch (type) {
            case JavaType.Sequence list -> collect(list.items().type());
            case JavaType.Perhaps(var value) -> collect(value.type());
            case JavaType.Named named -> {
                if (types.putIfAbsent(named.name(), named) == null) {
                    switch (named) {
                        case JavaType.Structure structure ->
                                structure.components().forEach(part -> collect(part.use().type()));
                        case JavaType.Union union -> union.kinds().forEach(this::collect);
                    }
                }
            }
            case JavaType.Simple _, JavaType.Words _ -> {}
        }
    }

    /// The methods that write records.
    List<String> writers() {
        var methods = new ArrayList<String>();
        for (var type : types.values()) {
            methods.add(
                    """
                    private static %s %s(%s value) {
                        return %s;
                    }
                    """
                            .formatted(
                                    imports.name(Json.class)
                                            + (type instanceof JavaType.Structure ? ".Obj" : ""),
                                    names.write(type.type()),
                                    imports.name(type.type()),
                                    switch (type) {
                                        case JavaType.Structure structure -> record(structure);
                                        case JavaType.Union union -> choice(union);
                                    }));
        }
        return methods;
    }

    private String record(JavaType.Structure structure) {
        var members = new StringBuilder();
        for (var part : structure.components()) {
            members.append("\n            .put(")
                    .append(Literals.of(part.name()))
                    .append(", ")
                    .append(json("value." + part.name() + "()", part.use().type(), 1))
                    .append(")");
        }
        return imports.name(Json.class) + ".object()" + members + "\n            .build()";
    }

    private String choice(JavaType.Union union) {
        var cases = new StringBuilder();
        for (var kind : union.kinds()) {
            cases.append(
                    "        case %s it -> %s.kind(%s, %s(it));\n"
                            .formatted(
                                    imports.name(kind.type()),
                                    imports.name(Results.class),
                                    Literals.of(kind.simpleName()),
                                    names.write(kind.type())));
        }
        return "switch (value) {\n" + cases + "    }";
    }

    /// From a call of the tool to the body of the lambda that runs it.
    String answer(String call, Result result) {
        var returned =
                result.awaited() ? imports.name(Results.class) + ".await(" + call + ")" : call;
        if (result.type().isEmpty()) {
            return """
            {
                %s;
                return %s.DONE;
            }\
            """
                    .formatted(returned.replace("\n", "\n    "), imports.name(Results.class));
        }
        var type = result.type().get();
        return isText(type) ? returned : json(returned, type, 1) + ".text()";
    }

    // A text that is the whole result is the answer as it is.
    private static boolean isText(JavaType type) {
        return type instanceof JavaType.Simple(var scalar) && scalar == Scalar.STRING;
    }

    private String json(String value, JavaType type, int depth) {
        return switch (type) {
            case JavaType.Simple(var scalar) -> simple(scalar.form(), value);
            case JavaType.Words _ -> simple("Json.of(%s.name())", value);
            case JavaType.Sequence list -> each("list", value, list.items().type(), depth);
            case JavaType.Perhaps(var inside) -> each("optional", value, inside.type(), depth);
            case JavaType.Named named -> names.write(named.type()) + "(" + value + ")";
        };
    }

    private String simple(String form, String value) {
        for (var type : List.of(Json.class, Results.class, BigDecimal.class)) {
            if (form.contains(type.getSimpleName())) {
                imports.name(type);
            }
        }
        return form.formatted(value);
    }

    private String each(String kind, String value, JavaType inside, int depth) {
        var item = depth == 1 ? "item" : "item" + depth;
        return imports.name(Results.class)
                + "."
                + kind
                + "("
                + value
                + ", "
                + item
                + " -> "
                + json(item, inside, depth + 1)
                + ")";
    }
}
