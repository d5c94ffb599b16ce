package dev.casemate.agent.testkit;

import dev.casemate.agent.testkit.BoundedMatch.Found;
import java.util.Locale;
import java.util.regex.Pattern;

/// What a text must be, whoever wrote it.
sealed interface TextCheck {

    /// Has this in it; upper and lower case are the same.
    record Contains(String part) implements TextCheck {}

    /// Has this nowhere in it; upper and lower case are the same.
    record Lacks(String part) implements TextCheck {}

    /// Is this and nothing else, apart from white space around it.
    record Equals(String whole) implements TextCheck {}

    /// Has a match of this in it.
    record Matches(Pattern pattern) implements TextCheck {}

    default boolean holds(String text) {
        return switch (this) {
            case Contains(var part) -> folded(text).contains(folded(part));
            case Lacks(var part) -> !folded(text).contains(folded(part));
            case Equals(var whole) -> text.strip().equals(whole.strip());
            case Matches(var pattern) -> BoundedMatch.search(pattern, text) == Found.YES;
        };
    }

    /// As in "expected an answer ...".
    default String words() {
        return switch (this) {
            case Contains(var part) -> "with \"" + part + "\"";
            case Lacks(var part) -> "without \"" + part + "\"";
            case Equals(var whole) -> "that is \"" + whole + "\"";
            case Matches(var pattern) -> "that matches " + pattern;
        };
    }

    private static String folded(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
