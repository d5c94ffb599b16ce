package dev.casemate.agent.sdk;

import dev.casemate.agent.sdk.ArgumentsShape.Choice;
import dev.casemate.agent.sdk.ArgumentsShape.Decimal;
import dev.casemate.agent.sdk.ArgumentsShape.Flag;
import dev.casemate.agent.sdk.ArgumentsShape.Formatted;
import dev.casemate.agent.sdk.ArgumentsShape.Member;
import dev.casemate.agent.sdk.ArgumentsShape.Sequence;
import dev.casemate.agent.sdk.ArgumentsShape.Structure;
import dev.casemate.agent.sdk.ArgumentsShape.Text;
import dev.casemate.agent.sdk.ArgumentsShape.Union;
import dev.casemate.agent.sdk.ArgumentsShape.Whole;
import dev.casemate.manifest.Json;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// Writes a shape as JSON Schema.
///
/// Source: JSON Schema 2020-12, validation vocabulary, and `format` of its format vocabulary.
final class ArgumentsSchema {

    /// JSON Schema searches with it: one character that is neither control nor space.
    private static final String NOT_BLANK = "[^\\x00-\\x20]";

    private ArgumentsSchema() {}

    static Json.Obj of(ArgumentsShape shape) {
        return switch (shape) {
            case Text text -> text(text);
            case Formatted(var format) -> formatted(format);
            case Whole(var minimum, var maximum) ->
                    Json.object()
                            .put("type", "integer")
                            .put("minimum", minimum)
                            .put("maximum", maximum)
                            .build();
            case Decimal decimal -> decimal(decimal);
            case Flag(var only) -> {
                var schema = Json.object().put("type", "boolean");
                only.ifPresent(value -> schema.put("enum", Json.array(List.of(Json.of(value)))));
                yield schema.build();
            }
            case Choice(var words) ->
                    Json.object().put("type", "string").put("enum", Json.strings(words)).build();
            case Sequence(var items, var minItems, var maxItems) ->
                    Json.object()
                            .put("type", "array")
                            .put("items", of(items))
                            .put("minItems", minItems)
                            .put("maxItems", maxItems)
                            .build();
            case Structure(var members) -> structure(members);
            case Union(var kinds) ->
                    Json.object()
                            .put(
                                    "anyOf",
                                    Json.array(kinds.stream().map(it -> of(it.whole())).toList()))
                            .build();
        };
    }

    /// The whole text must match.
    static String anchored(Pattern pattern) {
        return "^(?:" + pattern.pattern() + ")$";
    }

    private static Json.Obj text(Text shape) {
        var schema =
                Json.object()
                        .put("type", "string")
                        .put("minLength", shape.minLength())
                        .put("maxLength", shape.maxLength());
        var searched = new ArrayList<String>();
        if (shape.notBlank()) {
            searched.add(NOT_BLANK);
        }
        shape.patterns().forEach(pattern -> searched.add(anchored(pattern)));
        if (searched.size() == 1) {
            schema.put("pattern", searched.getFirst());
        } else if (!searched.isEmpty()) {
            schema.put(
                    "allOf", Json.array(searched.stream().map(ArgumentsSchema::matching).toList()));
        }
        return schema.build();
    }

    private static Json matching(String pattern) {
        return Json.object().put("pattern", pattern).build();
    }

    private static Json.Obj formatted(ArgumentsFormat format) {
        var schema = Json.object().put("type", "string");
        format.word().ifPresent(word -> schema.put("format", word));
        return schema.put("pattern", anchored(format.pattern()))
                .put("maxLength", format.maxLength())
                .build();
    }

    private static Json.Obj decimal(Decimal shape) {
        var minimum = shape.minimum();
        var maximum = shape.maximum();
        var schema =
                Json.object()
                        .put("type", "number")
                        .put(
                                minimum.inclusive() ? "minimum" : "exclusiveMinimum",
                                Json.of(minimum.value()))
                        .put(
                                maximum.inclusive() ? "maximum" : "exclusiveMaximum",
                                Json.of(maximum.value()));
        shape.fractionDigits()
                .ifPresent(digits ->
                        schema.put("multipleOf", Json.of(BigDecimal.ONE.movePointLeft(digits))));
        return schema.build();
    }

    private static Json.Obj structure(List<Member> members) {
        var properties = Json.object();
        for (var member : members) {
            var schema = of(member.shape());
            properties.put(member.name(), member.required() ? schema : orNull(schema));
        }
        var required = members.stream().filter(Member::required).map(Member::name).toList();
        return Json.object()
                .put("type", "object")
                .put("properties", properties.build())
                .put("required", Json.strings(required))
                .put("additionalProperties", false)
                .build();
    }

    // The other keywords say nothing of null: only types, listed values and alternatives have to.
    private static Json.Obj orNull(Json.Obj schema) {
        if (schema.get("anyOf").orElse(null) instanceof Json.Arr(var kinds)) {
            var nothing = Json.object().put("type", "null").build();
            return schema.with("anyOf", with(kinds, nothing));
        }
        var type = schema.text("type").orElseThrow();
        var open = schema.with("type", Json.strings(List.of(type, "null")));
        return open.get("enum").orElse(null) instanceof Json.Arr(var values)
                ? open.with("enum", with(values, new Json.Null()))
                : open;
    }

    private static Json with(List<Json> items, Json more) {
        var all = new ArrayList<>(items);
        all.add(more);
        return Json.array(all);
    }
}
