package dev.casemate.agent.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What cannot be checked does not compile, and the error stands at its line and says what to do.
final class RefusedSourceTest {

    @ParameterizedTest(name = "{0} is refused")
    @MethodSource({"parameterTypes", "recordsAndEnums", "misplacedConstraints"})
    void whatCannotBeCheckedIsAnErrorAtItsLine(String what, String body, int line, String message) {
        assertRefused(Agents.source(body), Agents.HEADER_LINES + line, message);
    }

    @ParameterizedTest(name = "{0} is refused")
    @MethodSource({"invalidConstraints", "tools", "results"})
    void whatMakesNoSenseIsAnErrorAtItsLine(String what, String body, int line, String message) {
        assertRefused(Agents.source(body), Agents.HEADER_LINES + line, message);
    }

    @ParameterizedTest(name = "{0} is refused")
    @MethodSource("agents")
    void anAgentThatTheManifestRefusesIsAnErrorAtItsLine(
            String what, String old, String replacement, int line, String message) {
        var source = Agents.source("");
        assertThat(source).contains(old);
        assertRefused(source.replace(old, replacement), line, message);
    }

    private static void assertRefused(String source, int line, String message) {
        var compilation = Compilation.of(source);
        assertThat(compilation.errors())
                .as(source.lines().skip(Agents.HEADER_LINES).toList().toString())
                .anySatisfy(error -> {
                    assertThat(error.message()).contains(message);
                    assertThat(error.line()).isEqualTo(line);
                });
        assertThat(compilation.files().keySet())
                .doesNotContain("x/TesterToolSet.java", "META-INF/casemate/manifest.json");
    }

    /// A tool with one parameter, on line 3 of the body.
    private static Arguments parameter(String what, String parameter, String message) {
        return Arguments.of(what, tool(parameter), 3, message);
    }

    private static String tool(String parameter) {
        return "@Tool(name = \"t\", description = \"T\", effect = READ)\n"
                + "String tool(int first,\n"
                + parameter
                + ") { return \"\"; }";
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

    /// A declaration on line 1, and a tool that takes it.
    private static Arguments declared(
            String what, String declaration, String parameter, int line, String message) {
        return Arguments.of(what, declaration + "\n" + tool(parameter), line, message);
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

    static Stream<Arguments> misplacedConstraints() {
        return Stream.of(
                parameter("@Min on a text", "@Min(1) String s", "@Min does not constrain a text"),
                parameter(
                        "@Size on a number", "@Size(max = 3) int i", "does not constrain a number"),
                parameter("@NotBlank on a list", "@NotBlank List<String> l", "constrain a list"),
                parameter(
                        "@Pattern on an enum",
                        "@Pattern(regexp = \"A\") RoundingMode r",
                        "an enum"),
                parameter("@AssertTrue", "@AssertTrue boolean b", "does not constrain a boolean"),
                parameter("@Email", "@Email String s", "use @Pattern with the addresses"),
                parameter("@Past", "@Past String s", "@Past does not constrain a text"),
                parameter("@Null", "@Null String s", "@Null does not constrain a text"),
                parameter(
                        "a constraint on an optional",
                        "@Min(1) Optional<Integer> o",
                        "constrain what is inside: Optional<@Min(1) Integer>"),
                parameter(
                        "a constraint inside that does not fit",
                        "List<@Min(1) String> l",
                        "@Min does not constrain a text: expected @NotBlank"),
                parameter(
                        "a nullable argument",
                        "@org.jspecify.annotations.Nullable String s",
                        "is not how an argument may be absent: use Optional"),
                parameter(
                        "a group",
                        "@NotBlank(groups = Tester.class) String s",
                        "@NotBlank has groups, but a call is always checked in full"),
                declared(
                        "a constraint of one's own",
                        "@jakarta.validation.Constraint(validatedBy = {})"
                                + " @interface Even { String message() default \"\";"
                                + " Class<?>[] groups() default {};"
                                + " Class<? extends jakarta.validation.Payload>[] payload() default"
                                + " {}; }",
                        "@Even int i",
                        4,
                        "Even does not constrain a number"));
    }

    static Stream<Arguments> invalidConstraints() {
        return Stream.of(
                parameter("a size from 3 to 2", "@Size(min = 3, max = 2) String s", "fits nothing"),
                parameter("a negative size", "@Size(min = -1) String s", "@Size fits nothing"),
                parameter("a giant size", "@Size(max = 2_000_000) String s", "at most 1048576"),
                parameter("a giant list", "@Size(max = 20_000) List<String> l", "at most 10000"),
                parameter(
                        "a minimum above the usual maximum",
                        "@Size(min = 5_000) String s",
                        "the maximum where none is given: give one with @Size"),
                parameter("a range from 3 to 2", "@Min(3) @Max(2) int i", "fit no number"),
                parameter(
                        "a range between whole numbers",
                        "@DecimalMin(value = \"1\", inclusive = false) @DecimalMax(\"1.5\") int i",
                        "these constraints fit no number of this type"),
                parameter("a bound beyond the type", "@Min(40_000) short i", "fit no number"),
                parameter(
                        "a bound that not every reader holds",
                        "@Max(Long.MAX_VALUE) long l",
                        "up to which every JSON reader agrees"),
                parameter(
                        "a bound that is no number",
                        "@DecimalMin(\"one\") double d",
                        "is no number"),
                parameter(
                        "a bound that a double cannot hold",
                        "@DecimalMin(\"0.12345678901234567890123\") BigDecimal d",
                        "a double cannot hold as written: round it"),
                parameter(
                        "an infinite bound",
                        "@DecimalMax(\"1e999999999\") BigDecimal d",
                        "a double cannot hold"),
                parameter("an empty range", "@Positive @Negative double d", "fit no number"),
                parameter(
                        "negative digits",
                        "@Digits(integer = -1, fraction = 2) BigDecimal d",
                        "expected integer from 0"),
                parameter(
                        "too many digits",
                        "@Digits(integer = 1, fraction = 21) BigDecimal d",
                        "expected fraction from 0 to 20"),
                parameter("a broken pattern", "@Pattern(regexp = \"[\") String s", "no regular"),
                parameter(
                        "a pattern with look-ahead",
                        "@Pattern(regexp = \"(?=a)b\") String s",
                        "no look-around"),
                parameter(
                        "a pattern with flags",
                        "@Pattern(regexp = \"a\", flags = Pattern.Flag.MULTILINE) String s",
                        "@Pattern has flags, which a schema has not"));
    }

    private static Arguments tool(String what, String body, int line, String message) {
        return Arguments.of(what, body, line, message);
    }

    static Stream<Arguments> tools() {
        var head = "@Tool(name = \"t\", description = \"T\", effect = READ)\n";
        return Stream.of(
                tool(
                        "a private tool",
                        head + "private int t() { return 1; }",
                        2,
                        "may not be private"),
                tool(
                        "a static tool",
                        head + "static int t() { return 1; }",
                        2,
                        "may not be static"),
                tool("a generic tool", head + "<T> int t() { return 1; }", 2, "may not be generic"),
                tool(
                        "a tool with a type variable",
                        head + "<T> int t(\nT it) { return 1; }",
                        3,
                        "this type cannot be checked"),
                tool(
                        "a blank description",
                        "@Tool(name = \"t\",\n description = \" \", effect = READ)\nint t() { return 1; }",
                        2,
                        "the description is blank: say what the tool does"),
                tool(
                        "a tool without description",
                        "@Tool(name = \"t\", effect = READ)\nint t() { return 1; }",
                        1,
                        "missing a default value for the element 'description'"),
                tool(
                        "a name that no provider takes",
                        "@Tool(name = \"to do\",\n description = \"T\", effect = READ)\nint t() { return 1; }",
                        1,
                        "not the name of a tool"),
                tool(
                        "a second tool of the same name",
                        head + "int t() { return 1; }\n" + head + "int u() { return 1; }",
                        3,
                        "another tool has this name"),
                tool(
                        "a destination that is not declared",
                        "@Tool(name = \"t\", description = \"T\", effect = READ, destinations = {\n"
                                + "\"here\",\n\"there\"})\nint t() { return 1; }",
                        3,
                        "the agent has no such destination: declare it"),
                tool(
                        "a destination named twice",
                        "@Tool(name = \"t\", description = \"T\", effect = READ, destinations = {\n"
                                + "\"here\",\n\"here\"})\nint t() { return 1; }",
                        3,
                        "expected each destination once"),
                tool(
                        "a tool that reads nothing",
                        "@Tool(name = \"t\", description = \"T\",\neffect = READ)\nvoid t() {}",
                        2,
                        "return what it read, or make its effect WRITE"),
                tool(
                        "a tool that writes to nowhere",
                        "@Tool(name = \"t\", description = \"T\",\neffect = WRITE)\nvoid t() {}",
                        2,
                        "a tool that writes has a destination"));
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

    static Stream<Arguments> results() {
        return Stream.of(
                result("an Object as result", "Object", "Object cannot be written: expected void"),
                result("a map as result", "Map<String, String>", "Map cannot be written"),
                result("an array as result", "int[]", "this result cannot be written"),
                result("a wildcard as result", "List<?>", "this result cannot be written"),
                result("a character as result", "char", "this result cannot be written"),
                result(
                        "a nullable result",
                        "@org.jspecify.annotations.Nullable String",
                        "a result may not be null: return an Optional"),
                declaredResult(
                        "record Node(\nOptional<Node> next) {}", "Node", 2, "contains itself"),
                declaredResult("record Box<T>(T value) {}", "Box<String>", 3, "is generic"),
                declaredResult(
                        "record Any(\nObject value) {}", "Any", 2, "Object cannot be written"),
                declaredResult("private record Own(int a) {}", "Own", 3, "is hidden from"));
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

    static Stream<Arguments> agents() {
        return Stream.of(
                Arguments.of("a bad name", "\"tester\"", "\"Tester!\"", 8, "lower-case letters"),
                Arguments.of("a blank version", "\"1.0.0\"", "\" \"", 8, "version is blank"),
                Arguments.of("a blank persona", "\"You test.\"", "\"\"", 9, "persona is blank"),
                Arguments.of(
                        "an agent that refuses nothing",
                        "{\"Anything else\"}",
                        "{}",
                        9,
                        "expected at least one of refusals"),
                Arguments.of("an agent without model", "{\"small\"}", "{}", 10, "one of models"),
                Arguments.of(
                        "a model named twice",
                        "{\"small\"}",
                        "{\"small\", \"small\"}",
                        10,
                        "expected each name once"),
                Arguments.of(
                        "a destination that no tool uses",
                        "@Agent.Destination(name = \"here\", protocol = HTTPS)",
                        "{@Agent.Destination(name = \"here\", protocol = HTTPS),"
                                + "\n@Agent.Destination(name = \"there\", protocol = HTTPS)}",
                        11,
                        "no tool uses this destination: name it in a @Tool, or remove it"),
                Arguments.of(
                        "a bad limit", "pids = 64", "pids = 0", 13, "limit pids is not positive"),
                Arguments.of(
                        "a limit beyond reason",
                        "steps = 5",
                        "steps = 20_000",
                        11,
                        "expected a whole number from 1 to 10000"),
                Arguments.of(
                        "a memory beyond reason",
                        "memoryMegabytes = 256",
                        "memoryMegabytes = 2_000_000_000",
                        12,
                        "expected a whole number"),
                Arguments.of(
                        "a capability named twice",
                        "models = {\"small\"}",
                        "models = {\"small\"}, capabilities = {"
                                + "dev.casemate.manifest.Capability.EXEC, "
                                + "dev.casemate.manifest.Capability.EXEC}",
                        10,
                        "expected each capability once"),
                Arguments.of(
                        "a class that is not final",
                        "public final",
                        "public",
                        14,
                        "make the class final"),
                Arguments.of(
                        "an interface", "public final class", "interface", 14, "expected a final"),
                Arguments.of(
                        "a generic agent", "class Tester", "class Tester<T>", 14, "not generic"),
                Arguments.of(
                        "an agent without limits",
                        "limits = @Agent.Limits(steps",
                        "other = @Agent.Limits(steps",
                        8,
                        "missing a default value for the element 'limits'"),
                Arguments.of(
                        "a text that is no Unicode",
                        "\"You test.\"",
                        "\"You \\ud800 test.\"",
                        8,
                        "does not survive UTF-8"));
    }

    @Test
    void anAgentInsideAnotherClassIsRefused() {
        var source =
                Agents.source("")
                        .replace("@Agent(name", "final class Outer { @Agent(name")
                        .replace("public final class", "static final class");
        assertRefused(source + "}", 14, "an agent is not inside another class");
    }

    @Test
    void aToolOutsideAnAgentIsRefused() {
        var compilation =
                Compilation.of(
                        """
                        package x;
                        import dev.casemate.agent.sdk.*;
                        class Plain {
                            @Tool(name = "t", description = "T", effect = dev.casemate.manifest.Effect.READ)
                            int tool() { return 1; }
                        }
                        """);
        assertThat(compilation.errors())
                .singleElement()
                .satisfies(error -> {
                    assertThat(error.message()).contains("annotate its class with @Agent");
                    assertThat(error.line()).isEqualTo(5);
                });
    }

    @Test
    void aSecondAgentInAModuleIsRefused() {
        var second = Agents.source("").replace("class Tester", "class Another");
        var compilation = Compilation.of(Agents.source(""), second);
        assertThat(compilation.errors())
                .singleElement()
                .satisfies(error -> {
                    assertThat(error.message()).contains("a module holds one agent");
                    assertThat(error.line()).isEqualTo(14);
                });
    }

    @Test
    void everythingThatIsWrongIsReportedAtOnce() {
        var compilation =
                Compilation.of(
                        Agents.source(
                                """
                                @Tool(name = "a b", description = " ", effect = READ)
                                Object one(Object a,
                                    @Min(2) @Max(1) int b,
                                    List<@Size(min = 2, max = 1) String> c) { return a; }
                                @Tool(name = "two", description = "T", effect = WRITE, destinations = "nowhere")
                                void two(Optional<@Email String> d) {}
                                """));
        int first = Agents.HEADER_LINES + 1;
        assertThat(compilation.errors())
                .extracting(Compilation.Complaint::line)
                .containsExactlyInAnyOrder(
                        (long) first,
                        first + 1L,
                        first + 1L,
                        first + 2L,
                        first + 3L,
                        first + 4L,
                        first + 5L);
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
        assertThat(Map.copyOf(compilation.files())).isEmpty();
    }
}
