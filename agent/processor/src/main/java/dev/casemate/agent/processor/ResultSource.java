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
    private final Map<String, ResultType.Structure> records = new LinkedHashMap<>();

    ResultSource(Imports imports, GeneratedNames names) {
        this.imports = imports;
        this.names = names;
    }

    /// Makes known the records in a result, so that [#recordWriters] writes them.
    void collect(ResultType type) {
        switch (type) {
            case ResultType.Sequence list -> collect(list.items());
            case ResultType.Perhaps perhaps -> collect(perhaps.value());
            case ResultType.Structure structure -> {
                var name = structure.type().getQualifiedName().toString();
                if (records.putIfAbsent(name, structure) == null) {
                    structure.components().forEach(component -> collect(component.type()));
                }
            }
            case ResultType.Nothing _, ResultType.Text _, ResultType.Simple _ -> {}
        }
    }

    List<String> recordWriters() {
        var methods = new ArrayList<String>();
        for (var structure : records.values()) {
            var members = new StringBuilder();
            for (var part : structure.components()) {
                members.append("\n            .put(")
                        .append(Literals.of(part.name()))
                        .append(", ")
                        .append(json("value." + part.name() + "()", part.type(), 1))
                        .append(")");
            }
            var json = imports.name(Json.class);
            methods.add(
                    """
                    private static %s %s(%s value) {
                        return %s.object()%s
                                .build();
                    }
                    """
                            .formatted(
                                    json,
                                    names.write(structure.type()),
                                    imports.name(structure.type()),
                                    json,
                                    members));
        }
        return methods;
    }

    /// From a call of the tool to the body of the lambda that runs it.
    String answer(String call, ResultType type) {
        return switch (type) {
            case ResultType.Nothing _ ->
                    """
                    {
                        %s;
                        return %s.DONE;
                    }\
                    """
                            .formatted(call.replace("\n", "\n    "), imports.name(Results.class));
            case ResultType.Text _ -> call;
            case ResultType.Simple _,
                    ResultType.Sequence _,
                    ResultType.Perhaps _,
                    ResultType.Structure _ ->
                    json(call, type, 1) + ".text()";
        };
    }

    private String json(String value, ResultType type, int depth) {
        return switch (type) {
            case ResultType.Nothing _ -> throw new IllegalArgumentException("nothing to write");
            case ResultType.Text _ -> imports.name(Json.class) + ".of(" + value + ")";
            case ResultType.Simple simple -> simple(simple.form(), value);
            case ResultType.Sequence list -> each("list", value, list.items(), depth);
            case ResultType.Perhaps perhaps -> each("optional", value, perhaps.value(), depth);
            case ResultType.Structure structure ->
                    names.write(structure.type()) + "(" + value + ")";
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

    private String each(String kind, String value, ResultType inside, int depth) {
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
