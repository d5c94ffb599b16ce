package dev.casemate.agent.processor;

import dev.casemate.manifest.Json;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;

/// Changes one thing somewhere in a document.
final class NearMiss {

    private static final List<String> STEPS =
            List.of("1", "-1", "0.5", "-0.5", "0.01", "-0.01", "0.000001", "-1e17");
    // The oracle reads a double: smaller steps would be lost on it.
    private static final BigDecimal LARGE = new BigDecimal("1e9");
    private static final BigDecimal GIANT = new BigDecimal("1e30");
    private static final List<String> NUMBERS =
            List.of(
                    "0",
                    "1",
                    "-1",
                    "1.0",
                    "32768",
                    "-32769",
                    "2147483648",
                    "9007199254740992",
                    "-9007199254740992",
                    "9223372036854775808",
                    "1e18",
                    "1e-7");
    private static final List<String> TEXTS =
            List.of(
                    "",
                    " ",
                    "a",
                    "A\n",
                    "true",
                    "1",
                    "null",
                    "x".repeat(4_097),
                    "\u200b",
                    "2026-02-30",
                    "2026-01-31T09:30:60Z",
                    "2026-01-31T09:30:00-00:00",
                    "24:00",
                    "PT1H1S",
                    "P1W");
    private static final String ODD = "aZ0 -:.TZPS+/\n\t\u00e4\u0660\u2028";

    private final Random random;
    // Counts down to the value that is changed.
    private int left;

    private NearMiss(Random random, int left) {
        this.random = random;
        this.left = left;
    }

    static Json of(Random random, Json json) {
        return new NearMiss(random, random.nextInt(size(json))).in(json);
    }

    private static int size(Json json) {
        return switch (json) {
            case Json.Obj object ->
                    1 + object.members().values().stream().mapToInt(NearMiss::size).sum();
            case Json.Arr(var items) -> 1 + items.stream().mapToInt(NearMiss::size).sum();
            case Json.Str _, Json.Num _, Json.Bool _, Json.Null _ -> 1;
        };
    }

    private Json in(Json json) {
        if (left-- == 0) {
            return random.nextInt(5) == 0 ? anything(0) : changed(json);
        }
        return switch (json) {
            case Json.Obj object -> {
                var members = new LinkedHashMap<>(object.members());
                members.replaceAll((_, value) -> in(value));
                yield new Json.Obj(members);
            }
            case Json.Arr(var items) -> {
                var more = new ArrayList<Json>();
                items.forEach(item -> more.add(in(item)));
                yield Json.array(more);
            }
            case Json.Str _, Json.Num _, Json.Bool _, Json.Null _ -> json;
        };
    }

    private Json changed(Json json) {
        return switch (json) {
            case Json.Obj object -> object(object);
            case Json.Arr(var items) -> list(items);
            case Json.Str(var text) -> Json.of(text(text));
            case Json.Num(var number) ->
                    Json.of(random.nextInt(8) == 0 ? number.negate() : number(number));
            case Json.Bool(var flag) -> random.nextBoolean() ? Json.of(!flag) : Json.of(flag + "");
            case Json.Null _ -> anything(0);
        };
    }

    private BigDecimal number(BigDecimal number) {
        if (number.abs().compareTo(LARGE) < 0) {
            return number.add(new BigDecimal(any(STEPS)));
        }
        return number.abs().compareTo(GIANT) < 0
                ? number.add(BigDecimal.valueOf(random.nextInt(3) - 1L))
                : new BigDecimal(any(NUMBERS));
    }

    private Json object(Json.Obj object) {
        var members = new LinkedHashMap<>(object.members());
        var names = new ArrayList<>(members.keySet());
        if (names.isEmpty() || random.nextInt(4) == 0) {
            members.put(any(List.of("unknown", "", "kind", "a/b~c")), anything(0));
            return new Json.Obj(members);
        }
        var name = any(names);
        switch (random.nextInt(4)) {
            case 0 -> members.remove(name);
            case 1 -> members.put(name, new Json.Null());
            case 2 -> members.put(name, members.get(any(names)));
            default -> members.put(name.toUpperCase(java.util.Locale.ROOT), members.remove(name));
        }
        return new Json.Obj(members);
    }

    private Json list(List<Json> items) {
        var more = new ArrayList<>(items);
        if (more.isEmpty()) {
            more.add(anything(0));
        } else {
            switch (random.nextInt(4)) {
                case 0 -> more.remove(random.nextInt(more.size()));
                case 1 -> more.add(any(items));
                case 2 -> more.clear();
                default -> {
                    var one = any(items);
                    while (more.size() <= 101) {
                        more.add(one);
                    }
                }
            }
        }
        return Json.array(more);
    }

    // In code points: half a character does not reach a tool.
    private String text(String text) {
        var points = new ArrayList<>(text.codePoints().boxed().toList());
        int at = random.nextInt(points.size() + 1);
        int odd = ODD.charAt(random.nextInt(ODD.length()));
        switch (points.isEmpty() ? 0 : random.nextInt(5)) {
            case 0 -> points.add(at, odd);
            case 1 -> points.add(odd);
            case 2 -> points.subList(Math.min(at, points.size() - 1), points.size()).removeFirst();
            case 3 -> points.set(Math.min(at, points.size() - 1), odd);
            default -> {
                return any(TEXTS);
            }
        }
        var out = new StringBuilder();
        points.forEach(out::appendCodePoint);
        return out.toString();
    }

    private Json anything(int depth) {
        return switch (random.nextInt(8)) {
            case 0 -> new Json.Null();
            case 1 -> Json.of(random.nextBoolean());
            case 2 -> Json.of(any(TEXTS));
            case 3 -> Json.of(new BigDecimal(any(NUMBERS)));
            case 4 -> Json.array(List.of());
            case 5 -> depth > 3 ? new Json.Null() : Json.array(List.of(anything(depth + 1)));
            case 6 -> deep();
            default -> Json.object().build();
        };
    }

    private Json deep() {
        Json json = Json.of(1);
        for (int i = 0; i < 20; i++) {
            json = i % 2 == 0 ? Json.array(List.of(json)) : Json.object().put("kind", json).build();
        }
        return json;
    }

    private <T> T any(List<T> items) {
        return items.get(random.nextInt(items.size()));
    }
}
