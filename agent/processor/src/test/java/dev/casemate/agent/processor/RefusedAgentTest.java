package dev.casemate.agent.processor;

import static dev.casemate.agent.processor.Refused.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What the manifest refuses does not compile.
final class RefusedAgentTest {

    @ParameterizedTest(name = "{0} is refused")
    @MethodSource("agents")
    void anAgentThatTheManifestRefusesIsAnErrorAtItsLine(
            String what, String old, String replacement, int line, String message) {
        var source = Agents.source("");
        assertThat(source).contains(old);
        assertRefused(source.replace(old, replacement), line, message);
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
}
