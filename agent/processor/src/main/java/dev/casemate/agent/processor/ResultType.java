package dev.casemate.agent.processor;

import java.util.List;
import javax.lang.model.element.TypeElement;

/// What a tool returns, and how generated code writes it.
sealed interface ResultType {

    /// Nothing: the answer says that it was done.
    record Nothing() implements ResultType {}

    /// @param form Java that makes JSON of the value, `%s`
    record Simple(String form) implements ResultType {}

    /// A text, which is the answer as it is where it is the whole result.
    record Text() implements ResultType {}

    record Sequence(ResultType items) implements ResultType {}

    record Perhaps(ResultType value) implements ResultType {}

    record Structure(TypeElement type, List<Component> components) implements ResultType {}

    record Component(String name, ResultType type) {}
}
