package dev.casemate.agent.processor;

import java.util.Optional;
import javax.annotation.processing.Messager;
import javax.tools.Diagnostic.Kind;

/// Tells the developer what does not compile, and where.
///
/// What cannot be read is an empty [Optional] that has been reported here, so that one compilation
/// reports everything that is wrong.
final class Problems {

    private final Messager messager;
    private int count;
    private boolean unresolved;

    Problems(Messager messager) {
        this.messager = messager;
    }

    /// @param message what is wrong and what to do
    /// @return empty
    <T> Optional<T> refuse(Place place, String message) {
        count++;
        var element = place.element();
        var annotation = place.annotation().orElse(null);
        var value = place.value().orElse(null);
        if (annotation == null) {
            messager.printMessage(Kind.ERROR, message, element);
        } else if (value == null) {
            messager.printMessage(Kind.ERROR, message, element, annotation);
        } else {
            messager.printMessage(Kind.ERROR, message, element, annotation, value);
        }
        return Optional.empty();
    }

    /// A type that is not there yet, or not at all: another processor may still write it, and if
    /// none does, javac says so itself.
    ///
    /// @return empty
    <T> Optional<T> unresolved() {
        unresolved = true;
        return Optional.empty();
    }

    /// How many were reported so far.
    int count() {
        return count;
    }

    boolean isUnresolved() {
        return unresolved;
    }
}
