package dev.casemate.agent.testkit;

import dev.casemate.agent.testkit.BoundedMatch.Found;
import dev.casemate.manifest.Json;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// Writes values that a schema accepts, as far as it can: whoever must know asks [ArgumentsSchema].
final class SchemaValues {

    private static final int ATTEMPTS = 40;
    private static final int MAX_DEPTH = 16;

    private static final List<String> WORDS =
            List.of(
                    "price", "of", "copper", "last", "week", "report", "the", "average", "market",
                    "and", "now", "zinc", "per", "tonne", "a", "short");

    private static final Map<String, List<String>> FORMATS =
            Map.of(
                    "date", List.of("2026-10-29", "2024-02-29", "1999-12-31"),
                    "time", List.of("09:30:00Z", "23:59:59.5+02:00"),
                    "date-time", List.of("2026-10-29T09:30:00Z", "2026-10-29T09:30:00.125-05:00"),
                    "duration", List.of("PT5M", "P1DT2H", "P2W"),
                    "uuid", List.of("123e4567-e89b-42d3-a456-426614174000"),
                    "email", List.of("desk@example.org"),
                    "uri", List.of("https://example.org/a?b=c"),
                    "hostname", List.of("example.org"),
                    "ipv4", List.of("192.0.2.1"));

    private final Random random;

    /// Whether every optional member is there; otherwise each by chance, and some are null.
    private final boolean whole;

    SchemaValues(Random random, boolean whole) {
        this.random = random;
        this.whole = whole;
    }

    Json of(SchemaNode node) {
        return of(node, 0);
    }

    private Json of(SchemaNode node, int depth) {
        if (depth > MAX_DEPTH) {
            return new Json.Null();
        }
        if (node.constant().isPresent()) {
            return node.constant().get();
        }
        if (!node.listed().isEmpty()) {
            var listed = node.listed().stream().filter(it -> !(it instanceof Json.Null)).toList();
            return pick(listed.isEmpty() ? node.listed() : listed);
        }
        if (!node.choices().isEmpty()) {
            return of(pick(node.choices()), depth + 1);
        }
        if (!whole && node.allows("null") && random.nextInt(8) == 0) {
            return new Json.Null();
        }
        return switch (node.type()) {
            case "object" -> object(node, depth);
            case "array" -> array(node, depth);
            case "integer" -> Json.of(number(node, true));
            case "number" -> Json.of(number(node, false));
            case "boolean" -> Json.of(random.nextBoolean());
            case "null" -> new Json.Null();
            default -> Json.of(text(node));
        };
    }

    Json.Obj object(SchemaNode node, int depth) {
        var members = new LinkedHashMap<String, Json>();
        node.properties()
                .forEach((name, schema) -> {
                    if (whole || node.required().contains(name) || random.nextBoolean()) {
                        members.put(name, of(SchemaNode.of(schema), depth + 1));
                    }
                });
        return new Json.Obj(members);
    }

    private Json array(SchemaNode node, int depth) {
        int least = node.count("minItems", 0);
        int most = Math.min(node.count("maxItems", least + 3), least + 3);
        int size = whole ? Math.min(Math.max(1, least), most) : between(least, most);
        var items = new ArrayList<Json>();
        for (int i = 0; i < size; i++) {
            items.add(node.itemSchema().map(it -> of(it, depth + 1)).orElseGet(Json.Null::new));
        }
        return Json.array(items);
    }

    private BigDecimal number(SchemaNode node, boolean isWhole) {
        var step =
                node.number("multipleOf").orElse(isWhole ? BigDecimal.ONE : new BigDecimal("0.01"));
        var low = node.number("minimum").or(() -> node.number("exclusiveMinimum"));
        var high = node.number("maximum").or(() -> node.number("exclusiveMaximum"));
        var from =
                low.orElse(
                        high.map(it -> it.subtract(BigDecimal.valueOf(1000)))
                                .orElse(BigDecimal.ZERO));
        var to = high.orElse(from.add(BigDecimal.valueOf(1000)));
        for (int i = 0; i < ATTEMPTS; i++) {
            // Near the lower end, near the upper one, or anywhere.
            var share = BigDecimal.valueOf(i == 0 ? 0 : i == 1 ? 1 : random.nextDouble());
            var drawn =
                    from.add(to.subtract(from).multiply(share))
                            .divide(step, 0, RoundingMode.HALF_EVEN)
                            .multiply(step);
            var candidate = whole || i > 1 ? drawn : drawn.add(i == 0 ? step : step.negate());
            if (inRange(node, candidate)) {
                return candidate;
            }
        }
        return from;
    }

    private static boolean inRange(SchemaNode node, BigDecimal value) {
        return node.number("minimum").map(it -> value.compareTo(it) >= 0).orElse(true)
                && node.number("maximum").map(it -> value.compareTo(it) <= 0).orElse(true)
                && node.number("exclusiveMinimum").map(it -> value.compareTo(it) > 0).orElse(true)
                && node.number("exclusiveMaximum").map(it -> value.compareTo(it) < 0).orElse(true);
    }

    private String text(SchemaNode node) {
        var format = node.format().map(FORMATS::get);
        if (format.isPresent()) {
            return pick(format.get());
        }
        int least = node.count("minLength", 0);
        int most = node.count("maxLength", 200);
        var compiled = compiled(node);
        for (int i = 0; i < ATTEMPTS; i++) {
            var candidate = fitted(candidate(node, i), least, most, compiled.isEmpty());
            int length = candidate.codePointCount(0, candidate.length());
            if (least <= length
                    && length <= most
                    && compiled.stream()
                            .allMatch(it -> BoundedMatch.search(it, candidate) == Found.YES)) {
                return candidate;
            }
        }
        return "";
    }

    private static List<Pattern> compiled(SchemaNode node) {
        try {
            return node.patterns().stream().map(Pattern::compile).toList();
        } catch (PatternSyntaxException e) {
            // Another dialect: nothing that is drawn will do, and the schema says so.
            return List.of(Pattern.compile("(?!)"));
        }
    }

    /// Words first, because a pattern that only wants something in the text accepts them; then what
    /// the patterns describe.
    private String candidate(SchemaNode node, int attempt) {
        if (attempt % 3 == 0 || node.patterns().isEmpty()) {
            return words(1 + random.nextInt(12));
        }
        return PatternText.of(random, pick(node.patterns())).orElse("");
    }

    private String fitted(String text, int least, int most, boolean free) {
        var fitted = new StringBuilder(text);
        while (free && fitted.codePointCount(0, fitted.length()) < least) {
            fitted.append(' ').append(words(8));
        }
        if (free && fitted.length() > most) {
            fitted.setLength(most);
        }
        return fitted.toString();
    }

    String words(int count) {
        var text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append(i == 0 ? "" : " ").append(pick(WORDS));
        }
        return text.toString();
    }

    private int between(int least, int most) {
        return least + random.nextInt(Math.max(0, most - least) + 1);
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}
