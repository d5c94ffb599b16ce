package dev.casemate.manifest;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/// Questions to the JSON Schema of a tool's arguments.
final class Schemas {

    /// Of a text without a maximum, and the most that is ever answered.
    private static final long UNBOUNDED = 1L << 40;

    private Schemas() {}

    static Map<String, Json> propertiesOf(Json.Obj schema) {
        return schema.get("properties").orElseGet(Json.Null::new) instanceof Json.Obj properties
                ? properties.members()
                : Map.of();
    }

    /// How many characters of free text fit into a value. Numbers, flags and listed words have room
    /// for none.
    static long textCapacity(Json json) {
        if (!(json instanceof Json.Obj schema)) {
            return UNBOUNDED;
        }
        long capacity = isText(schema) ? ownCapacity(schema) : 0;
        for (var property : propertiesOf(schema).values()) {
            capacity += textCapacity(property);
        }
        if (schema.get("items").isPresent()) {
            capacity +=
                    saturatedProduct(
                            bound(schema, "maxItems"), textCapacity(schema.get("items").get()));
        }
        for (var choice : items(schema, "anyOf")) {
            capacity += textCapacity(choice);
        }
        return Math.min(capacity, UNBOUNDED);
    }

    private static long ownCapacity(Json.Obj schema) {
        return schema.get("enum").isPresent() || schema.get("const").isPresent()
                ? 0
                : bound(schema, "maxLength");
    }

    private static boolean isText(Json.Obj schema) {
        var text = Json.of("string");
        return schema.get("type").map(text::equals).orElse(items(schema, "anyOf").isEmpty())
                || items(schema, "type").contains(text);
    }

    private static List<Json> items(Json.Obj schema, String name) {
        return schema.get(name).orElseGet(Json.Null::new) instanceof Json.Arr(var items)
                ? items
                : List.of();
    }

    private static long bound(Json.Obj schema, String name) {
        return schema.get(name).orElseGet(Json.Null::new) instanceof Json.Num(var value)
                ? value.min(BigDecimal.valueOf(UNBOUNDED)).longValue()
                : UNBOUNDED;
    }

    private static long saturatedProduct(long one, long other) {
        return other != 0 && one > UNBOUNDED / other ? UNBOUNDED : one * other;
    }
}
