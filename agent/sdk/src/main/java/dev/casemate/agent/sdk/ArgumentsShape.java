package dev.casemate.agent.sdk;

import dev.casemate.manifest.Json;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/// What one argument of a tool must be. The JSON Schema that the model reads and the check that its
/// call must pass come from this one value, so neither can promise what the other does not hold.
///
/// The compiler builds shapes while it reads an [Agent], and the code that it generates builds the
/// same ones again. Every shape is bounded: a text has a largest length, a list a largest size, a
/// number a range.
///
/// Source: JSON Schema 2020-12, validation vocabulary.
public sealed interface ArgumentsShape {

    /// Code points of a text whose developer gave no maximum.
    int DEFAULT_MAX_LENGTH = 4_096;

    /// Code points that a developer may ask for.
    int MAX_LENGTH = 1 << 20;

    /// Items of a list whose developer gave no maximum.
    int DEFAULT_MAX_ITEMS = 100;

    /// Items that a developer may ask for.
    int MAX_ITEMS = 10_000;

    /// The largest whole number up to which every JSON reader agrees on the digits (RFC 7493), and
    /// the range of a number without bounds of its own: from minus this to this.
    long MAX_EXACT = (1L << 53) - 1;

    /// Digits behind the decimal point that a developer may ask for.
    int MAX_FRACTION_DIGITS = 20;

    /// JSON Schema 2020-12 of exactly the values that pass the check.
    Json.Obj schema();

    /// @param patterns Java regular expressions that mean the same in JSON Schema; the whole text
    ///   must match each
    static Text text(int minLength, int maxLength, String... patterns) {
        return new Text(
                minLength,
                maxLength,
                false,
                Arrays.stream(patterns).map(Pattern::compile).toList());
    }

    /// Both ends belong to the range.
    static Whole whole(long minimum, long maximum) {
        return new Whole(minimum, maximum);
    }

    /// A number of up to [#MAX_EXACT] in size.
    static Decimal decimal() {
        var largest = BigDecimal.valueOf(MAX_EXACT);
        return new Decimal(
                new Bound(largest.negate(), true),
                new Bound(largest, true),
                OptionalInt.empty(),
                false);
    }

    /// A number between two ends; see [#inclusive] and [#exclusive].
    static Decimal decimal(Bound minimum, Bound maximum) {
        return new Decimal(minimum, maximum, OptionalInt.empty(), false);
    }

    /// An end that belongs to the range.
    static Bound inclusive(String value) {
        return new Bound(new BigDecimal(value), true);
    }

    /// An end that does not belong to the range.
    static Bound exclusive(String value) {
        return new Bound(new BigDecimal(value), false);
    }

    static Flag flag() {
        return new Flag();
    }

    static Choice choice(String... words) {
        return new Choice(List.of(words));
    }

    static Sequence list(ArgumentsShape items, int minItems, int maxItems) {
        return new Sequence(items, minItems, maxItems);
    }

    /// An object without members; add them with the methods of the result.
    static Structure object() {
        return new Structure(List.of());
    }

    /// @param minLength in Unicode code points, as JSON Schema counts
    /// @param maxLength in Unicode code points
    /// @param notBlank whether a character above U+0020 must be in it
    /// @param patterns the whole text must match each
    record Text(int minLength, int maxLength, boolean notBlank, List<Pattern> patterns)
            implements ArgumentsShape {

        /// JSON Schema searches with it: one character that is neither control nor space.
        static final String NOT_BLANK = "[^\\x00-\\x20]";

        public Text {
            patterns = List.copyOf(patterns);
            require(0 <= minLength && minLength <= maxLength && maxLength <= MAX_LENGTH);
        }

        /// The same, with a character in it that is neither control nor space.
        public Text filled() {
            return new Text(minLength, maxLength, true, patterns);
        }

        @Override
        public Json.Obj schema() {
            var schema =
                    Json.object()
                            .put("type", "string")
                            .put("minLength", minLength)
                            .put("maxLength", maxLength);
            var searched = new ArrayList<String>();
            if (notBlank) {
                searched.add(NOT_BLANK);
            }
            patterns.forEach(pattern -> searched.add(anchored(pattern)));
            if (searched.size() == 1) {
                schema.put("pattern", searched.getFirst());
            } else if (!searched.isEmpty()) {
                schema.put("allOf", Json.array(searched.stream().map(Text::matching).toList()));
            }
            return schema.build();
        }

        static String anchored(Pattern pattern) {
            return "^(?:" + pattern.pattern() + ")$";
        }

        private static Json matching(String pattern) {
            return Json.object().put("pattern", pattern).build();
        }
    }

    /// A whole number; `1.0` is one, as JSON Schema has it.
    record Whole(long minimum, long maximum) implements ArgumentsShape {
        public Whole {
            require(-MAX_EXACT <= minimum && minimum <= maximum && maximum <= MAX_EXACT);
        }

        @Override
        public Json.Obj schema() {
            return Json.object()
                    .put("type", "integer")
                    .put("minimum", minimum)
                    .put("maximum", maximum)
                    .build();
        }
    }

    /// One end of a range.
    record Bound(BigDecimal value, boolean inclusive) {}

    /// @param fractionDigits how many digits may follow the decimal point, trailing zeros not
    ///   counted; empty for any
    /// @param binary whether the tool takes it as a `double`: then what it is rounded to must be in
    ///   the range as well
    record Decimal(Bound minimum, Bound maximum, OptionalInt fractionDigits, boolean binary)
            implements ArgumentsShape {

        public Decimal {
            int order = minimum.value().compareTo(maximum.value());
            require(order < 0 || (order == 0 && minimum.inclusive() && maximum.inclusive()));
            int digits = fractionDigits.orElse(0);
            require(0 <= digits && digits <= MAX_FRACTION_DIGITS);
        }

        /// The same, with at most so many digits behind the decimal point.
        public Decimal fraction(int digits) {
            return new Decimal(minimum, maximum, OptionalInt.of(digits), binary);
        }

        /// The same, for a tool that takes a `double`.
        public Decimal asBinary() {
            return new Decimal(minimum, maximum, fractionDigits, true);
        }

        @Override
        public Json.Obj schema() {
            var schema =
                    Json.object()
                            .put("type", "number")
                            .put(
                                    minimum.inclusive() ? "minimum" : "exclusiveMinimum",
                                    Json.of(minimum.value()))
                            .put(
                                    maximum.inclusive() ? "maximum" : "exclusiveMaximum",
                                    Json.of(maximum.value()));
            if (fractionDigits.isPresent()) {
                var step = BigDecimal.ONE.movePointLeft(fractionDigits.getAsInt());
                schema.put("multipleOf", Json.of(step));
            }
            return schema.build();
        }
    }

    record Flag() implements ArgumentsShape {
        @Override
        public Json.Obj schema() {
            return Json.object().put("type", "boolean").build();
        }
    }

    /// @param words the constants of an enum, by their names in Java
    record Choice(List<String> words) implements ArgumentsShape {
        public Choice {
            words = List.copyOf(words);
            require(!words.isEmpty() && new HashSet<>(words).size() == words.size());
        }

        @Override
        public Json.Obj schema() {
            return Json.object().put("type", "string").put("enum", Json.strings(words)).build();
        }
    }

    record Sequence(ArgumentsShape items, int minItems, int maxItems) implements ArgumentsShape {
        public Sequence {
            require(0 <= minItems && minItems <= maxItems && maxItems <= MAX_ITEMS);
        }

        @Override
        public Json.Obj schema() {
            return Json.object()
                    .put("type", "array")
                    .put("items", items.schema())
                    .put("minItems", minItems)
                    .put("maxItems", maxItems)
                    .build();
        }
    }

    /// @param required whether it must be there; otherwise it may be absent or null
    record Member(String name, ArgumentsShape shape, boolean required) {

        private Json.Obj schema() {
            return required ? shape.schema() : orNull(shape.schema());
        }

        // The other keywords say nothing of null: only the type and the listed words have to.
        private static Json.Obj orNull(Json.Obj schema) {
            var type = schema.text("type").orElseThrow();
            var open = schema.with("type", Json.strings(List.of(type, "null")));
            if (open.get("enum").orElse(null) instanceof Json.Arr(var words)) {
                var more = new ArrayList<>(words);
                more.add(new Json.Null());
                return open.with("enum", Json.array(more));
            }
            return open;
        }
    }

    /// An object with exactly these members.
    record Structure(List<Member> members) implements ArgumentsShape {
        public Structure {
            members = List.copyOf(members);
            var names = new HashSet<String>();
            members.forEach(member -> require(names.add(member.name())));
        }

        public Structure required(String name, ArgumentsShape shape) {
            return with(new Member(name, shape, true));
        }

        public Structure optional(String name, ArgumentsShape shape) {
            return with(new Member(name, shape, false));
        }

        private Structure with(Member member) {
            var more = new ArrayList<>(members);
            more.add(member);
            return new Structure(more);
        }

        @Override
        public Json.Obj schema() {
            var properties = Json.object();
            members.forEach(member -> properties.put(member.name(), member.schema()));
            var required = members.stream().filter(Member::required).map(Member::name).toList();
            return Json.object()
                    .put("type", "object")
                    .put("properties", properties.build())
                    .put("required", Json.strings(required))
                    .put("additionalProperties", false)
                    .build();
        }
    }

    private static void require(boolean holds) {
        if (!holds) {
            throw new IllegalArgumentException(
                    "a shape that nothing or not every reader can satisfy");
        }
    }
}
