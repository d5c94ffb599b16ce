package dev.casemate.agent.processor;

import static dev.casemate.agent.processor.Refused.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What makes no sense of a tool does not compile.
final class RefusedToolTest {

    @ParameterizedTest(name = "{0} is refused")
    @MethodSource("tools")
    void whatMakesNoSenseIsAnErrorAtItsLine(String what, String body, int line, String message) {
        assertRefused(Agents.source(body), Agents.HEADER_LINES + line, message);
    }

    static Stream<Arguments> tools() {
        var head = "@Tool(name = \"t\", description = \"T\", effect = READ)\n";
        return Stream.of(
                Arguments.of(
                        "a private tool",
                        head + "private int t() { return 1; }",
                        2,
                        "may not be private"),
                Arguments.of(
                        "a static tool",
                        head + "static int t() { return 1; }",
                        2,
                        "may not be static"),
                Arguments.of(
                        "a generic tool",
                        head + "<T> int t() { return 1; }",
                        2,
                        "may not be generic"),
                Arguments.of(
                        "a tool with a type variable",
                        head + "<T> int t(\nT it) { return 1; }",
                        3,
                        "this type cannot be checked"),
                Arguments.of(
                        "a blank description",
                        "@Tool(name = \"t\",\n description = \" \", effect = READ)\nint t() { return 1; }",
                        2,
                        "the description is blank: say what the tool does"),
                Arguments.of(
                        "a tool without description",
                        "@Tool(name = \"t\", effect = READ)\nint t() { return 1; }",
                        1,
                        "missing a default value for the element 'description'"),
                Arguments.of(
                        "a name that no provider takes",
                        "@Tool(name = \"to do\",\n description = \"T\", effect = READ)\nint t() { return 1; }",
                        1,
                        "not the name of a tool"),
                Arguments.of(
                        "a second tool of the same name",
                        head + "int t() { return 1; }\n" + head + "int u() { return 1; }",
                        3,
                        "another tool has this name"),
                Arguments.of(
                        "a destination that is not declared",
                        "@Tool(name = \"t\", description = \"T\", effect = READ, destinations = {\n"
                                + "\"here\",\n\"there\"})\nint t() { return 1; }",
                        3,
                        "the agent has no such destination: declare it"),
                Arguments.of(
                        "a destination named twice",
                        "@Tool(name = \"t\", description = \"T\", effect = READ, destinations = {\n"
                                + "\"here\",\n\"here\"})\nint t() { return 1; }",
                        3,
                        "expected each destination once"),
                Arguments.of(
                        "a tool that reads nothing",
                        "@Tool(name = \"t\", description = \"T\",\neffect = READ)\nvoid t() {}",
                        2,
                        "return what it read, or make its effect WRITE"),
                Arguments.of(
                        "a tool that writes to nowhere",
                        "@Tool(name = \"t\", description = \"T\",\neffect = WRITE)\nvoid t() {}",
                        2,
                        "a tool that writes has a destination"));
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
}
