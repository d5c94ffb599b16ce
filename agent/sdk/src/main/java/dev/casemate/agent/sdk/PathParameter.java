package dev.casemate.agent.sdk;

import java.util.Set;
import java.util.regex.Pattern;

/// What may stand in one place of a [FixedEndpoint]'s path or query.
///
/// Whatever it says, values with control characters and torn characters are refused, and in a path
/// those with `/ \ % ; ? #` or their look-alikes, too.
public sealed interface PathParameter {

    boolean accepts(String value);

    /// What is expected, for the message to the model.
    String form();

    /// Text that matches a regular expression as a whole.
    ///
    /// @param maxChars checked before the expression is tried
    record Text(Pattern pattern, int maxChars) implements PathParameter {

        public Text {
            if (maxChars < 1) {
                throw new IllegalArgumentException("expected a length greater than zero");
            }
        }

        @Override
        public boolean accepts(String value) {
            return value.length() <= maxChars && pattern.matcher(value).matches();
        }

        @Override
        public String form() {
            return "text of the form " + pattern;
        }
    }

    /// A whole number without sign or leading zeros.
    record Whole(long min, long max) implements PathParameter {

        private static final Pattern DIGITS = Pattern.compile("0|[1-9][0-9]{0,17}");

        public Whole {
            if (min < 0 || max < min) {
                throw new IllegalArgumentException("expected 0 <= min <= max");
            }
        }

        @Override
        public boolean accepts(String value) {
            return DIGITS.matcher(value).matches()
                    && Long.parseLong(value) >= min
                    && Long.parseLong(value) <= max;
        }

        @Override
        public String form() {
            return "a whole number from " + min + " to " + max;
        }
    }

    /// One of a few words.
    record OneOf(Set<String> values) implements PathParameter {

        public OneOf {
            values = Set.copyOf(values);
        }

        @Override
        public boolean accepts(String value) {
            return values.contains(value);
        }

        @Override
        public String form() {
            return "one of " + values.stream().sorted().toList();
        }
    }
}
