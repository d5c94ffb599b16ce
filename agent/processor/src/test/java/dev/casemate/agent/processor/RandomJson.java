package dev.casemate.agent.processor;

import dev.casemate.manifest.Json;
import dev.casemate.manifest.ToolSpec;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Documents that mostly satisfy a schema, and near misses of them.
final class RandomJson {

    private static final List<String> TEXTS =
            List.of(
                    "",
                    " ",
                    "a",
                    "ab",
                    "abc",
                    "aa",
                    "AB",
                    "ABCDEF",
                    "ABCDEFG",
                    " a ",
                    "a b",
                    "  ",
                    "\t",
                    "\u00a0",
                    "\u00e4\u00f6",
                    "\ud83d\ude00",
                    "\ud83d\ude00\ud83d\ude00\ud83d\ude00",
                    "A\n",
                    "AB\n",
                    "\nAB",
                    "aaaa",
                    "x".repeat(4_096),
                    "x".repeat(4_097),
                    "BUY",
                    "buy",
                    "true",
                    "1",
                    "\u2028",
                    "\u0085",
                    " x",
                    "\u200b");
    private static final List<String> NUMBERS =
            List.of(
                    "0",
                    "-0",
                    "1",
                    "-1",
                    "2",
                    "3",
                    "4",
                    "5",
                    "6",
                    "-5",
                    "-6",
                    "1.0",
                    "1.5",
                    "0.1",
                    "0.10",
                    "0.75",
                    "0.7499",
                    "-0.5",
                    "-0.51",
                    "99",
                    "100",
                    "999.99",
                    "999.999",
                    "1000",
                    "-999.99",
                    "-1000",
                    "32767",
                    "32768",
                    "-32768",
                    "-32769",
                    "2147483647",
                    "2147483648",
                    "-2147483648",
                    "-2147483649",
                    "9007199254740991",
                    "9007199254740992",
                    "-9007199254740991",
                    "-9007199254740992",
                    "9223372036854775808",
                    "1e2",
                    "1e-2",
                    "1e-7",
                    "1E20",
                    "0.001",
                    "1.01");

    private final Random random;
    private final boolean spoil;

    private RandomJson(Random random, boolean spoil) {
        this.random = random;
        this.spoil = spoil;
    }

    static Json of(Random random, ToolSpec tool) {
        return new RandomJson(random, random.nextInt(3) > 0).value(tool.inputSchema());
    }

    private Json value(Json.Obj schema) {
        if (spoil && random.nextInt(25) == 0) {
            return anything();
        }
        var type = schema.get("type").orElseThrow();
        if (type instanceof Json.Arr(var types)) {
            if (random.nextInt(4) == 0) {
                return new Json.Null();
            }
            type = types.getFirst();
        }
        return switch (((Json.Str) type).value()) {
            case "string" -> text(schema);
            case "integer" -> number(schema, true);
            case "number" -> number(schema, false);
            case "boolean" -> Json.of(random.nextBoolean());
            case "array" -> list(schema);
            case "object" -> object(schema);
            default -> throw new AssertionError(schema);
        };
    }

    private Json text(Json.Obj schema) {
        if (schema.get("enum").orElse(null) instanceof Json.Arr(var words)) {
            return words.get(random.nextInt(words.size()));
        }
        for (int tries = 0; tries < 200; tries++) {
            var text = TEXTS.get(random.nextInt(TEXTS.size()));
            int length = text.codePointCount(0, text.length());
            if ((spoil && random.nextInt(10) == 0)
                    || (length >= bound(schema, "minLength")
                            && length <= bound(schema, "maxLength")
                            && matches(schema, text))) {
                return Json.of(text);
            }
        }
        throw new AssertionError(schema.text());
    }

    private static boolean matches(Json.Obj schema, String text) {
        if (schema.get("allOf").orElse(null) instanceof Json.Arr(var all)) {
            return all.stream().allMatch(one -> matches((Json.Obj) one, text));
        }
        return schema.text("pattern")
                .map(pattern -> java.util.regex.Pattern.compile(pattern).matcher(text).find())
                .orElse(true);
    }

    private static int bound(Json.Obj schema, String name) {
        return ((Json.Num) schema.get(name).orElseThrow()).value().intValueExact();
    }

    private Json number(Json.Obj schema, boolean whole) {
        for (int tries = 0; tries < 200; tries++) {
            var number = new BigDecimal(NUMBERS.get(random.nextInt(NUMBERS.size())));
            if ((spoil && random.nextInt(10) == 0) || fits(schema, whole, number)) {
                return Json.of(number);
            }
        }
        throw new AssertionError(schema.text());
    }

    private static boolean fits(Json.Obj schema, boolean whole, BigDecimal number) {
        return (!whole || number.stripTrailingZeros().scale() <= 0)
                && order(schema, "minimum", number, 0) >= 0
                && order(schema, "exclusiveMinimum", number, 1) > 0
                && order(schema, "maximum", number, 0) <= 0
                && order(schema, "exclusiveMaximum", number, -1) < 0;
    }

    private static int order(Json.Obj schema, String name, BigDecimal number, int absent) {
        return schema.get(name)
                .map(bound -> number.compareTo(((Json.Num) bound).value()))
                .orElse(absent);
    }

    private Json list(Json.Obj schema) {
        int min = bound(schema, "minItems");
        int max = Math.min(bound(schema, "maxItems"), min + 3);
        int size = min + random.nextInt(max - min + 1);
        if (spoil && random.nextInt(10) == 0) {
            size = random.nextBoolean() ? 0 : bound(schema, "maxItems") + 1;
        }
        var items = new ArrayList<Json>();
        for (int i = 0; i < size; i++) {
            items.add(value((Json.Obj) schema.get("items").orElseThrow()));
        }
        return Json.array(items);
    }

    private Json object(Json.Obj schema) {
        Map<String, Json> members = new LinkedHashMap<>();
        var required = schema.get("required").orElseThrow();
        ((Json.Obj) schema.get("properties").orElseThrow())
                .members()
                .forEach((name, member) -> {
                    boolean must = ((Json.Arr) required).items().contains(Json.of(name));
                    boolean left = spoil && random.nextInt(25) == 0;
                    if (!left && (must || random.nextInt(3) > 0)) {
                        members.put(name, value((Json.Obj) member));
                    }
                });
        if (spoil && random.nextInt(15) == 0) {
            members.put("unknown", anything());
        }
        return new Json.Obj(members);
    }

    private Json anything() {
        return switch (random.nextInt(7)) {
            case 0 -> new Json.Null();
            case 1 -> Json.of(random.nextBoolean());
            case 2 -> Json.of(TEXTS.get(random.nextInt(TEXTS.size())));
            case 3 -> Json.of(new BigDecimal(NUMBERS.get(random.nextInt(NUMBERS.size()))));
            case 4 -> Json.array(List.of());
            case 5 -> Json.array(List.of(anything()));
            default -> Json.object().build();
        };
    }
}
