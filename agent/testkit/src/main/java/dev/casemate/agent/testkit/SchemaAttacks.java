package dev.casemate.agent.testkit;

import dev.casemate.manifest.Json;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;

/// Every way to break a schema that can be read off it, one at a time.
///
/// It walks the schema. At each node it takes arguments that hold and puts, in that one place, what
/// breaks the node: another type, a bound crossed, a pattern missed, a member left out, added or
/// doubled, a branch without its discriminator, and what is not JSON at all. What it makes may
/// still hold now and then; the caller asks [ArgumentsSchema].
final class SchemaAttacks {

    private static final int MAX_DEPTH = 12;

    /// A list or text that is longer than this by its schema is not made longer still.
    private static final int MAX_MADE = 20_000;

    private final SchemaValues values;
    private final LinkedHashSet<String> found = new LinkedHashSet<>();

    private SchemaAttacks(Random random) {
        values = new SchemaValues(random, true);
    }

    /// @param random chooses the arguments that are broken
    static List<String> on(Json.Obj schema, Random random) {
        var attacks = new SchemaAttacks(random);
        attacks.found.addAll(HostileTexts.NO_OBJECT);
        attacks.visit(new SchemaNode(schema), UnaryOperator.identity(), 0);
        return List.copyOf(attacks.found);
    }

    /// Arguments that are well formed and mean harm: each text of the schema, replaced by each of
    /// [HostileTexts#MALICIOUS].
    static List<String> malicious(Json.Obj schema, Random random) {
        var attacks = new SchemaAttacks(random);
        attacks.misuse(new SchemaNode(schema), UnaryOperator.identity(), 0);
        return List.copyOf(attacks.found);
    }

    /// @param around puts a text in this node's place, and gives the whole arguments
    private void visit(SchemaNode node, UnaryOperator<String> around, int depth) {
        if (depth > MAX_DEPTH) {
            return;
        }
        var wrong = new LinkedHashSet<>(HostileTexts.ANYWHERE);
        var valid = values.of(node).text();
        wrong.add("[" + valid + "]");
        wrong.add("{\"value\":" + valid + "}");
        wrong.add(Json.of(valid).text());
        wrong.add(valid + valid);
        wrong.add(valid + ",");
        switch (node.type()) {
            case "string" -> texts(node, wrong);
            case "integer", "number" -> numbers(node, wrong);
            case "array" -> lists(node, wrong);
            case "object" -> objects(node, wrong);
            default -> {}
        }
        wrong.forEach(text -> found.add(around.apply(text)));
        inside(node, around, (child, place) -> visit(child, place, depth + 1));
        branches(node, around, depth);
    }

    private void misuse(SchemaNode node, UnaryOperator<String> around, int depth) {
        if (depth > MAX_DEPTH) {
            return;
        }
        boolean free = node.listed().isEmpty() && node.constant().isEmpty();
        if (node.choices().isEmpty() && node.type().equals("string") && free) {
            HostileTexts.MALICIOUS.forEach(text -> found.add(around.apply(Json.of(text).text())));
        }
        inside(node, around, (child, place) -> misuse(child, place, depth + 1));
        node.choices().forEach(branch -> misuse(branch, around, depth + 1));
    }

    /// Takes a node and what puts a text in its place.
    @FunctionalInterface
    private interface Visitor {
        void visit(SchemaNode node, UnaryOperator<String> around);
    }

    private void inside(SchemaNode node, UnaryOperator<String> around, Visitor visitor) {
        if (node.type().equals("object") && values.of(node) instanceof Json.Obj whole) {
            node.properties()
                    .forEach((name, schema) ->
                            visitor.visit(
                                    SchemaNode.of(schema),
                                    text -> around.apply(object(raw(whole), Map.of(name, text)))));
        } else if (node.type().equals("array") && node.itemSchema().isPresent()) {
            var items = values.of(node) instanceof Json.Arr(var made) ? made : List.<Json>of();
            visitor.visit(node.itemSchema().get(), text -> around.apply(list(items, text)));
        }
    }

    private void branches(SchemaNode node, UnaryOperator<String> around, int depth) {
        var choices = node.choices();
        for (int i = 0; i < choices.size(); i++) {
            var branch = choices.get(i);
            visit(branch, around, depth + 1);
            if (values.of(branch) instanceof Json.Obj one) {
                // The members of one branch under the name of another, and both together.
                for (var other : choices) {
                    if (values.of(other) instanceof Json.Obj two) {
                        found.add(around.apply(object(raw(two), discriminators(branch))));
                        found.add(around.apply(object(raw(one), raw(two))));
                    }
                }
                for (var name : discriminators(branch).keySet()) {
                    var without = raw(one);
                    without.remove(name);
                    found.add(around.apply(object(without, Map.of())));
                    for (var word : List.of("\"\"", "\"Other\"", "null", "0", "[]")) {
                        found.add(around.apply(object(raw(one), Map.of(name, word))));
                    }
                }
            }
        }
    }

    private static Map<String, String> discriminators(SchemaNode branch) {
        var names = new LinkedHashMap<String, String>();
        branch.properties()
                .forEach((name, schema) -> {
                    var node = SchemaNode.of(schema);
                    node.constant().ifPresent(value -> names.put(name, value.text()));
                    if (node.listed().size() == 1) {
                        names.put(name, node.listed().getFirst().text());
                    }
                });
        return names;
    }

    private void texts(SchemaNode node, Set<String> wrong) {
        var valid = values.of(node) instanceof Json.Str(var text) ? text : "";
        var made = new ArrayList<String>();
        int most = node.count("maxLength", MAX_MADE);
        if (most < MAX_MADE) {
            made.add("x".repeat(most + 1));
            made.add("\ud83d\ude08".repeat(most + 1));
            made.add(valid + "x".repeat(most + 1));
        }
        int least = node.count("minLength", 0);
        if (least > 0) {
            made.add(valid.substring(0, Math.min(valid.length(), least - 1)));
        }
        made.addAll(
                List.of(
                        "",
                        " ",
                        "\u0000",
                        "\t\n",
                        "\u00a0",
                        "\u200b",
                        valid + "\n",
                        valid + " ",
                        " " + valid,
                        valid + "\u0000",
                        valid + valid,
                        "\ufeff" + valid,
                        valid.toLowerCase(Locale.ROOT),
                        valid.toUpperCase(Locale.ROOT),
                        valid.replace('X', '\u0425').replace('a', '\u0430'),
                        wide(valid),
                        "*" + valid,
                        valid + "*",
                        "'" + valid + "'",
                        "2026-02-30",
                        "2026-13-01",
                        "99:99",
                        "not-a-value",
                        "\u0661\u0662\u0663"));
        if (!valid.isEmpty()) {
            made.add(valid.substring(1));
            made.add(valid.substring(0, valid.length() - 1));
            made.add(new StringBuilder(valid).reverse().toString());
        }
        made.forEach(text -> wrong.add(Json.of(text).text()));
        for (var word : node.listed()) {
            if (word instanceof Json.Str(var text)) {
                wrong.add(Json.of(text + "2").text());
                wrong.add(Json.of(text.toLowerCase(Locale.ROOT)).text());
                wrong.add(Json.strings(List.of(text)).text());
            }
        }
    }

    /// The same in full width, which looks the same and is not.
    private static String wide(String text) {
        var wide = new StringBuilder();
        text.chars().forEach(c -> wide.append((char) (c > ' ' && c <= '~' ? c + 0xfee0 : c)));
        return wide.toString();
    }

    private void numbers(SchemaNode node, Set<String> wrong) {
        var made = new ArrayList<BigDecimal>();
        for (var bound : List.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")) {
            node.number(bound)
                    .ifPresent(value -> {
                        made.add(value);
                        for (var step : List.of("1", "0.5", "1e-20", "1e10")) {
                            made.add(value.add(new BigDecimal(step)));
                            made.add(value.subtract(new BigDecimal(step)));
                        }
                    });
        }
        if (values.of(node) instanceof Json.Num(var valid)) {
            made.add(valid.add(new BigDecimal("0.3")));
            made.add(valid.add(new BigDecimal("1e-25")));
            made.add(valid.negate());
            node.number("multipleOf").ifPresent(step -> made.add(valid.add(step.movePointLeft(1))));
            wrong.add(Json.of(valid.toPlainString()).text());
            wrong.add(valid.toPlainString() + "e0x");
        }
        made.forEach(value -> wrong.add(value.toPlainString()));
    }

    private void lists(SchemaNode node, Set<String> wrong) {
        var item = node.itemSchema().map(it -> values.of(it).text()).orElse("0");
        int most = node.count("maxItems", MAX_MADE);
        if ((long) most * item.length() < MAX_MADE) {
            wrong.add(repeated(item, most + 1));
            wrong.add(repeated(item, 2 * most + 1));
        }
        int least = node.count("minItems", 0);
        if (least > 0) {
            wrong.add(repeated(item, least - 1));
        }
        for (var odd : List.of("null", "[]", "{}", "[" + item + "]", "\"\"", "0", "")) {
            wrong.add("[" + item + "," + odd + "]");
            wrong.add("[" + odd + "," + item + "]");
        }
        wrong.add("{\"0\":" + item + "}");
        wrong.add(item);
    }

    private static String repeated(String item, int times) {
        return "[" + (item + ",").repeat(Math.max(0, times - 1)) + (times > 0 ? item : "") + "]";
    }

    private void objects(SchemaNode node, Set<String> wrong) {
        if (!(values.of(node) instanceof Json.Obj whole)) {
            return;
        }
        for (var name : whole.members().keySet()) {
            var without = raw(whole);
            var value = without.remove(name);
            wrong.add(object(without, Map.of()));
            for (var spelled :
                    List.of(
                            name + " ",
                            " " + name,
                            name.toUpperCase(Locale.ROOT),
                            name + "\u0000",
                            "/" + name,
                            name.replace('e', '\u0435').replace('o', '\u043e'))) {
                wrong.add(object(without, Map.of(spelled, String.valueOf(value))));
                wrong.add(object(raw(whole), Map.of(spelled, String.valueOf(value))));
            }
            // The same name twice: which one counts depends on the reader.
            wrong.add(doubled(whole, name, String.valueOf(value)));
            wrong.add(doubled(whole, name, "null"));
        }
        for (var extra : HostileTexts.EXTRA_MEMBERS) {
            wrong.add(object(raw(whole), Map.of(extra, "\"x\"")));
            wrong.add(object(raw(whole), Map.of(extra, "null")));
        }
        var text = whole.text();
        wrong.add("{}");
        wrong.add(text.substring(0, text.length() - 1));
        wrong.add(text.substring(0, text.length() - 1) + ",}");
        wrong.add(text.replaceFirst("\\{", "{/* c */"));
        wrong.add(text.replace('"', '\''));
        wrong.add(text.replaceFirst(":", "="));
        wrong.add(text + "\u0000");
    }

    private static String doubled(Json.Obj whole, String name, String value) {
        var text = whole.text();
        return text.substring(0, text.length() - 1)
                + ","
                + Json.of(name).text()
                + ":"
                + value
                + "}";
    }

    private static Map<String, String> raw(Json.Obj object) {
        var members = new LinkedHashMap<String, String>();
        object.members().forEach((name, value) -> members.put(name, value.text()));
        return members;
    }

    private static String object(Map<String, String> members, Map<String, String> replaced) {
        var all = new LinkedHashMap<>(members);
        all.putAll(replaced);
        var texts = new ArrayList<String>();
        all.forEach((name, value) -> texts.add(Json.of(name).text() + ":" + value));
        return "{" + String.join(",", texts) + "}";
    }

    private static String list(List<Json> items, String first) {
        var texts = new ArrayList<String>();
        texts.add(first);
        items.stream().skip(1).forEach(item -> texts.add(item.text()));
        return "[" + String.join(",", texts) + "]";
    }
}
