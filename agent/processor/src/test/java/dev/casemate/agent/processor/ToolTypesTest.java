package dev.casemate.agent.processor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.casemate.agent.sdk.ToolOutcome;
import dev.casemate.agent.sdk.ToolOutcome.Refusal;
import dev.casemate.agent.sdk.ToolSet;
import dev.casemate.manifest.Json;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Types whose form in JSON is not plain from Java: dates and times, choices between records, and
/// results that come later.
final class ToolTypesTest {

    private static final String SOURCE =
            Agents.source(
                    """
                    sealed interface Order permits Market, Priced {}
                    record Market(@Positive int quantity) implements Order {}
                    sealed interface Priced extends Order permits Limit, Stop {}
                    record Limit(@Positive int quantity, @Positive BigDecimal price) implements Priced {}
                    record Stop(List<Order2> then) implements Priced {}
                    sealed interface Order2 {}
                    record Cancel() implements Order2 {}
                    record Wait(java.time.Duration time, Optional<java.time.LocalTime> until) implements Order2 {}

                    @Tool(name = "place", description = "Places", effect = READ)
                    Order place(Order order) { return order; }
                    @Tool(name = "plan", description = "Plans", effect = READ)
                    String plan(List<Order> orders, Optional<Order> last) { return orders + " " + last; }
                    @Tool(name = "when", description = "Dates", effect = READ)
                    String when(java.time.LocalDate date, java.time.LocalTime time, java.time.Instant instant,
                        java.time.OffsetDateTime offset, java.time.Duration duration, UUID id) {
                        return date + " " + time + " " + instant + " " + offset + " " + duration + " " + id;
                    }
                    record Times(java.time.LocalDate date, java.time.LocalTime time, java.time.Instant instant,
                        java.time.OffsetDateTime offset, java.time.Duration duration, UUID id) {}
                    @Tool(name = "times", description = "Dates", effect = READ)
                    Times times(java.time.LocalDate date, java.time.LocalTime time, java.time.Instant instant,
                        java.time.OffsetDateTime offset, java.time.Duration duration, UUID id) {
                        return new Times(date, time, instant, offset, duration, id);
                    }
                    @Tool(name = "odd_times", description = "Dates", effect = READ)
                    Times oddTimes() {
                        return new Times(java.time.LocalDate.EPOCH, java.time.LocalTime.MAX, java.time.Instant.EPOCH,
                            java.time.OffsetDateTime.of(2026, 1, 31, 0, 30, 1, 500_000_000,
                                java.time.ZoneOffset.ofHoursMinutesSeconds(1, 0, 30)),
                            java.time.Duration.ofMillis(-1500), new UUID(0, 1));
                    }
                    @Tool(name = "agree", description = "Agrees", effect = READ)
                    boolean agree(@AssertTrue boolean yes, Optional<@AssertFalse Boolean> no) { return yes; }
                    @Tool(name = "later", description = "Waits", effect = READ)
                    java.util.concurrent.CompletableFuture<Order> later(String how) {
                        return switch (how) {
                            case "guard" -> java.util.concurrent.CompletableFuture.failedFuture(
                                new GuardException(GuardException.Code.TOO_LARGE, "Ask for less."));
                            case "thrown" -> java.util.concurrent.CompletableFuture.supplyAsync(
                                () -> { throw new IllegalStateException("secret"); });
                            case "memory" -> java.util.concurrent.CompletableFuture.failedFuture(
                                new NoClassDefFoundError("secret"));
                            case "cancelled" -> {
                                var work = new java.util.concurrent.CompletableFuture<Order>();
                                work.cancel(true);
                                yield work;
                            }
                            case "null" -> java.util.concurrent.CompletableFuture.completedFuture(null);
                            default -> java.util.concurrent.CompletableFuture.supplyAsync(() -> new Market(2));
                        };
                    }
                    @Tool(name = "staged", description = "Waits", effect = READ)
                    java.util.concurrent.CompletionStage<String> staged() {
                        return java.util.concurrent.CompletableFuture.supplyAsync(() -> "a").thenApply(a -> a + "b");
                    }
                    @Tool(name = "future", description = "Waits", effect = READ)
                    java.util.concurrent.Future<List<Integer>> future() {
                        return java.util.concurrent.CompletableFuture.completedFuture(List.of(1, 2));
                    }
                    @Tool(name = "done", description = "Waits", effect = WRITE, destinations = "here")
                    java.util.concurrent.CompletableFuture<Void> done() {
                        return java.util.concurrent.CompletableFuture.completedFuture(null);
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

    private static void assertRefused(String tool, String arguments, String... violations) {
        assertThat(Agents.call(tools, tool, arguments))
                .isInstanceOfSatisfying(
                        ToolOutcome.Refused.class,
                        refused -> {
                            assertThat(refused.reason()).isEqualTo(Refusal.INVALID_ARGUMENTS);
                            assertThat(refused.text().lines().skip(1).map(it -> it.substring(2)))
                                    .containsExactly(violations);
                        });
    }

    @ParameterizedTest(name = "{0} comes back as it went in")
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"kind\":\"Market\",\"quantity\":3}",
                "{\"kind\":\"Limit\",\"quantity\":3,\"price\":1.5}",
                "{\"kind\":\"Stop\",\"then\":[{\"kind\":\"Cancel\"},"
                        + "{\"kind\":\"Wait\",\"time\":\"PT2M\",\"until\":null}]}"
            })
    void aRecordOfASealedInterfaceComesBackAsItWentIn(String order) {
        assertThat(answer("place", "{\"order\":" + order + "}")).isEqualTo(order);
    }

    @Test
    void aListAndAnOptionalMayHoldASealedInterface() {
        assertThat(
                        answer(
                                "plan",
                                "{\"orders\":[{\"quantity\":1,\"kind\":\"Market\"}],\"last\":null}"))
                .isEqualTo("[Market[quantity=1]] Optional.empty");
        assertThat(
                        answer(
                                "plan",
                                "{\"orders\":[],\"last\":{\"kind\":\"Limit\",\"quantity\":1,\"price\":2}}"))
                .isEqualTo("[] Optional[Limit[quantity=1, price=2]]");
    }

    @Test
    void theSchemaListsTheKinds() {
        var schema = tools.manifest().tool("place").orElseThrow().inputSchema().text();
        assertThat(schema)
                .contains(
                        "\"order\":{\"anyOf\":[{\"type\":\"object\",\"properties\":{\"kind\":"
                                + "{\"type\":\"string\",\"enum\":[\"Market\"]},\"quantity\":",
                        "\"required\":[\"kind\",\"quantity\"],\"additionalProperties\":false}");
        assertThat(tools.manifest().tool("plan").orElseThrow().inputSchema().text())
                .contains(",{\"type\":\"null\"}]}");
    }

    @Test
    void onlyTheViolationsOfTheChosenKindAreNamed() {
        assertRefused(
                "place",
                "{\"order\":{\"kind\":\"Limit\",\"quantity\":0,\"evil\":1}}",
                "/order/quantity must be a whole number from 1 to 2147483647",
                "/order/price is required",
                "/order must have no other members than kind, quantity, price");
        assertRefused(
                "place",
                "{\"order\":{\"kind\":\"evil\",\"quantity\":0}}",
                "/order/kind must be one of Market, Limit, Stop");
        assertRefused(
                "place",
                "{\"order\":{\"quantity\":1}}",
                "/order/kind must be one of Market, Limit, Stop");
        assertRefused(
                "place",
                "{\"order\":[]}",
                "/order must be an object whose kind is one of Market, Limit, Stop");
        assertRefused("place", "{\"order\":null}", "/order is required");
    }

    @Test
    void aBooleanMayHaveOneValueOnly() {
        assertThat(answer("agree", "{\"yes\":true,\"no\":false}")).isEqualTo("true");
        assertThat(answer("agree", "{\"yes\":true}")).isEqualTo("true");
        assertRefused(
                "agree", "{\"yes\":false,\"no\":true}", "/yes must be true", "/no must be false");
    }

    private static String times(
            String date, String time, String instant, String offset, String duration, String id) {
        return Json.object()
                .put("date", date)
                .put("time", time)
                .put("instant", instant)
                .put("offset", offset)
                .put("duration", duration)
                .put("id", id)
                .build()
                .text();
    }

    private static final String ID = "123e4567-e89b-12d3-a456-426614174000";

    @ParameterizedTest(name = "{0} {1} {2} {3} {4} are {5}")
    @CsvSource(
            delimiter = ',',
            value = {
                "2026-01-31, 09:30, 2026-01-31T09:30:00Z, 2026-01-31T09:30:00+01:00, P2DT1H0M30S,"
                        + " 2026-01-31 09:30 2026-01-31T09:30:00Z 2026-01-31T09:30+01:00 PT49H30S",
                "2024-02-29, 23:59:59.25, 2024-02-29T23:59:59.5+18:00, 0000-01-01T00:00:00-00:30,"
                        + " PT0S,"
                        + " 2024-02-29 23:59:59.250 2024-02-29T05:59:59.500Z 0000-01-01T00:00-00:30"
                        + " PT0S",
                "9999-12-31, 00:00:01, 0000-01-01T00:00:00.123456789-17:59,"
                        + " 9999-12-31T23:59:59-18:00, P999999D,"
                        + " 9999-12-31 00:00:01 0000-01-01T17:59:00.123456789Z"
                        + " 9999-12-31T23:59:59-18:00 PT23999976H"
            })
    void datesAndTimesAreReadAsJavaReadsThem(
            String date, String time, String instant, String offset, String span, String read) {
        assertThat(answer("when", times(date, time, instant, offset, span, ID)))
                .isEqualTo(read + " " + ID);
    }

    @Test
    void aTimeThatAToolReturnsMayGoIntoTheNext() {
        var given =
                times(
                        "2026-01-31",
                        "09:30",
                        "2026-01-31T00:00:00+01:00",
                        "2026-01-31T09:00:00+01:00",
                        "P1DT30S",
                        ID);
        var returned = answer("times", given);
        assertThat(returned)
                .isEqualTo(
                        times(
                                "2026-01-31",
                                "09:30",
                                "2026-01-30T23:00:00Z",
                                "2026-01-31T09:00:00+01:00",
                                "PT24H0M30S",
                                ID));
        assertThat(answer("times", returned)).isEqualTo(returned);
    }

    @Test
    void aTimeThatNoToolTakesIsWrittenNevertheless() {
        assertThat(answer("odd_times", "{}"))
                .isEqualTo(
                        times(
                                "1970-01-01",
                                "23:59:59.999999999",
                                "1970-01-01T00:00:00Z",
                                "2026-01-30T23:29:31.500Z",
                                "PT-1.5S",
                                "00000000-0000-0000-0000-000000000001"));
    }

    @Test
    void aViolationOfADateGivesAnExample() {
        assertRefused(
                "when",
                times("2026-02-30", "9:30", "2026-01-31T09:30:00", "yesterday", "1 day", "7"),
                "/date must be a day of the calendar, as 2026-01-31",
                "/time must be a time of the day, as 09:30 or 09:30:15",
                "/instant must be a moment with its offset from UTC, as 2026-01-31T09:30:00Z or"
                        + " 2026-01-31T10:30:00+01:00",
                "/offset must be a moment with its offset from UTC, as 2026-01-31T09:30:00Z or"
                        + " 2026-01-31T10:30:00+01:00",
                "/duration must be a duration, as P2D, PT36H or PT1H0M30S",
                "/id must be a UUID, as 123e4567-e89b-12d3-a456-426614174000");
    }

    @Test
    void aResultThatComesLaterIsWaitedFor() {
        assertThat(answer("later", "{\"how\":\"well\"}"))
                .isEqualTo("{\"kind\":\"Market\",\"quantity\":2}");
        assertThat(answer("staged", "{}")).isEqualTo("ab");
        assertThat(answer("future", "{}")).isEqualTo("[1,2]");
        assertThat(answer("done", "{}")).isEqualTo("done");
    }

    @ParameterizedTest(name = "a future that ends with {0} is {1}")
    @CsvSource({
        "thrown, IllegalStateException",
        "memory, NoClassDefFoundError",
        "cancelled, CancellationException",
        "null, NullPointerException"
    })
    void aFutureThatFailsIsWhatItFailedWith(String how, String exception) {
        assertThat(Agents.call(tools, "later", "{\"how\":\"" + how + "\"}"))
                .isInstanceOfSatisfying(
                        ToolOutcome.Failed.class,
                        failed -> {
                            assertThat(failed.exception()).isEqualTo(exception);
                            assertThat(failed.text()).doesNotContain("secret");
                        });
    }

    @Test
    void whatAGuardRefusesLaterReachesTheModel() {
        assertThat(Agents.call(tools, "later", "{\"how\":\"guard\"}"))
                .isEqualTo(new ToolOutcome.Refused(Refusal.GUARD, "Ask for less."));
    }
}
