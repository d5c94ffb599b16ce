package dev.casemate.agent.processor;

import static dev.casemate.agent.processor.Refused.assertRefused;
import static dev.casemate.agent.processor.Refused.declared;
import static dev.casemate.agent.processor.Refused.parameter;
import static dev.casemate.agent.processor.Refused.tool;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What cannot be checked does not compile, and the error stands at its line and says what to do.
final class RefusedArgumentTest {

    @ParameterizedTest(name = "{0} is refused")
    @MethodSource({"parameterTypes", "recordsAndEnums"})
    void whatCannotBeCheckedIsAnErrorAtItsLine(String what, String body, int line, String message) {
        assertRefused(Agents.source(body), Agents.HEADER_LINES + line, message);
    }

    static Stream<Arguments> parameterTypes() {
        return Stream.of(
                parameter("an Object", "Object o", "Object cannot be checked: expected String"),
                parameter("a map", "Map<String, String> m", "Map cannot be checked: expected"),
                parameter("a raw map", "@SuppressWarnings(\"rawtypes\") Map m", "Map cannot be"),
                parameter("a set", "Set<String> s", "Set cannot be checked: expected"),
                parameter("an array", "String[] a", "an array has no bound: take a List"),
                parameter("a variable number", "String... a", "an array has no bound: take a List"),
                parameter("a raw list", "@SuppressWarnings(\"rawtypes\") List l", "a raw type"),
                parameter("a wildcard", "List<? extends Number> l", "a wildcard cannot be checked"),
                parameter("a list of objects", "List<Object> l", "Object cannot be checked"),
                parameter("a float", "float f", "a float rounds what it is given: take a double"),
                parameter("a boxed float", "Float f", "Float cannot be checked: expected"),
                parameter("a byte", "byte b", "a byte is not supported: take an int"),
                parameter("a character", "char c", "a char is half a character: take a String"),
                parameter("an OptionalInt", "OptionalInt i", "expected Optional<Integer>"),
                parameter("a list of optionals", "List<Optional<String>> l", "an Optional inside"),
                parameter(
                        "an optional optional",
                        "Optional<Optional<String>> o",
                        "an Optional inside another type: only a whole argument may be"),
                parameter("an interface", "CharSequence c", "CharSequence cannot be checked"),
                parameter("a class of one's own", "Tester t", "Tester cannot be checked"),
                parameter("a type that is not there", "Missing m", "cannot find symbol"));
    }

    static Stream<Arguments> recordsAndEnums() {
        return Stream.of(
                declared(
                        "a record that contains itself",
                        "record Node(int value, List<Node> next) {}",
                        "Node n",
                        1,
                        "Node contains itself"),
                declared(
                        "records that contain each other",
                        "record A(Optional<B> b) {} record B(\nOptional<A> a) {}",
                        "A a",
                        2,
                        "A contains itself: a call has no end"),
                declared(
                        "a generic record", "record Box<T>(T v) {}", "Box<String> b", 4, "generic"),
                declared(
                        "a record component of a wrong type",
                        "record Named(String name,\nObject value) {}",
                        "Named n",
                        2,
                        "Object cannot be checked"),
                declared(
                        "a constraint that does not fit a component",
                        "record Named(String name,\n@Min(1) String value) {}",
                        "Named n",
                        2,
                        "@Min does not constrain a text"),
                declared(
                        "a private record",
                        "private record Hidden(int value) {}",
                        "Hidden h",
                        4,
                        "Hidden is hidden from the generated tool set: make it visible"),
                declared(
                        "a private enum",
                        "private enum Hidden { A }",
                        "Hidden h",
                        4,
                        "Hidden is hidden from the generated tool set"),
                declared("an enum without constants", "enum None {}", "None n", 4, "no constants"),
                declared(
                        "an argument that is too deep",
                        "",
                        "List<List<List<List<List<List<List<List<List<Integer>>>>>>>>> deep",
                        4,
                        "more than 8 deep"),
                declared(
                        "an argument that is exponentially large",
                        "record A(B a, B b, B c, B d) {} record B(C a, C b, C c, C d) {}"
                                + " record C(D a, D b, D c, D d) {}"
                                + " record D(E a, E b, E c, E d) {} record E(int a, int b) {}",
                        "A large",
                        4,
                        "more than 500 parts: take less"));
    }

    @Test
    void aConstraintInARecordFromAJarIsRefusedWhereTheRecordIsUsed() {
        var library =
                Compilation.of(
                        """
                        package y;
                        import jakarta.validation.constraints.*;
                        public record Part(String name, @Min(1) String size) {}
                        """);
        assertThat(library.errors()).isEmpty();
        var compilation =
                Compilation.of(library.files(), List.of(Agents.source(tool("y.Part part"))));
        assertThat(compilation.errors())
                .extracting(Compilation.Complaint::line)
                .containsOnly(Agents.HEADER_LINES + 3L);
        assertThat(compilation.errors())
                .anySatisfy(error -> assertThat(error.message()).contains("component size of Part"))
                .anySatisfy(
                        error -> assertThat(error.message()).contains("@Min does not constrain"));
        assertThat(compilation.files()).isEmpty();
    }
}
