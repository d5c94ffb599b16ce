package dev.casemate.agent.processor;

import dev.casemate.agent.sdk.ArgumentsShape;
import java.util.List;
import javax.lang.model.element.TypeElement;

/// The type of an argument: its shape, and what Java makes of it.
sealed interface ArgumentType {

    ArgumentsShape shape();

    /// How large its schema is.
    Extent extent();

    /// @param reader the method of `ArgumentsValue` that reads it
    record Simple(ArgumentsShape shape, String reader) implements ArgumentType {
        @Override
        public Extent extent() {
            return Extent.ONE;
        }
    }

    /// An enum.
    record Choice(ArgumentsShape shape, TypeElement type) implements ArgumentType {
        @Override
        public Extent extent() {
            return Extent.ONE;
        }
    }

    record Sequence(ArgumentsShape shape, ArgumentType items, Extent extent)
            implements ArgumentType {

        static Sequence of(ArgumentsShape shape, ArgumentType items) {
            return new Sequence(shape, items, Extent.around(List.of(items)));
        }
    }

    /// A record.
    record Structure(
            ArgumentsShape shape, TypeElement type, List<Argument> components, Extent extent)
            implements ArgumentType {

        static Structure of(TypeElement type, List<Argument> components) {
            var inside = components.stream().map(Argument::type).toList();
            return new Structure(
                    ArgumentType.shape(components),
                    type,
                    List.copyOf(components),
                    Extent.around(inside));
        }
    }

    /// A parameter of a tool, or a component of a record.
    ///
    /// @param optional whether Java has it as an `Optional`
    record Argument(String name, ArgumentType type, boolean optional) {}

    /// Computed once for each type: records that share parts make a schema that is exponentially
    /// larger than the source.
    ///
    /// @param size how many schemas it holds, itself included
    /// @param depth how many lists and records are inside each other
    record Extent(int size, int depth) {
        private static final Extent ONE = new Extent(1, 0);
        private static final int MUCH = 1_000_000;

        private static Extent around(List<? extends ArgumentType> inside) {
            long size = 1;
            int depth = 0;
            for (var type : inside) {
                size = Math.min(MUCH, size + type.extent().size());
                depth = Math.max(depth, type.extent().depth());
            }
            return new Extent((int) size, Math.min(MUCH, depth + 1));
        }
    }

    /// The object that holds these arguments.
    static ArgumentsShape.Structure shape(List<Argument> arguments) {
        var shape = ArgumentsShape.object();
        for (var argument : arguments) {
            shape =
                    argument.optional()
                            ? shape.optional(argument.name(), argument.type().shape())
                            : shape.required(argument.name(), argument.type().shape());
        }
        return shape;
    }
}
