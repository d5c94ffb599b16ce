package dev.casemate.agent.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.casemate.agent.sdk.ToolOutcome;
import dev.casemate.agent.sdk.ToolOutcome.Refusal;
import dev.casemate.agent.sdk.ToolSet;
import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.CanonicalJson;
import dev.casemate.manifest.Digest;
import dev.casemate.manifest.Exposure;
import dev.casemate.manifest.JsonReader;
import dev.casemate.manifest.ToolSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.RoundEnvironment;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.TypeElement;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the generated code does when it is called.
final class ToolSetTest {

    private static final String SOURCE =
            Agents.source(
                    """
                    enum Color { RED, GREEN }
                    record Line(@NotBlank String item, @Positive int count, Optional<@Size(max = 3) String> note) {
                        Line {
                            if (item.equals("secret")) { throw new IllegalStateException("secret"); }
                        }
                    }
                    record Order(Color color, @Size(min = 1, max = 12) List<Line> lines,
                        @Digits(integer = 3, fraction = 2) BigDecimal price) {}
                    record Receipt(String id, BigDecimal sum, double ratio, List<Color> colors,
                        Optional<Order> order, boolean paid, BigInteger big) {}

                    @Tool(name = "order-it", description = "Orders", effect = WRITE, destinations = "here", exposes = {})
                    Receipt order(Order order, Optional<@Min(1) @Max(3) Integer> times, List<List<Color>> grid,
                            double weight, @Pattern(regexp = "[A-Z]{2,6}|x") String symbol) {
                        return new Receipt(symbol, order.price(), weight, grid.get(0), Optional.of(order),
                            times.isPresent(), BigInteger.TEN.pow(20));
                    }
                    @Tool(name = "say", description = "Says", effect = READ)
                    String say(long number, Optional<List<String>> words, Short s, Optional<Color> c, boolean b) {
                        return number + " " + words + " " + s + " " + c + " " + b;
                    }
                    @Tool(name = "say_more", description = "Says", effect = READ)
                    Optional<String> say(String word, BigInteger big) { return Optional.of(word).filter(w -> !w.isEmpty()); }
                    @Tool(name = "numbers", description = "Counts", effect = READ)
                    List<Long> numbers(Long upTo) {
                        var list = new ArrayList<Long>();
                        for (long i = 0; i < upTo; i++) { list.add(i); }
                        return list;
                    }
                    @Tool(name = "ratio", description = "Divides", effect = READ)
                    double ratio(double a, double b) { return a / b; }
                    @Tool(name = "fail", description = "Fails", effect = READ)
                    String fail(String how) throws Throwable {
                        switch (how) {
                            case "checked": throw new java.io.IOException("secret");
                            case "unchecked": throw new IllegalStateException("secret");
                            case "guard": throw new GuardException(GuardException.Code.TOO_LARGE, "Ask for less.");
                            case "stack": return fail(how);
                            case "memory": throw new OutOfMemoryError("secret");
                            case "missing": throw new NoClassDefFoundError("secret");
                            case "interrupted": throw new InterruptedException("secret");
                            case "anonymous": throw new RuntimeException("secret") {};
                            case "null": return null;
                            case "long": return "x".repeat(300_000);
                            default: return how;
                        }
                    }
                    """);

    private static ToolSet tools;

    @BeforeAll
    static void compile() {
        tools = Agents.toolSet(SOURCE);
    }

    private static String answer(String tool, String arguments) {
        var outcome = Agents.call(tools, tool, arguments);
        assertThat(outcome).isInstanceOf(ToolOutcome.Answered.class);
        return outcome.text();
    }

    @Test
    void recordsGoInAndOut() {
        assertThat(
                        answer(
                                "order-it",
                                """
                                {"order":{"color":"RED","lines":[{"item":"a","count":2,"note":null}],
                                  "price":1.20}, "times":2,"grid":[["GREEN"]],"weight":0.1,"symbol":"ABC"}\
                                """))
                .isEqualTo(
                        """
                        {"id":"ABC","sum":1.2,"ratio":0.1,"colors":["GREEN"],"order":{"color":"RED",\
                        "lines":[{"item":"a","count":2,"note":null}],"price":1.2},"paid":true,\
                        "big":100000000000000000000}\
                        """);
    }

    @Test
    void anAbsentOptionalAndANullOneAreEmpty() {
        assertThat(answer("say", "{\"number\":1.0,\"s\":3,\"b\":true}"))
                .isEqualTo("1 Optional.empty 3 Optional.empty true");
        assertThat(answer("say", "{\"number\":1,\"s\":3,\"b\":false,\"words\":null,\"c\":null}"))
                .isEqualTo("1 Optional.empty 3 Optional.empty false");
        assertThat(
                        answer(
                                "say",
                                """
                                {"number":1,"s":3,"b":false,"words":["a"],"c":"RED"}\
                                """))
                .isEqualTo("1 Optional[[a]] 3 Optional[RED] false");
    }

    @Test
    void aToolThatReturnsNothingSaysThatItIsDone() {
        assertThat(answer("put", "{}")).isEqualTo("done");
    }

    @Test
    void resultsAreJson() {
        assertThat(answer("numbers", "{\"upTo\":3}")).isEqualTo("[0,1,2]");
        assertThat(answer("ratio", "{\"a\":1,\"b\":4}")).isEqualTo("0.25");
        assertThat(answer("say_more", "{\"word\":\"a\\\"b\",\"big\":1}")).isEqualTo("\"a\\\"b\"");
        assertThat(answer("say_more", "{\"word\":\"\",\"big\":1}")).isEqualTo("null");
    }

    @Test
    void allViolationsComeBackInOneRefusalThatRepeatsNothing() {
        assertThat(
                        Agents.call(
                                tools,
                                "order-it",
                                """
                                {"order":{"color":"evil","lines":[{"item":" ","count":0,"note":"evil"}],
                                  "price":1.201},"times":9,"weight":null,"symbol":"evil","evil":1}\
                                """))
                .isEqualTo(
                        new ToolOutcome.Refused(
                                Refusal.INVALID_ARGUMENTS,
                                """
                                The tool was not run. Correct its arguments and call it again:
                                - /order/color must be one of RED, GREEN
                                - /order/lines/0/item must not be blank
                                - /order/lines/0/count must be a whole number from 1 to 2147483647
                                - /order/lines/0/note must have from 0 to 3 characters, not 4
                                - /order/price must be a number above -1000 and below 1000, with at most 2 \
                                digits behind the point
                                - /times must be a whole number from 1 to 3
                                - /grid is required
                                - /weight is required
                                - /symbol must match ^(?:[A-Z]{2,6}|x)$
                                - the arguments must have no other members than order, times, grid, weight, \
                                symbol\
                                """));
    }

    @Test
    void theNumberOfViolationsIsBounded() {
        var bad = String.join(",", Collections.nCopies(12, "{}"));
        var outcome =
                Agents.call(tools, "order-it", "{\"order\":{\"lines\":[" + bad + "]},\"x\":1}");
        assertThat(outcome.text().lines()).hasSize(11);
    }

    @Test
    void whatARecordsConstructorRefusesIsRefusedWithoutItsMessage() {
        var outcome =
                Agents.call(
                        tools,
                        "order-it",
                        """
                        {"order":{"color":"RED","lines":[{"item":"a","count":1},{"item":"secret","count":1}],
                          "price":1},"grid":[[]],"weight":1,"symbol":"x"}\
                        """);
        assertThat(outcome)
                .isEqualTo(
                        new ToolOutcome.Refused(
                                Refusal.INVALID_ARGUMENTS,
                                """
                                The tool was not run. Correct its arguments and call it again:
                                - /order/lines/1 holds members that do not fit together\
                                """));
    }

    @ParameterizedTest(name = "a tool that fails with {0} is {1}")
    @CsvSource({
        "checked, IOException",
        "unchecked, IllegalStateException",
        "stack, StackOverflowError",
        "missing, NoClassDefFoundError",
        "interrupted, InterruptedException",
        "anonymous, Exception",
        "null, NullPointerException",
        "long, ResultTooLong"
    })
    void whatAToolThrowsIsNamedWithoutItsMessage(String how, String exception) {
        var outcome = Agents.call(tools, "fail", "{\"how\":\"" + how + "\"}");
        assertThat(Thread.interrupted()).isEqualTo(how.equals("interrupted"));
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        ToolOutcome.Failed.class,
                        failed -> {
                            assertThat(failed.exception()).isEqualTo(exception);
                            assertThat(failed.text()).doesNotContain("secret").isNotBlank();
                        });
    }

    @Test
    void aResultThatIsNoNumberFails() {
        assertThat(Agents.call(tools, "ratio", "{\"a\":1,\"b\":0}"))
                .isInstanceOfSatisfying(
                        ToolOutcome.Failed.class,
                        failed -> assertThat(failed.exception()).isEqualTo("ArithmeticException"));
    }

    @Test
    void whatAGuardRefusesReachesTheModel() {
        assertThat(Agents.call(tools, "fail", "{\"how\":\"guard\"}"))
                .isEqualTo(new ToolOutcome.Refused(Refusal.GUARD, "Ask for less."));
    }

    @Test
    void aVirtualMachineWithoutMemoryIsNotAnAnswer() {
        assertThatThrownBy(() -> Agents.call(tools, "fail", "{\"how\":\"memory\"}"))
                .isInstanceOf(OutOfMemoryError.class);
    }

    @Test
    void aToolThatWasNotCompiledInIsRefused() {
        var outcome = Agents.call(tools, "run_shell", "{\"command\":\"ls\"}");
        assertThat(outcome)
                .isEqualTo(
                        new ToolOutcome.Refused(
                                Refusal.UNKNOWN_TOOL,
                                "There is no tool of that name. The tools are put, order-it, say,"
                                        + " say_more, numbers, ratio, fail."));
    }

    @ParameterizedTest(name = "{1} is refused alike by a check of {0} and by a call")
    @CsvSource(
            delimiter = ';',
            value = {
                "ratio; {\"a\":1}",
                "ratio; {\"a\":1,\"b\":\"2\",\"c\":3}",
                "ratio; []",
                "numbers; {}",
                "run_shell; {\"command\":\"ls\"}"
            })
    void whatACallWouldRefuseACheckRefusesToo(String tool, String arguments) {
        assertThat(tools.check(tool, JsonReader.read(arguments)))
                .contains((ToolOutcome.Refused) Agents.call(tools, tool, arguments));
    }

    @Test
    void aCheckRunsNothing() {
        assertThat(tools.check("fail", JsonReader.read("{\"how\":\"memory\"}"))).isEmpty();
    }

    @Test
    void theKeyOfTheCallReachesTheToolAndNotTheSchema() {
        var keyed =
                Agents.toolSet(
                        Agents.source(
                                """
                                @Tool(name = "keep", description = "Keeps", effect = WRITE, destinations = "here", exposes = {})
                                String keep(String first, IdempotencyKey once, int second) { return first + second + once; }
                                """));
        assertThat(Agents.call(keyed, "keep", "{\"first\":\"a\",\"second\":2}").text())
                .isEqualTo("a2" + Agents.KEY);
        var schema = keyed.manifest().tool("keep").orElseThrow().inputSchema();
        assertThat(schema.text()).contains("first", "second").doesNotContain("once");
        assertThat(Agents.call(keyed, "keep", "{\"first\":\"a\",\"second\":2,\"once\":\"a\"}"))
                .isInstanceOf(ToolOutcome.Refused.class);
    }

    @Test
    void whatIsDoneAroundACallIsInTheManifest() {
        var handled =
                Agents.toolSet(
                        Agents.source(
                                """
                                record Letter(List<String> lines) {}
                                @Tool(name = "send", description = "Sends", effect = WRITE, destinations = "here",
                                    timeoutSeconds = 7)
                                @RequiresApproval(seconds = 90)
                                void send(@Trusted String to, String subject, @Trusted Letter letter, @Trusted Optional<String> copy, @Trusted UUID id) {}
                                @Tool(name = "look", description = "Looks", effect = READ, destinations = "here",
                                    exposes = dev.casemate.manifest.Exposure.SENSITIVE_DATA)
                                String look() { return ""; }
                                """));
        assertThat(handled.manifest().tool("send").orElseThrow().handling())
                .isEqualTo(
                        new ToolSpec.Handling(
                                Set.of(),
                                Duration.ofSeconds(7),
                                Optional.of(Duration.ofSeconds(90)),
                                List.of("to", "letter", "copy", "id")));
        assertThat(handled.manifest().tool("look").orElseThrow().handling())
                .isEqualTo(
                        new ToolSpec.Handling(
                                Set.of(Exposure.SENSITIVE_DATA),
                                Duration.ofSeconds(30),
                                Optional.empty(),
                                List.of()));
    }

    @Test
    void theManifestOnTheClassPathIsTheOneCompiledIn() {
        var compilation = Compilation.of(SOURCE);
        var resource = compilation.bytes(AgentManifest.RESOURCE);
        var manifest = Agents.load(compilation).manifest();
        assertThat(AgentManifest.read(resource)).isEqualTo(manifest);
        assertThat(CanonicalJson.bytes(manifest.toJson())).isEqualTo(resource);
        assertThat(manifest.digest()).isEqualTo(Digest.of(resource));
        assertThat(manifest.limits().memoryBytes()).isEqualTo(256L * 1024 * 1024);
    }

    @Test
    void theSameAgentGivesTheSameBytes() {
        assertThat(texts(Compilation.of(SOURCE))).isEqualTo(texts(Compilation.of(SOURCE)));
    }

    private static Map<String, List<Byte>> texts(Compilation compilation) {
        var texts = new java.util.TreeMap<String, List<Byte>>();
        compilation
                .files()
                .forEach((path, bytes) -> {
                    var list = new java.util.ArrayList<Byte>();
                    for (byte b : bytes) {
                        list.add(b);
                    }
                    texts.put(path, list);
                });
        return texts;
    }

    @Test
    void generatedCodeHoldsNoReflection() {
        var source = Compilation.of(SOURCE).text("x/TesterToolSet.java");
        assertThat(source)
                .contains("in.find(\"times\").map(ArgumentsValue::toInt)")
                .doesNotContain("java.lang.reflect", "Class<", ".class", "getMethod", "valueOf");
    }

    @Test
    void constraintsOfARecordFromAJarHold() {
        var library =
                Compilation.of(
                        """
                        package y;
                        import jakarta.validation.constraints.*;
                        import java.util.*;
                        public record Part(@Size(max = 2) String name, List<@Min(1) Integer> sizes) {}
                        """);
        var agent =
                Compilation.of(
                        library.files(),
                        List.of(
                                Agents.source(
                                        """
                                        @Tool(name = "t", description = "T", effect = READ)
                                        String tool(y.Part part) { return ""; }
                                        """)));
        assertThat(agent.errors()).isEmpty();
        assertThat(agent.text(AgentManifest.RESOURCE))
                .contains("\"maxLength\":2")
                .contains("\"items\":{\"maximum\":2147483647,\"minimum\":1,");
    }

    @Test
    void namesThatGeneratedCodeUsesItselfDoNotClash() {
        var clashing =
                Agents.source(
                        """
                        @Tool(name = "order", description = "T", effect = READ)
                        Json order(Results results, y.Json other, List<Limits> limits, Order order) { return results.json(); }
                        @Tool(name = "ORDER", description = "T", effect = READ)
                        String order(int in) { return "" + in; }
                        @Tool(name = "MANIFEST", description = "T", effect = READ)
                        String manifest(int agent, int value, int tool, int arguments) { return ""; }
                        @Tool(name = "call", description = "T", effect = READ)
                        String call() { return ""; }
                        """);
        var compilation =
                Compilation.of(
                        clashing,
                        "package x; record Json(int value) {}",
                        "package x; record Results(Json json) {}",
                        "package x; record Limits(int a) {}",
                        "package x; record Order(int a) {}",
                        "package y; public record Json(String text) {}");
        assertThat(compilation.errors()).isEmpty();
        assertThat(
                        Agents.call(
                                        Agents.load(compilation),
                                        "order",
                                        """
                                        {"results":{"json":{"value":7}},"other":{"text":""},"limits":[],"order":{"a":1}}\
                                        """)
                                .text())
                .isEqualTo("{\"value\":7}");
    }

    @Test
    void anyTextOfTheAnnotationSurvives() {
        var odd = "a\\\"b\\\\u0041 \\n\\t\\u00e4\\u2028\\ud83d\\ude00'";
        var compilation = Compilation.of(Agents.source("").replace("You test.", odd));
        assertThat(compilation.errors()).isEmpty();
        assertThat(Agents.load(compilation).manifest().prompt().persona())
                .isEqualTo("a\"b\\u0041 \n\t\u00e4\u2028\ud83d\ude00'");
    }

    @Test
    void anAgentWithoutPackageCompiles() {
        var source = Agents.source("").replace("package x;", "");
        assertThat(Compilation.of(source).errors()).isEmpty();
    }

    @Test
    void aRecordMayBeAnAgent() {
        var source = Agents.source("").replace("final class Tester", "record Tester(int id)");
        assertThat(Compilation.of(source).errors()).isEmpty();
    }

    @Test
    void aTypeThatAnotherProcessorWritesIsWaitedFor() {
        var source =
                Agents.source(
                        """
                        @Tool(name = "t", description = "T", effect = READ)
                        String tool(Made made) { return made.name(); }
                        """);
        var compilation =
                Compilation.of(
                        Map.of(), List.of(source), List.of(new AgentProcessor(), new Maker()));
        assertThat(compilation.errors()).isEmpty();
        assertThat(Agents.call(Agents.load(compilation), "t", "{\"made\":{\"name\":\"n\"}}").text())
                .isEqualTo("n");
    }

    /// Writes a record in its first round.
    private static final class Maker extends AbstractProcessor {
        private boolean done;

        @Override
        public Set<String> getSupportedAnnotationTypes() {
            return Set.of("*");
        }

        @Override
        public SourceVersion getSupportedSourceVersion() {
            return SourceVersion.latestSupported();
        }

        @Override
        public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
            if (!done) {
                done = true;
                try (var out = processingEnv.getFiler().createSourceFile("x.Made").openWriter()) {
                    out.write("package x; record Made(String name) {}");
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
            return false;
        }
    }
}
