package dev.casemate.agent.processor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.provider.Arguments;

/// Sources that do not compile: the error stands at its line and says what to do.
///
/// A case is a description, the body of an agent, the line of the body with the error, and a part
/// of its message.
final class Refused {

    private Refused() {}

    static void assertRefused(String source, int line, String message) {
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
    static Arguments parameter(String what, String parameter, String message) {
        return Arguments.of(what, tool(parameter), 3, message);
    }

    static String tool(String parameter) {
        return "@Tool(name = \"t\", description = \"T\", effect = READ)\n"
                + "String tool(int first,\n"
                + parameter
                + ") { return \"\"; }";
    }

    /// A declaration on line 1, and a tool that takes it.
    static Arguments declared(
            String what, String declaration, String parameter, int line, String message) {
        return Arguments.of(what, declaration + "\n" + tool(parameter), line, message);
    }
}
