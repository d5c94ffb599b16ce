package dev.casemate.agent.sdk;

import dev.casemate.manifest.Json;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/// What one argument of a tool must be. The JSON Schema that the model reads and the check that its
/// call must pass come from this one value, so neither can promise what the other does not hold.
///
/// The compiler builds shapes while it reads an [Agent], and the code that it generates builds the
/// same ones again. Every shape is bounded: a text has a largest length, a list a largest size, a
/// number a range.
///
/// Built by generated code with the static methods here; written as a schema by `ArgumentsSchema`
/// and held against arguments by `ArgumentsCheck`.
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

    /// The member that says which of its kinds an object is.
    String KIND = "kind";

    /// JSON Schema 2020-12 of exactly the values that pass the check, `format` asserted. Of a
    /// `double`, the check refuses as well what rounds to an end that does not belong to the range.
    default Json.Obj schema() {
        return ArgumentsSchema.of(this);
    }

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
        return new Flag(Optional.empty());
    }

    /// A flag that has to be set, or must not be.
    static Flag flag(boolean only) {
        return new Flag(Optional.of(only));
    }

    static Formatted formatted(ArgumentsFormat format) {
        return new Formatted(format);
    }

    static Choice choice(String... words) {
        return new Choice(List.of(words));
    }

    static Sequence list(ArgumentsShape items, int minItems, int maxItems) {
        return new Sequence(items, minItems, maxItems);
    }

    /// No kind of object yet; add them with the method of the result.
    static Union union() {
        return new Union(List.of());
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

        public Text {
            patterns = List.copyOf(patterns);
            require(0 <= minLength && minLength <= maxLength && maxLength <= MAX_LENGTH);
        }

        /// The same, with a character in it that is neither control nor space.
        public Text filled() {
            return new Text(minLength, maxLength, true, patterns);
        }
    }

    /// A date, a time, or another text of a fixed form.
    record Formatted(ArgumentsFormat format) implements ArgumentsShape {}

    /// A whole number; `1.0` is one, as JSON Schema has it.
    record Whole(long minimum, long maximum) implements ArgumentsShape {
        public Whole {
            require(-MAX_EXACT <= minimum && minimum <= maximum && maximum <= MAX_EXACT);
        }
    }

    /// One end of a range.
    record Bound(BigDecimal value, boolean inclusive) {}

    /// @param fractionDigits how many digits may follow the decimal point, trailing zeros not
    ///   counted; empty for any
    /// @param binary whether the tool takes it as a `double`: then what it is rounded to must not
    ///   be an end that does not belong to the range
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
    }

    /// @param only the one value that it may have; empty for both
    record Flag(Optional<Boolean> only) implements ArgumentsShape {}

    /// @param words the constants of an enum, by their names in Java
    record Choice(List<String> words) implements ArgumentsShape {
        public Choice {
            words = List.copyOf(words);
            require(!words.isEmpty() && new HashSet<>(words).size() == words.size());
        }
    }

    record Sequence(ArgumentsShape items, int minItems, int maxItems) implements ArgumentsShape {
        public Sequence {
            require(0 <= minItems && minItems <= maxItems && maxItems <= MAX_ITEMS);
        }
    }

    /// @param required whether it must be there; otherwise it may be absent or null
    record Member(String name, ArgumentsShape shape, boolean required) {}

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
    }

    /// One of several objects; its member [#KIND] says which.
    record Union(List<Kind> kinds) implements ArgumentsShape {
        public Union {
            kinds = List.copyOf(kinds);
            var words = new HashSet<String>();
            kinds.forEach(kind -> require(words.add(kind.word())));
        }

        /// One more.
        ///
        /// @param members without [#KIND]
        public Union kind(String word, Structure members) {
            var kind = new Member(KIND, choice(word), true);
            var whole = new ArrayList<>(List.of(kind));
            whole.addAll(members.members());
            var more = new ArrayList<>(kinds);
            more.add(new Kind(word, new Structure(whole)));
            return new Union(more);
        }
    }

    /// @param whole all its members, [#KIND] the first
    record Kind(String word, Structure whole) {}

    private static void require(boolean holds) {
        if (!holds) {
            throw new IllegalArgumentException(
                    "a shape that nothing or not every reader can satisfy");
        }
    }
}
