package dev.casemate.agent.processor;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.validation.constraints.NotNull;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;

/// Every constraint of Jakarta Validation on every kind of type: it is in the schema, or it does
/// not compile and the error says what to do.
final class ConstraintTableTest {

    private static final String FOLDER = "jakarta/validation/constraints/";

    /// How each is written, with values that narrow something.
    private static final Map<String, String> WRITTEN =
            Map.of(
                    "Size", "@Size(min = 1, max = 2)",
                    "Pattern", "@Pattern(regexp = \"a+\")",
                    "Min", "@Min(1)",
                    "Max", "@Max(2)",
                    "DecimalMin", "@DecimalMin(\"1.5\")",
                    "DecimalMax", "@DecimalMax(\"2.5\")",
                    "Digits", "@Digits(integer = 2, fraction = 1)");

    /// Types, and what they are to a constraint.
    private static final Map<String, ConstraintRule.Subject> TYPES = types();

    private static Map<String, ConstraintRule.Subject> types() {
        var types = new TreeMap<String, ConstraintRule.Subject>();
        types.put("String", ConstraintRule.Subject.TEXT);
        for (var number :
                List.of("short", "int", "Long", "double", "Double", "BigInteger", "BigDecimal")) {
            types.put(number, ConstraintRule.Subject.NUMBER);
        }
        types.put("boolean", ConstraintRule.Subject.FLAG);
        types.put("Boolean", ConstraintRule.Subject.FLAG);
        types.put("List<Integer>", ConstraintRule.Subject.LIST);
        for (var other :
                List.of(
                        "java.time.LocalDate",
                        "java.time.LocalTime",
                        "java.time.Instant",
                        "java.time.OffsetDateTime",
                        "java.time.Duration",
                        "UUID",
                        "RoundingMode",
                        "Point",
                        "Any",
                        "Optional<Integer>")) {
            types.put(other, ConstraintRule.Subject.OTHER);
        }
        return Collections.unmodifiableMap(types);
    }

    /// One argument with one constraint.
    private record Case(
            String constraint, ConstraintRule rule, String type, ConstraintRule.Subject subject) {

        boolean isHeld() {
            return rule.subjects().contains(subject);
        }

        String parameter() {
            return WRITTEN.getOrDefault(constraint, "@" + constraint) + " " + type + " a";
        }

        // Everything but an Optional is required without it.
        boolean saysSomething() {
            return !constraint.equals("NotNull");
        }
    }

    private static List<Case> cases(boolean held) {
        var cases = new ArrayList<Case>();
        ConstraintRule.ALL.forEach((constraint, rule) ->
                TYPES.forEach((type, subject) -> {
                    var one = new Case(constraint, rule, type, subject);
                    if (one.isHeld() == held) {
                        cases.add(one);
                    }
                }));
        return cases;
    }

    /// One tool on each line after the first.
    private static String source(List<String> parameters) {
        var body =
                new StringBuilder(
                        "record Point(int x) {} sealed interface Any {} record One() implements Any"
                                + " {}");
        for (int i = 0; i < parameters.size(); i++) {
            body.append(
                    "\n@Tool(name = \"t%d\", description = \"T\", effect = READ) int t%d(%s) { return 1; }"
                            .formatted(i, i, parameters.get(i)));
        }
        return Agents.source(body.toString());
    }

    @Test
    void everyConstraintOfTheLibraryIsDecided() throws IOException, URISyntaxException {
        var location = NotNull.class.getProtectionDomain().getCodeSource().getLocation();
        try (var jar = new JarFile(Path.of(location.toURI()).toFile())) {
            var names =
                    jar.stream()
                            .map(entry -> entry.getName())
                            .filter(name -> name.startsWith(FOLDER) && name.endsWith(".class"))
                            .map(name -> name.substring(FOLDER.length()).replace(".class", ""))
                            .filter(name -> !name.contains("$") && !name.equals("package-info"))
                            .toList();
            assertThat(ConstraintRule.ALL.keySet())
                    .containsExactlyInAnyOrderElementsOf(names)
                    .hasSizeGreaterThan(20);
        }
    }

    @Test
    void aConstraintThatIsHeldIsInTheSchema() {
        var held = cases(true);
        var tools = Agents.toolSet(source(held.stream().map(Case::parameter).toList()));
        var plain = Agents.toolSet(source(held.stream().map(one -> one.type() + " a").toList()));
        for (int i = 0; i < held.size(); i++) {
            var one = held.get(i);
            var with = tools.manifest().tool("t" + i).orElseThrow().inputSchema();
            var without = plain.manifest().tool("t" + i).orElseThrow().inputSchema();
            assertThat(!with.equals(without))
                    .as(one.parameter() + ": " + with.text())
                    .isEqualTo(one.saysSomething());
        }
        assertThat(held.stream().filter(Case::saysSomething)).hasSizeGreaterThan(70);
    }

    @Test
    void aConstraintThatIsNotHeldIsAnErrorThatSaysWhatToDo() {
        var refused = cases(false);
        var compilation = Compilation.of(source(refused.stream().map(Case::parameter).toList()));
        var byLine = new HashMap<Long, String>();
        compilation.errors().forEach(error -> byLine.put(error.line(), error.message()));
        for (int i = 0; i < refused.size(); i++) {
            var one = refused.get(i);
            assertThat(byLine.get((long) Agents.HEADER_LINES + 2 + i))
                    .as(one.parameter())
                    .startsWith("@" + one.constraint() + " ")
                    .containsAnyOf("expected @", "use @", "take the argument away", "in the tool");
        }
        assertThat(byLine).hasSameSizeAs(refused);
        assertThat(refused).hasSizeGreaterThan(200);
    }
}
