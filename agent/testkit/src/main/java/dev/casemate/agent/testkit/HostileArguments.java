package dev.casemate.agent.testkit;

import dev.casemate.manifest.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Arguments that a tool's schema refuses: not JSON, not an object, a member too many or too few,
/// or a member of the wrong type or size.
final class HostileArguments {

    private static final List<String> NOT_AN_OBJECT =
            List.of(
                    "",
                    " ",
                    "{",
                    "}",
                    "null",
                    "true",
                    "42",
                    "\"text\"",
                    "[]",
                    "[{}]",
                    "{} {}",
                    "{,}",
                    "{\"a\":1,\"a\":1}",
                    "{'a':1}",
                    "{\"a\":}",
                    "\u0000",
                    "\ufeff{}",
                    "{\"a\":\"\\ud800\"}",
                    "[".repeat(1000),
                    "{\"a\":" + "9".repeat(1000) + "}",
                    "; rm -rf /",
                    "<tool_call>{}</tool_call>");

    private final Random random;
    private final Json.Obj schema;
    private final Map<String, Json> properties;

    HostileArguments(Random random, Json.Obj schema) {
        this.random = random;
        this.schema = schema;
        properties =
                schema.get("properties").orElseGet(() -> Json.object().build())
                                instanceof Json.Obj object
                        ? object.members()
                        : Map.of();
    }

    /// One member per property, of the right type; not always one that the schema accepts.
    Json.Obj plausible() {
        var members = new LinkedHashMap<String, Json>();
        properties.forEach((name, property) -> members.put(name, ofType(property)));
        return new Json.Obj(members);
    }

    /// A text that the schema surely refuses.
    String wrong() {
        var members = new LinkedHashMap<>(plausible().members());
        var required = required();
        switch (random.nextInt(4)) {
            case 0 -> {
                return NOT_AN_OBJECT.get(random.nextInt(NOT_AN_OBJECT.size()));
            }
            case 1 -> members.put("extra_" + random.nextInt(1000), Json.of("x"));
            case 2 -> {
                if (required.isEmpty()) {
                    return "[]";
                }
                members.remove(required.get(random.nextInt(required.size())));
            }
            default -> {
                if (properties.isEmpty()) {
                    return "{\"unexpected\":null}";
                }
                var listed = new ArrayList<>(properties.entrySet());
                var property = listed.get(random.nextInt(listed.size()));
                members.put(property.getKey(), ofWrongType(property.getValue()));
            }
        }
        return new Json.Obj(members).text();
    }

    private List<String> required() {
        var names = new ArrayList<String>();
        if (schema.get("required").orElseGet(Json.Null::new) instanceof Json.Arr(var items)) {
            for (var item : items) {
                if (item instanceof Json.Str(var name)) {
                    names.add(name);
                }
            }
        }
        return names;
    }

    private static String type(Json property) {
        return property instanceof Json.Obj object ? object.text("type").orElse("") : "";
    }

    private Json ofType(Json property) {
        return switch (type(property)) {
            case "integer" -> Json.of(random.nextInt(100));
            case "number" -> Json.of(random.nextInt(100));
            case "boolean" -> Json.of(random.nextBoolean());
            case "array" -> Json.array(List.of());
            case "object" -> Json.object().build();
            default -> Json.of("XCU");
        };
    }

    /// JSON has six types; an object is wrong for each but itself, and so is a number.
    private Json ofWrongType(Json property) {
        return switch (type(property)) {
            case "object", "array" -> Json.of(random.nextInt());
            case "boolean" -> Json.of("true");
            case "integer", "number" -> Json.of("1");
            default ->
                    random.nextBoolean()
                            ? Json.array(List.of(Json.of("XCU")))
                            : Json.object().put("$ref", "#").build();
        };
    }
}
