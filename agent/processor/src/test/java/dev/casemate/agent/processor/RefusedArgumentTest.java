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
    @MethodSource({"parameterTypes", "recordsAndEnums", "sealedInterfaces"})
    void whatCannotBeCheckedIsAnErrorAtItsLine(String what, String body, int line, String message) {
        assertRefused(Agents.source(body), Agents.HEADER_LINES + line, message);
    }

    static Stream<Arguments> parameterTypes() {
        return Stream.of(
                parameter("an Object", "Object o", "Object cannot be checked: expected String"),
                parameter(
                        "a map",
                        "Map<String, String> m",
                        "Map cannot be checked: a Map has no names"),
                parameter("a raw map", "@SuppressWarnings(\"rawtypes\") Map m", "Map cannot be"),
                parameter("a set", "Set<String> s", "Set cannot be checked: a Set has no order"),
                parameter("an array", "String[] a", "an array has no bound: use a List"),
                parameter("a variable number", "String... a", "an array has no bound: use a List"),
                parameter("a raw list", "@SuppressWarnings(\"rawtypes\") List l", "a raw type"),
                parameter("a wildcard", "List<? extends Number> l", "a wildcard cannot be checked"),
                parameter("a list of objects", "List<Object> l", "Object cannot be checked"),
                parameter("a float", "float f", "a float rounds what it is given: take a double"),
                parameter("a boxed float", "Float f", "a float rounds what it is given"),
                parameter("a byte", "byte b", "take an int with @Min and @Max"),
                parameter("a character", "char c", "a char is half a character: use a String"),
                parameter("an OptionalInt", "OptionalInt i", "expected Optional<Integer>"),
                parameter("a list of optionals", "List<Optional<String>> l", "an Optional inside"),
                parameter(
                        "an optional optional",
                        "Optional<Optional<String>> o",
                        "an Optional inside another type: only a whole argument may be"),
                parameter("an interface", "CharSequence c", "CharSequence cannot be checked"),
                parameter("a class of one's own", "Tester t", "Tester cannot be checked"),
                parameter("a boxed byte", "Byte b", "a byte is from -128 to 127"),
                parameter("a boxed character", "Character c", "use a String"),
                parameter(
                        "a date of nobody's clock",
                        "java.time.LocalDateTime d",
                        "LocalDateTime cannot be checked: nobody knows whose clock a LocalDateTime"
                                + " is read from: use an Instant or an OffsetDateTime, or a"
                                + " LocalDate and a LocalTime"),
                parameter("a zoned date", "java.time.ZonedDateTime d", "use an Instant"),
                parameter("an old date", "Date d", "a Date does not say what it counts"),
                parameter(
                        "a future",
                        "java.util.concurrent.Future<String> f",
                        "Future cannot be checked: only a whole result may come later"),
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
                        "A contains itself, without an end"),
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

    static Stream<Arguments> sealedInterfaces() {
        return Stream.of(
                declared(
                        "a sealed interface that permits an enum",
                        "sealed interface Any permits One, Two {} record One() implements Any {}"
                                + " enum Two implements Any { A }",
                        "Any a",
                        4,
                        "Two, which Any permits, is no record: put it into one"),
                declared(
                        "a sealed interface that permits a class",
                        "sealed interface Any permits One {} static final class One implements Any"
                                + " {}",
                        "Any a",
                        4,
                        "One, which Any permits, is no record"),
                declared(
                        "a sealed interface that permits an open one",
                        "sealed interface Any permits One {} non-sealed interface One extends Any"
                                + " {}",
                        "Any a",
                        4,
                        "One, which Any permits, is no record"),
                declared(
                        "a sealed class",
                        "static sealed abstract class Any permits One {} static final class One"
                                + " extends Any {}",
                        "Any a",
                        4,
                        "Any cannot be checked: expected"),
                declared(
                        "a generic sealed interface",
                        "sealed interface Any<T> permits One {} record One() implements"
                                + " Any<String> {}",
                        "Any<String> a",
                        4,
                        "Any is generic"),
                declared(
                        "a kind that is hidden",
                        "sealed interface Any permits One {} private record One() implements Any"
                                + " {}",
                        "Any a",
                        4,
                        "One is hidden from the generated tool set"),
                declared(
                        "a component with the name of the member that says the kind",
                        "sealed interface Any permits One {} record One(int a,\nString kind)"
                                + " implements Any {}",
                        "Any a",
                        2,
                        "member kind says which record it is: give this component another name"),
                declared(
                        "two kinds of one name",
                        "sealed interface Any permits One, Two.One {} record One() implements Any"
                                + " {} interface Two { record One() implements Any {} }",
                        "Any a",
                        4,
                        "Any permits two records named One"),
                declared(
                        "a sealed interface that contains itself",
                        "sealed interface Any permits One {} record One(\nOptional<Any> next)"
                                + " implements Any {}",
                        "Any a",
                        2,
                        "Any contains itself, without an end"),
                declared(
                        "a component of a kind that cannot be checked",
                        "sealed interface Any permits One {} record One(\nObject o) implements Any"
                                + " {}",
                        "Any a",
                        2,
                        "Object cannot be checked"),
                declared(
                        "a constraint on a sealed interface",
                        "sealed interface Any permits One {} record One() implements Any {}",
                        "@NotEmpty Any a",
                        4,
                        "@NotEmpty does not constrain a sealed interface: expected @NotNull or"));
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
