package dev.casemate.agent.processor;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import dev.casemate.agent.sdk.ToolOutcome;
import dev.casemate.agent.sdk.ToolSet;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.JsonReader;
import dev.casemate.manifest.ToolSpec;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The generated validator and an independent reader of the generated schema, `format` asserted,
/// agree on every input.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class OracleTest {

    private static final int INPUTS = 200_000;

    private static final String SHAPES =
            """
            enum Side { BUY, SELL, HOLD }
            record Point(@Min(-5) @Max(5) int x, @DecimalMin(value = "0", inclusive = false) double y) {}
            record Path(@Size(min = 1, max = 3) List<Point> points, Optional<Point> end, Side side) {}
            sealed interface Order permits Market, Priced {}
            record Market(@Positive int quantity) implements Order {}
            sealed interface Priced extends Order {}
            record Limit(@Positive int quantity, @Positive @Digits(integer = 4, fraction = 2) BigDecimal price) implements Priced {}
            record Stop(Optional<java.time.LocalDate> until, @Size(max = 2) List<Trigger> triggers) implements Priced {}
            sealed interface Trigger {}
            record Never() implements Trigger {}
            record At(java.time.LocalTime time, Optional<Side> side) implements Trigger {}

            @Tool(name = "texts", description = "T", effect = READ)
            String texts(String any, @NotBlank String filled, @NotEmpty String some, @Size(min = 2, max = 4) String sized) { return "ok"; }
            @Tool(name = "patterns", description = "T", effect = READ)
            String patterns(@Pattern(regexp = "[A-Z]{2,6}") String symbol,
                @NotBlank @Pattern(regexp = "[a b]*") @Pattern(regexp = ".{0,3}") String both,
                @Pattern(regexp = "\\\\s*\\\\S+|\\\\p{L}{2}") String spaced, @Pattern(regexp = "(a|b(c|d)?)+-\\\\d{1,3}") String nested) { return "ok"; }
            @Tool(name = "wholes", description = "T", effect = READ)
            String wholes(int i, Integer boxed, long l, short s, BigInteger big, @Positive int p, @NegativeOrZero long n,
                @DecimalMin("1.5") @DecimalMax(value = "4", inclusive = false) int d, @Digits(integer = 2, fraction = 0) int two) { return "ok"; }
            @Tool(name = "decimals", description = "T", effect = READ)
            String decimals(double d, BigDecimal b, @PositiveOrZero double z, @Negative BigDecimal n, @Digits(integer = 3, fraction = 2) BigDecimal money,
                @DecimalMin("-0.5") @DecimalMax(value = "0.75", inclusive = false) double between, @Min(1) @Max(2) Double one,
                @DecimalMin("0.1") @DecimalMax("0.7") double tenths) { return "ok"; }
            @Tool(name = "choices", description = "T", effect = READ)
            String choices(Side side, boolean flag, Optional<Side> maybe, Optional<Boolean> perhaps, Boolean boxed,
                @AssertTrue boolean yes, Optional<@AssertFalse Boolean> no) { return "ok"; }
            @Tool(name = "dates", description = "T", effect = READ)
            String dates(java.time.LocalDate date, java.time.LocalTime time, Optional<java.time.LocalDate> maybe) { return "ok"; }
            @Tool(name = "moments", description = "T", effect = READ)
            String moments(java.time.Instant instant, java.time.OffsetDateTime offset) { return "ok"; }
            @Tool(name = "spans", description = "T", effect = READ)
            String spans(java.time.Duration duration, UUID id, List<java.time.Duration> more) { return "ok"; }
            @Tool(name = "optionals", description = "T", effect = READ)
            String optionals(Optional<@Size(max = 3) String> s, Optional<@Max(3) Integer> i, Optional<@Positive BigDecimal> d,
                Optional<List<@NotBlank String>> l, Optional<Path> p, Optional<@Pattern(regexp = "a+") @NotBlank String> both) { return "ok"; }
            @Tool(name = "lists", description = "T", effect = READ)
            String lists(List<String> any, @NotEmpty List<Side> sides, @Size(min = 1, max = 2) List<List<@Min(0) Integer>> grid,
                @Size(max = 2) List<Point> points) { return "ok"; }
            @Tool(name = "deep", description = "T", effect = READ)
            String deep(List<List<List<List<List<List<List<@Min(1) Integer>>>>>>> lists) { return "ok"; }
            @Tool(name = "records", description = "T", effect = READ)
            String records(Path path, Point point) { return "ok"; }
            @Tool(name = "kinds", description = "T", effect = READ)
            String kinds(Order order) { return "ok"; }
            @Tool(name = "many_kinds", description = "T", effect = READ)
            String manyKinds(@Size(max = 3) List<Order> orders, Optional<Trigger> last) { return "ok"; }
            """;

    private final ToolSet tools = Agents.toolSet(Agents.source(SHAPES));

    Stream<ToolSpec> shapes() {
        return tools.manifest().tools().stream().filter(tool -> !tool.name().equals("put"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("shapes")
    void validatorAndOracleAgreeOnRandomInputs(ToolSpec tool) {
        long count = shapes().count();
        long each = (INPUTS + count - 1) / count;
        var oracle = oracle(tool, true);
        var random = new Random(tool.name().hashCode());
        int valid = 0;
        for (int i = 0; i < each; i++) {
            var input = input(random, tool);
            var outcome = call(tool, input);
            boolean answered = outcome instanceof ToolOutcome.Answered;
            if (accepts(oracle, input) != answered || !(answered || isInvalid(outcome))) {
                throw new AssertionError(tool.name() + ": " + outcome + " on " + input.text());
            }
            valid += answered ? 1 : 0;
        }
        // Otherwise one of the two would hardly have been asked.
        assertThat(valid * 100L / each).isBetween(25L, 75L);
    }

    @Test
    void anOracleThatTakesFormatForARemarkIsFoundOut() {
        var tool = tools.manifest().tool("dates").orElseThrow();
        var lenient = oracle(tool, false);
        var random = new Random(1);
        var found =
                Stream.generate(() -> input(random, tool))
                        .limit(2_000)
                        .filter(input -> accepts(lenient, input) && isInvalid(call(tool, input)))
                        .toList();
        // Days that no month has.
        assertThat(found).isNotEmpty();
    }

    private static Json input(Random random, ToolSpec tool) {
        var input = RandomJson.of(random, tool.inputSchema());
        for (int misses = random.nextInt(3); misses > 0; misses--) {
            input = NearMiss.of(random, input);
        }
        return input;
    }

    private ToolOutcome call(ToolSpec tool, Json input) {
        return tools.call(tool.name(), JsonReader.read(input.text()), Agents.KEY);
    }

    private static boolean accepts(Schema oracle, Json input) {
        return oracle.validate(input.text(), InputFormat.JSON).isEmpty();
    }

    private static boolean isInvalid(ToolOutcome outcome) {
        return outcome instanceof ToolOutcome.Refused refused
                && refused.reason() == ToolOutcome.Refusal.INVALID_ARGUMENTS;
    }

    private static Schema oracle(ToolSpec tool, boolean asserting) {
        var config = SchemaRegistryConfig.builder().formatAssertionsEnabled(asserting).build();
        return SchemaRegistry.withDefaultDialect(
                        SpecificationVersion.DRAFT_2020_12,
                        registry -> registry.schemaRegistryConfig(config))
                .getSchema(tool.inputSchema().text());
    }
}
