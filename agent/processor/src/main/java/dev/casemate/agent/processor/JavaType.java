package dev.casemate.agent.processor;

import java.util.List;
import java.util.Optional;
import javax.lang.model.element.Element;
import javax.lang.model.element.TypeElement;

/// A type that can go into a tool or come out of one.
sealed interface JavaType {

    /// How large its schema is.
    Extent extent();

    record Simple(Scalar scalar) implements JavaType {
        @Override
        public Extent extent() {
            return Extent.ONE;
        }
    }

    /// An enum.
    record Words(TypeElement type, List<String> constants) implements JavaType {
        @Override
        public Extent extent() {
            return Extent.ONE;
        }
    }

    record Sequence(Use items, Extent extent) implements JavaType {
        static Sequence of(Use items) {
            return new Sequence(items, Extent.around(List.of(items.type())));
        }
    }

    /// An `Optional`.
    record Perhaps(Use value) implements JavaType {
        @Override
        public Extent extent() {
            return value.type().extent();
        }
    }

    /// What generated code reads and writes with a method of its own.
    sealed interface Named extends JavaType {
        TypeElement type();

        default String name() {
            return type().getQualifiedName().toString();
        }

        default String simpleName() {
            return type().getSimpleName().toString();
        }
    }

    /// A record.
    record Structure(TypeElement type, List<Component> components, Extent extent) implements Named {
        static Structure of(TypeElement type, List<Component> components) {
            var inside = components.stream().map(component -> component.use().type()).toList();
            return new Structure(type, List.copyOf(components), Extent.around(inside));
        }
    }

    /// A sealed interface, and the records that it stands for.
    record Union(TypeElement type, List<Structure> kinds, Extent extent) implements Named {
        static Union of(TypeElement type, List<Structure> kinds) {
            return new Union(type, List.copyOf(kinds), Extent.around(kinds));
        }
    }

    /// @param elsewhere what to say besides, where something is wrong with a component that is
    ///   compiled elsewhere and has no line
    record Component(String name, Use use, Optional<String> elsewhere) {}

    /// A type where it stands.
    ///
    /// @param constraints those on it
    /// @param element where to report what is wrong with it
    record Use(JavaType type, List<Constraint> constraints, Element element) {
        Place place() {
            return Place.of(element);
        }
    }

    /// Computed once for each type: records that share parts make a schema that is exponentially
    /// larger than the source.
    ///
    /// @param size how many schemas it holds, itself included
    /// @param depth how many lists and records are inside each other
    record Extent(int size, int depth) {
        private static final Extent ONE = new Extent(1, 0);
        private static final int MUCH = 1_000_000;

        private static Extent around(List<? extends JavaType> inside) {
            long size = 1;
            int depth = 0;
            for (var type : inside) {
                size = Math.min(MUCH, size + type.extent().size());
                depth = Math.max(depth, type.extent().depth());
            }
            return new Extent((int) size, Math.min(MUCH, depth + 1));
        }
    }
}
