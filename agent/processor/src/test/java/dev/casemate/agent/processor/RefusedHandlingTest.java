package dev.casemate.agent.processor;

import static dev.casemate.agent.processor.Refused.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What is done around a call, and who stands in for an agent: a control that would have no effect
/// does not compile.
final class RefusedHandlingTest {

    private static final int CLASS_LINE = 14;

    @ParameterizedTest(name = "{0} is refused")
    @MethodSource({"times", "trusted", "keys"})
    void whatHasNoEffectIsAnErrorAtItsLine(String what, String body, int line, String message) {
        assertRefused(Agents.source(body), Agents.HEADER_LINES + line, message);
    }

    private static Arguments handled(String what, String annotations, int line, String message) {
        return Arguments.of(
                what, annotations + "\nString t(int a) { return \"\"; }", line, message);
    }

    static Stream<Arguments> times() {
        var tool = "@Tool(name = \"t\", description = \"T\", effect = READ";
        return Stream.of(
                handled(
                        "a call without time",
                        tool + ",\ntimeoutSeconds = 0)",
                        2,
                        "a call ends: expected from 1 to 86400 seconds"),
                handled(
                        "a call without end",
                        tool + ",\ntimeoutSeconds = 86_401)",
                        2,
                        "expected from 1 to 86400"),
                handled(
                        "an approval without time",
                        tool + ")\n@RequiresApproval(\nseconds = 0)",
                        3,
                        "a human's time ends: expected from 1 to 86400 seconds"),
                handled(
                        "an approval without end",
                        tool + ")\n@RequiresApproval(seconds = 100_000)",
                        2,
                        "expected from 1 to 86400"),
                handled(
                        "an exposure named twice",
                        tool
                                + ", exposes = {\ndev.casemate.manifest.Exposure.SENSITIVE_DATA,\n"
                                + "dev.casemate.manifest.Exposure.SENSITIVE_DATA})",
                        3,
                        "expected each exposure once"),
                Arguments.of(
                        "an approval of what is no tool",
                        "@RequiresApproval(seconds = 5)\nvoid t() {}",
                        1,
                        "@RequiresApproval has no effect here: it belongs to a tool"));
    }

    static Stream<Arguments> trusted() {
        return Stream.of(
                Refused.parameter("a trusted number", "@Trusted int i", "remove @Trusted"),
                Refused.parameter(
                        "a trusted enum", "@Trusted RoundingMode r", "there is no text in this"),
                Refused.parameter(
                        "a trusted date", "@Trusted java.time.LocalDate d", "remove @Trusted"),
                Refused.parameter("a trusted list", "@Trusted List<Integer> l", "remove @Trusted"),
                Refused.declared(
                        "a trusted record of numbers",
                        "record Point(int x, int y) {}",
                        "@Trusted Point p",
                        4,
                        "remove @Trusted"),
                Arguments.of(
                        "a trusted parameter of what is no tool",
                        "void t(int a,\n@Trusted String b) {}",
                        2,
                        "@Trusted has no effect here: it belongs to a parameter"),
                Arguments.of(
                        "a trusted component",
                        "record Named(\n@Trusted String b) {}",
                        2,
                        "@Trusted has no effect here"));
    }

    private static Arguments writing(String what, String parameters, int line, String message) {
        return Arguments.of(
                what,
                "@Tool(name = \"t\", description = \"T\", effect = WRITE, destinations = \"here\")\n"
                        + "void t("
                        + parameters
                        + ") {}",
                line,
                message);
    }

    static Stream<Arguments> keys() {
        return Stream.of(
                Refused.parameter(
                        "a key of a tool that reads",
                        "IdempotencyKey k",
                        "remove it, or make the effect WRITE"),
                writing(
                        "a second key",
                        "IdempotencyKey a,\nIdempotencyKey b",
                        3,
                        "a call has one IdempotencyKey: remove this one"),
                writing(
                        "an optional key",
                        "Optional<IdempotencyKey> a",
                        2,
                        "comes from the run and not from the model"),
                writing("a trusted key", "@Trusted IdempotencyKey a", 2, "remove @Trusted"),
                writing(
                        "a constrained key",
                        "@NotBlank IdempotencyKey a",
                        2,
                        "does not constrain an IdempotencyKey"),
                Refused.declared(
                        "a key inside a record",
                        "record Order(int a,\nIdempotencyKey key) {}",
                        "Order o",
                        2,
                        "an IdempotencyKey comes from the run and not from the model"));
    }

    private static String approved(String body, String approval) {
        return Agents.source(body).replace("public final class", approval + " public final class");
    }

    private static String tool(String name, String more) {
        return """
        @Tool(name = "%s", description = "T", destinations = "here"%s)
        """
                .formatted(name, more);
    }

    // With the tool that every source has, which writes: all three.
    private static final String NEWS = tool("news", ", effect = READ") + "int news() { return 1; }";

    @Test
    void anAgentThatDoesAllThreeIsToldItsThreeWaysOut() {
        assertRefused(
                Agents.source(NEWS),
                8,
                "it reads untrusted content (news), touches sensitive data (news) and changes or"
                        + " sends (put): at most two of these are allowed, unless somebody approves"
                        + " it. There are three ways out. Say with `exposes` in @Tool what the"
                        + " results bring in (a tool that returns something from a destination and"
                        + " says nothing counts as both: news). Or take a tool away, so that one of"
                        + " the three is gone. Or let somebody stand in for it with"
                        + " @Approved(reason, reviewer) on the class");
    }

    @Test
    void aQuestionThatCountsAsSendingIsNamed() {
        var ask =
                tool(
                                "ask",
                                ", effect = READ, exposes = dev.casemate.manifest.Exposure.UNTRUSTED_CONTENT")
                        + "String ask(String question) { return question; }";
        assertRefused(
                Agents.source(NEWS + "\n" + ask),
                8,
                "(a question over HTTPS with room for more than 64 characters of text sends them:"
                        + " @Size narrows ask)");
    }

    @Test
    void eachOfTheThreeWaysOutCompiles() {
        var labelled =
                tool(
                                "news",
                                ", effect = READ, exposes ="
                                        + " dev.casemate.manifest.Exposure.UNTRUSTED_CONTENT")
                        + "int news() { return 1; }";
        assertThat(Compilation.of(Agents.source(labelled)).errors()).isEmpty();
        assertThat(Compilation.of(Agents.source("")).errors()).isEmpty();
        var approval = "@Approved(reason = \"Read by people.\", reviewer = \"R. Reader\")";
        assertThat(Compilation.of(approved(NEWS, approval)).errors()).isEmpty();
    }

    @Test
    void anApprovalThatSaysNothingIsRefused() {
        assertRefused(
                approved(NEWS, "@Approved(reason = \" \", reviewer = \"R\")"),
                CLASS_LINE,
                "reason is blank: an approval says why");
        assertRefused(
                approved(NEWS, "@Approved(reason = \"Because.\",\nreviewer = \"\")"),
                CLASS_LINE + 1,
                "reviewer is blank");
    }

    @Test
    void anApprovalThatNobodyNeedsIsRefused() {
        assertRefused(
                approved("", "@Approved(reason = \"Because.\", reviewer = \"R\")"),
                CLASS_LINE,
                "nobody has to stand in for this agent: it does at most two of");
    }

    @Test
    void anApprovalOfWhatIsNoAgentIsRefused() {
        var source =
                Agents.source("")
                        + "@Approved(reason = \"Because.\", reviewer = \"R\") final class Other {}";
        assertRefused(source, 20, "@Approved has no effect here: it belongs to an agent");
    }
}
