package dev.casemate.agent.processor;

import static dev.casemate.agent.processor.Refused.assertRefused;
import static dev.casemate.agent.processor.Refused.declared;
import static dev.casemate.agent.processor.Refused.parameter;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// A constraint that nothing would hold does not compile.
final class RefusedConstraintTest {

    @ParameterizedTest(name = "{0} is refused")
    @MethodSource({"misplacedConstraints", "invalidConstraints"})
    void aConstraintThatNothingHoldsIsAnErrorAtItsLine(
            String what, String body, int line, String message) {
        assertRefused(Agents.source(body), Agents.HEADER_LINES + line, message);
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
                parameter(
                        "@Min on a boolean", "@Min(1) boolean b", "constrain a boolean: expected"),
                parameter("@Past on a date", "@Past java.time.LocalDate d", "on the clock"),
                parameter("@Size on a date", "@Size(max = 3) java.time.LocalDate d", "a date"),
                parameter("@Email", "@Email String s", "use @Pattern with the addresses"),
                parameter(
                        "@Past",
                        "@Past String s",
                        "@Past depends on the clock, which a schema has not"),
                parameter("@Null", "@Null String s", "@Null leaves nothing to say"),
                parameter(
                        "a constraint on an optional",
                        "@Min(1) Optional<Integer> o",
                        "constrain what is inside: Optional<@Min(1) Integer>"),
                parameter(
                        "a constraint inside that does not fit",
                        "List<@Min(1) String> l",
                        "@Min does not constrain a text: expected @NotNull, @NotBlank"),
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
                parameter(
                        "neither true nor false",
                        "@AssertTrue @AssertFalse boolean b",
                        "fit neither true nor false"),
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
}
