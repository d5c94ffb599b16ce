package dev.casemate.proxy.policy;

import java.util.Objects;

/// One text of an exchange.
///
/// @param source whose words they are
/// @param place where they stand, as a JSON Pointer in the request or the answer
/// @param text the text as the model reads or writes it: JSON escapes undone
public record Passage(Source source, String place, String text) {

    public Passage {
        Objects.requireNonNull(source);
        Objects.requireNonNull(place);
        Objects.requireNonNull(text);
    }
}
