package dev.casemate.agent.processor;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.casemate.agent.sdk.ToolOutcome;
import dev.casemate.agent.sdk.ToolSet;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.JsonReader;
import dev.casemate.manifest.ToolSpec;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// The generated validator and an independent reader of the generated schema agree on every input.
final class OracleTest {

    private static final int INPUTS_PER_TOOL = 1_000;

    private static final String SHAPES =
            """
            enum Side { BUY, SELL, HOLD }
            record Point(@Min(-5) @Max(5) int x, @DecimalMin(value = "0", inclusive = false) double y) {}
            record Path(@Size(min = 1, max = 3) List<Point> points, Optional<Point> end, Side side) {}

            @Tool(name = "texts", description = "T", effect = READ)
            String texts(String any, @NotBlank String filled, @NotEmpty String some, @Size(min = 2, max = 4) String sized,
                @Pattern(regexp = "[A-Z]{2,6}") String symbol, @NotBlank @Pattern(regexp = "[a b]*") @Pattern(regexp = ".{0,3}") String both,
                @Pattern(regexp = "\\\\s*\\\\S+|\\\\p{L}{2}") String spaced) { return "ok"; }
            @Tool(name = "wholes", description = "T", effect = READ)
            String wholes(int i, Integer boxed, long l, short s, BigInteger big, @Positive int p, @NegativeOrZero long n,
                @DecimalMin("1.5") @DecimalMax(value = "4", inclusive = false) int d, @Digits(integer = 2, fraction = 0) int two) { return "ok"; }
            @Tool(name = "decimals", description = "T", effect = READ)
            String decimals(double d, BigDecimal b, @PositiveOrZero double z, @Negative BigDecimal n, @Digits(integer = 3, fraction = 2) BigDecimal money,
                @DecimalMin("-0.5") @DecimalMax(value = "0.75", inclusive = false) double between, @Min(1) @Max(2) Double one) { return "ok"; }
            @Tool(name = "choices", description = "T", effect = READ)
            String choices(Side side, boolean flag, Optional<Side> maybe, Optional<Boolean> perhaps, Boolean boxed) { return "ok"; }
            @Tool(name = "optionals", description = "T", effect = READ)
            String optionals(Optional<@Size(max = 3) String> s, Optional<@Max(3) Integer> i, Optional<@Positive BigDecimal> d,
                Optional<List<@NotBlank String>> l, Optional<Path> p, Optional<@Pattern(regexp = "a+") @NotBlank String> both) { return "ok"; }
            @Tool(name = "lists", description = "T", effect = READ)
            String lists(List<String> any, @NotEmpty List<Side> sides, @Size(min = 1, max = 2) List<List<@Min(0) Integer>> grid,
                @Size(max = 2) List<Point> points) { return "ok"; }
            @Tool(name = "records", description = "T", effect = READ)
            String records(Path path, Point point) { return "ok"; }
            """;

    @Test
    void validatorAndOracleAgreeOnRandomInputs() {
        var tools = Agents.toolSet(Agents.source(SHAPES));
        int valid = 0;
        int invalid = 0;
        for (var tool : tools.manifest().tools()) {
            var oracle = oracle(tool);
            var random = new Random(tool.name().hashCode());
            for (int i = 0; i < INPUTS_PER_TOOL; i++) {
                boolean agreed = agreed(tools, tool, oracle, RandomJson.of(random, tool));
                valid += agreed ? 1 : 0;
                invalid += agreed ? 0 : 1;
            }
        }
        // Otherwise one of the two would never have been asked.
        assertThat(valid).isGreaterThan(2_000);
        assertThat(invalid).isGreaterThan(2_000);
    }

    /// Whether both find the input valid.
    private static boolean agreed(ToolSet tools, ToolSpec tool, Schema oracle, Json input) {
        var text = input.text();
        var outcome = tools.call(tool.name(), JsonReader.read(text), Agents.KEY);
        var complaints = oracle.validate(text, InputFormat.JSON);
        boolean valid = outcome instanceof ToolOutcome.Answered;
        assertThat(complaints.isEmpty())
                .as("%s: %s but %s on %s", tool.name(), outcome, complaints, text)
                .isEqualTo(valid);
        if (!valid) {
            assertThat(outcome)
                    .isInstanceOfSatisfying(
                            ToolOutcome.Refused.class,
                            refused ->
                                    assertThat(refused.reason())
                                            .isEqualTo(ToolOutcome.Refusal.INVALID_ARGUMENTS));
        }
        return valid;
    }

    private static Schema oracle(ToolSpec tool) {
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(tool.inputSchema().text());
    }
}
