package dev.casemate.agent.processor;

import dev.casemate.agent.sdk.ArgumentsShape;
import java.util.List;

/// A parameter of a tool, or a component of a record that is one.
///
/// @param type inside the `Optional`, if it is one
/// @param shape that passes the check
/// @param optional whether Java has it as an `Optional`
record Argument(String name, JavaType type, ArgumentsShape shape, boolean optional) {

    /// The components of a record.
    ///
    /// @param shape the record's own, or as a kind of a sealed interface
    static List<Argument> of(JavaType.Structure type, ArgumentsShape.Structure shape) {
        return type.components().stream()
                .map(component -> of(component.name(), component.use().type(), shape))
                .toList();
    }

    private static Argument of(String name, JavaType type, ArgumentsShape.Structure shape) {
        var member =
                shape.members().stream()
                        .filter(it -> it.name().equals(name))
                        .findFirst()
                        .orElseThrow();
        var inside = type instanceof JavaType.Perhaps(var value) ? value.type() : type;
        return new Argument(name, inside, member.shape(), !member.required());
    }

    /// The object that holds these arguments.
    static ArgumentsShape.Structure shape(List<Argument> arguments) {
        var shape = ArgumentsShape.object();
        for (var argument : arguments) {
            shape = argument.addedTo(shape);
        }
        return shape;
    }

    ArgumentsShape.Structure addedTo(ArgumentsShape.Structure object) {
        return optional ? object.optional(name, shape) : object.required(name, shape);
    }
}
