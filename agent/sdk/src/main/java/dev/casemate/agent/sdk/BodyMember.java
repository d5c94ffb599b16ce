package dev.casemate.agent.sdk;

import dev.casemate.manifest.Json;
import java.math.BigDecimal;
import java.util.Set;
import java.util.regex.Pattern;

/// One member of the JSON object that a [WritingEndpoint] sends.
///
/// @param required whether each call has it
public record BodyMember(Form form, boolean required) {

    /// What its value may be.
    public sealed interface Form {

        boolean accepts(Json value);

        /// What is expected, for the message to the model.
        String expected();

        /// Text that matches a regular expression as a whole.
        ///
        /// @param maxChars checked before the expression is tried
        record Text(Pattern pattern, int maxChars) implements Form {

            public Text {
                if (maxChars < 1) {
                    throw new IllegalArgumentException("expected a length greater than zero");
                }
            }

            @Override
            public boolean accepts(Json value) {
                return value instanceof Json.Str(var text)
                        && text.length() <= maxChars
                        && TextLimit.isWellFormed(text)
                        && pattern.matcher(text).matches();
            }

            @Override
            public String expected() {
                return "text of the form " + pattern;
            }
        }

        /// One of a few words.
        record OneOf(Set<String> values) implements Form {

            public OneOf {
                values = Set.copyOf(values);
            }

            @Override
            public boolean accepts(Json value) {
                return value instanceof Json.Str(var text) && values.contains(text);
            }

            @Override
            public String expected() {
                return "one of " + values.stream().sorted().toList();
            }
        }

        /// A number.
        record Decimal(BigDecimal min, BigDecimal max) implements Form {

            public Decimal {
                if (max.compareTo(min) < 0) {
                    throw new IllegalArgumentException("expected min <= max");
                }
            }

            @Override
            public boolean accepts(Json value) {
                return value instanceof Json.Num(var number)
                        && number.compareTo(min) >= 0
                        && number.compareTo(max) <= 0;
            }

            @Override
            public String expected() {
                return "a number from " + min.toPlainString() + " to " + max.toPlainString();
            }
        }

        /// A whole number.
        record Whole(long min, long max) implements Form {

            public Whole {
                if (max < min) {
                    throw new IllegalArgumentException("expected min <= max");
                }
            }

            @Override
            public boolean accepts(Json value) {
                return value instanceof Json.Num(var number)
                        && number.stripTrailingZeros().scale() <= 0
                        && number.compareTo(BigDecimal.valueOf(min)) >= 0
                        && number.compareTo(BigDecimal.valueOf(max)) <= 0;
            }

            @Override
            public String expected() {
                return "a whole number from " + min + " to " + max;
            }
        }

        /// True or false.
        record Flag() implements Form {

            @Override
            public boolean accepts(Json value) {
                return value instanceof Json.Bool;
            }

            @Override
            public String expected() {
                return "true or false";
            }
        }

        /// A list.
        record Items(Form each, int max) implements Form {

            public Items {
                if (max < 1) {
                    throw new IllegalArgumentException("expected a length greater than zero");
                }
            }

            @Override
            public boolean accepts(Json value) {
                return value instanceof Json.Arr(var items)
                        && items.size() <= max
                        && items.stream().allMatch(each::accepts);
            }

            @Override
            public String expected() {
                return "a list of at most " + max + ", each " + each.expected();
            }
        }
    }

    public static BodyMember required(Form form) {
        return new BodyMember(form, true);
    }

    public static BodyMember optional(Form form) {
        return new BodyMember(form, false);
    }
}
