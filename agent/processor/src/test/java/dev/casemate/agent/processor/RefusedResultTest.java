package dev.casemate.agent.processor;

import static dev.casemate.agent.processor.Refused.assertRefused;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What cannot be written as JSON does not compile.
final class RefusedResultTest {

    @ParameterizedTest(name = "{0} is refused")
    @MethodSource("results")
    void whatCannotBeWrittenIsAnErrorAtItsLine(String what, String body, int line, String message) {
        assertRefused(Agents.source(body), Agents.HEADER_LINES + line, message);
    }

    private static final String FUTURES = "@SuppressWarnings(\"rawtypes\") java.util.concurrent.";

    static Stream<Arguments> results() {
        return Stream.of(
                result("an Object as result", "Object", "Object cannot be written: expected void"),
                result(
                        "a map as result",
                        "Map<String, String>",
                        "a Map has no names that could be"),
                result("an array as result", "int[]", "an array has no bound"),
                result("a wildcard as result", "List<?>", "a wildcard cannot be written"),
                result("a character as result", "char", "a char is half a character"),
                result(
                        "a nullable result",
                        "@org.jspecify.annotations.Nullable String",
                        "a result may not be null: return an Optional"),
                declaredResult(
                        "record Node(\nOptional<Node> next) {}", "Node", 2, "contains itself"),
                declaredResult("record Box<T>(T value) {}", "Box<String>", 3, "is generic"),
                declaredResult(
                        "record Any(\nObject value) {}", "Any", 2, "Object cannot be written"),
                declaredResult("private record Own(int a) {}", "Own", 3, "is hidden from"),
                result("a set as result", "Set<String>", "Set cannot be written: a Set has no"),
                result("a date of nobody's clock", "java.time.LocalDateTime", "use an Instant"),
                result("a raw future", FUTURES + "Future", "a raw future cannot be written"),
                result(
                        "a future of anything",
                        "java.util.concurrent.Future<?>",
                        "this type cannot be written"),
                result(
                        "a future of a future",
                        "java.util.concurrent.Future<java.util.concurrent.Future<String>>",
                        "Future cannot be written: only a whole result may come later"),
                result(
                        "a list of futures",
                        "List<java.util.concurrent.CompletableFuture<String>>",
                        "only a whole result may come later"),
                declaredResult(
                        "sealed interface Any permits One {} enum One implements Any { A }",
                        "Any",
                        3,
                        "One, which Any permits, is no record: put it into one"));
    }

    private static Arguments result(String what, String type, String message) {
        return Arguments.of(
                what,
                "@Tool(name = \"t\", description = \"T\", effect = READ)\n"
                        + type
                        + " t() { throw new UnsupportedOperationException(); }",
                2,
                message);
    }

    private static Arguments declaredResult(
            String declaration, String type, int line, String message) {
        return Arguments.of(
                declaration + " as result",
                declaration
                        + "\n@Tool(name = \"t\", description = \"T\", effect = READ)\n"
                        + type
                        + " t() { throw new UnsupportedOperationException(); }",
                line,
                message);
    }
}
