package dev.casemate.agent.processor;

import dev.casemate.manifest.Json;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Draws documents from a schema: nearly all of them satisfy it, and they keep to its edges.
final class RandomJson {

    private static final List<String> CHARACTERS =
            List.of("a", "B", "7", " ", "-", "\t", "\u00a0", "\u00e4", "\ud83d\ude00", "\u2028");

    private final Random random;

    private RandomJson(Random random) {
        this.random = random;
    }

    static Json of(Random random, Json.Obj schema) {
        return new RandomJson(random).value(schema);
    }

    private Json value(Json.Obj schema) {
        if (schema.get("anyOf").orElse(null) instanceof Json.Arr(var kinds)) {
            return value((Json.Obj) any(kinds));
        }
        if (schema.get("enum").orElse(null) instanceof Json.Arr(var words)) {
            return any(words);
        }
        if (schema.get("const").isPresent()) {
            return schema.get("const").get();
        }
        var type = schema.get("type").orElseThrow();
        if (type instanceof Json.Arr(var types)) {
            type = random.nextInt(5) == 0 ? types.getLast() : types.getFirst();
        }
        return switch (((Json.Str) type).value()) {
            case "null" -> new Json.Null();
            case "string" -> Json.of(text(schema));
            case "integer" -> number(schema, 0);
            case "number" -> number(schema, scale(schema));
            case "boolean" -> Json.of(random.nextBoolean());
            case "array" -> list(schema);
            case "object" -> object(schema);
            default -> throw new AssertionError(schema);
        };
    }

    private <T> T any(List<T> items) {
        return items.get(random.nextInt(items.size()));
    }

    private String text(Json.Obj schema) {
        var patterns = patterns(schema);
        int min = bound(schema, "minLength", 0);
        int max = bound(schema, "maxLength", Integer.MAX_VALUE);
        var text = "";
        // With two patterns, what one of them draws rarely matches the other.
        for (int tries = 0; tries < 100; tries++) {
            text = patterns.isEmpty() ? free(min, max) : RandomText.matching(random, any(patterns));
            var drawn = text;
            int length = text.codePointCount(0, text.length());
            if (length >= min
                    && length <= max
                    && patterns.stream().allMatch(it -> found(it, drawn))) {
                return text;
            }
        }
        return text;
    }

    private static boolean found(String pattern, String text) {
        return java.util.regex.Pattern.compile(pattern).matcher(text).find();
    }

    private static List<String> patterns(Json.Obj schema) {
        if (schema.get("allOf").orElse(null) instanceof Json.Arr(var all)) {
            return all.stream().map(one -> ((Json.Obj) one).text("pattern").orElseThrow()).toList();
        }
        return schema.text("pattern").stream().toList();
    }

    private String free(int min, int max) {
        int length =
                switch (random.nextInt(40)) {
                    case 0 -> max;
                    case 1, 2, 3, 4, 5, 6, 7, 8, 9 -> min;
                    default -> Math.min(max, min + random.nextInt(6));
                };
        var out = new StringBuilder();
        for (int i = 0; i < length; i++) {
            out.append(any(CHARACTERS));
        }
        return out.toString();
    }

    private static int bound(Json.Obj schema, String name, int absent) {
        return schema.get(name)
                .map(bound -> ((Json.Num) bound).value().intValueExact())
                .orElse(absent);
    }

    private int scale(Json.Obj schema) {
        return schema.get("multipleOf")
                .map(step -> ((Json.Num) step).value().scale())
                .orElseGet(() -> random.nextInt(5));
    }

    private Json number(Json.Obj schema, int scale) {
        var step = BigDecimal.ONE.movePointLeft(scale);
        boolean open = schema.get("exclusiveMinimum").isPresent();
        boolean closed = schema.get("exclusiveMaximum").isEmpty();
        var min = end(schema, open ? "exclusiveMinimum" : "minimum");
        var max = end(schema, closed ? "maximum" : "exclusiveMaximum");
        var number =
                switch (random.nextInt(4)) {
                    case 0 -> open ? min.add(step) : min;
                    case 1 -> closed ? max : max.subtract(step);
                    case 2 -> min.add(max.subtract(min).multiply(part()));
                    // Near zero, where most ranges are.
                    default -> min.max(max.min(new BigDecimal(random.nextInt(2_000) - 1_000)));
                };
        var down = random.nextBoolean() ? RoundingMode.CEILING : RoundingMode.FLOOR;
        return Json.of(number.setScale(scale, down));
    }

    private BigDecimal part() {
        return BigDecimal.valueOf(random.nextInt(1_000), 3);
    }

    private static BigDecimal end(Json.Obj schema, String name) {
        return ((Json.Num) schema.get(name).orElseThrow()).value();
    }

    private Json list(Json.Obj schema) {
        int min = bound(schema, "minItems", 0);
        int max = bound(schema, "maxItems", Integer.MAX_VALUE);
        int size =
                random.nextInt(50) == 0
                        ? Math.min(max, min + 20)
                        : min + random.nextInt(Math.min(max - min, 3) + 1);
        var items = new ArrayList<Json>();
        for (int i = 0; i < size; i++) {
            items.add(value((Json.Obj) schema.get("items").orElseThrow()));
        }
        return Json.array(items);
    }

    private Json object(Json.Obj schema) {
        Map<String, Json> members = new LinkedHashMap<>();
        var required = ((Json.Arr) schema.get("required").orElseThrow()).items();
        var properties = ((Json.Obj) schema.get("properties").orElseThrow()).members();
        var shuffled = new ArrayList<>(properties.entrySet());
        Collections.shuffle(shuffled, random);
        for (var property : shuffled) {
            if (required.contains(Json.of(property.getKey())) || random.nextInt(3) > 0) {
                members.put(property.getKey(), value((Json.Obj) property.getValue()));
            }
        }
        return new Json.Obj(members);
    }
}
