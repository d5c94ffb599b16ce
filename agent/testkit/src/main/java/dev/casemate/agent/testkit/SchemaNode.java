package dev.casemate.agent.testkit;

import dev.casemate.manifest.Json;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Questions to one node of a JSON Schema, for those who write values for it.
///
/// Knows what the compiler writes: types, constants and listed words, lengths, patterns, ranges,
/// items, members and choices. References are not followed, because no compiled schema has one.
record SchemaNode(Json.Obj schema) {

    static SchemaNode of(Json json) {
        return new SchemaNode(json instanceof Json.Obj object ? object : Json.object().build());
    }

    /// The types that it allows; empty for any.
    List<String> types() {
        return switch (schema.get("type").orElseGet(Json.Null::new)) {
            case Json.Str(var type) -> List.of(type);
            case Json.Arr(var types) -> texts(types);
            case Json.Obj _, Json.Num _, Json.Bool _, Json.Null _ -> List.of();
        };
    }

    /// The one type that a value has that is not null.
    String type() {
        var other = types().stream().filter(type -> !type.equals("null")).findFirst();
        return other.orElseGet(
                () -> properties().isEmpty() ? types().isEmpty() ? "string" : "null" : "object");
    }

    boolean allows(String type) {
        return types().contains(type);
    }

    Optional<Json> constant() {
        return schema.get("const");
    }

    /// The values of `enum`; empty if it is not listed.
    List<Json> listed() {
        return items("enum");
    }

    /// The branches of `anyOf` or `oneOf`.
    List<SchemaNode> choices() {
        var branches = new ArrayList<>(items("anyOf"));
        branches.addAll(items("oneOf"));
        return branches.stream().map(SchemaNode::of).toList();
    }

    Map<String, Json> properties() {
        return schema.get("properties").orElseGet(Json.Null::new) instanceof Json.Obj properties
                ? properties.members()
                : Map.of();
    }

    List<String> required() {
        return texts(items("required"));
    }

    Optional<SchemaNode> itemSchema() {
        return schema.get("items").map(SchemaNode::of);
    }

    /// All patterns that a text must match.
    List<String> patterns() {
        var patterns = new ArrayList<String>();
        schema.text("pattern").ifPresent(patterns::add);
        for (var all : items("allOf")) {
            of(all).schema().text("pattern").ifPresent(patterns::add);
        }
        return patterns;
    }

    Optional<String> format() {
        return schema.text("format");
    }

    Optional<BigDecimal> number(String keyword) {
        return schema.get(keyword).orElseGet(Json.Null::new) instanceof Json.Num(var value)
                ? Optional.of(value)
                : Optional.empty();
    }

    int count(String keyword, int otherwise) {
        return number(keyword)
                .map(value -> value.min(BigDecimal.valueOf(Integer.MAX_VALUE)).intValue())
                .orElse(otherwise);
    }

    private List<Json> items(String keyword) {
        return schema.get(keyword).orElseGet(Json.Null::new) instanceof Json.Arr(var items)
                ? items
                : List.of();
    }

    private static List<String> texts(List<Json> items) {
        return items.stream()
                .filter(Json.Str.class::isInstance)
                .map(item -> ((Json.Str) item).value())
                .toList();
    }
}
