package dev.casemate.proxy.finops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.casemate.proxy.finops.Budgets.Decision;
import dev.casemate.proxy.finops.FinopsException.Code;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class BudgetsTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Attribution WHO = new Attribution("a", "t", "w", "m");

    private final MovingClock clock = new MovingClock("2026-03-31T23:30:00Z");
    private final List<Alert> alerts = new ArrayList<>();

    private static Budget budget(String name, Subject subject, String value, Period period) {
        return new Budget(name, subject, value, period, new Cost(100), 80);
    }

    private Budgets budgets(Budget... budgets) {
        return new Budgets(List.of(budgets), clock, alerts::add);
    }

    private Budgets daily() {
        return budgets(budget("day", Subject.AGENT, "a", Period.DAY));
    }

    private static Cost cost(long nano) {
        return new Cost(nano);
    }

    private static Decision reserve(Budgets budgets, String exchange, long nano) {
        return budgets.reserve(exchange, WHO, cost(nano), MINUTE);
    }

    private static void assertCommitted(Budgets budgets, long used, long reserved) {
        var status = budgets.status().getFirst();
        assertThat(List.of(status.used(), status.reserved()))
                .as("used and reserved")
                .containsExactly(cost(used), cost(reserved));
    }

    @Test
    void whatIsReservedIsHeldUntilItIsSettled() {
        var budgets = daily();
        assertThat(reserve(budgets, "1", 70)).isInstanceOf(Decision.Granted.class);
        assertCommitted(budgets, 0, 70);
        assertThat(reserve(budgets, "2", 31))
                .isEqualTo(
                        new Decision.Refused(
                                "day", cost(100), cost(70), Instant.parse("2026-04-01T00:00:00Z")));
        budgets.settle("1", cost(20));
        assertCommitted(budgets, 20, 0);
        assertThat(reserve(budgets, "2", 80)).isInstanceOf(Decision.Granted.class);
    }

    @Test
    void settlingAndReleasingTwiceCountsOnce() {
        var budgets = daily();
        reserve(budgets, "1", 50);
        reserve(budgets, "2", 30);
        budgets.settle("1", cost(10));
        budgets.settle("1", cost(10));
        budgets.release("1");
        budgets.release("2");
        budgets.release("2");
        budgets.settle("2", cost(5));
        budgets.settle("never reserved", cost(5));
        assertCommitted(budgets, 10, 0);
    }

    @Test
    void anOpenExchangeThatAsksAgainHoldsItsMoneyOnce() {
        var budgets = daily();
        assertThat(reserve(budgets, "1", 60)).isEqualTo(reserve(budgets, "1", 60));
        assertCommitted(budgets, 0, 60);
        assertThatThrownBy(() -> reserve(budgets, "1", 61))
                .isInstanceOfSatisfying(
                        FinopsException.class,
                        e -> assertThat(e.code()).isEqualTo(Code.EXCHANGE_REUSED));
    }

    @Test
    void whatCostMoreThanItsWorstCaseIsCountedInFull() {
        var budgets = daily();
        reserve(budgets, "1", 50);
        budgets.settle("1", cost(250));
        assertCommitted(budgets, 250, 0);
        assertThat(reserve(budgets, "2", 0)).isInstanceOf(Decision.Refused.class);
    }

    @Test
    void aRefusalByOneBudgetHoldsNothingInAnother() {
        var budgets =
                budgets(
                        budget("all", Subject.EVERYTHING, "", Period.DAY),
                        new Budget("team", Subject.TEAM, "t", Period.DAY, cost(10), 50));
        assertThat(reserve(budgets, "1", 20))
                .isInstanceOfSatisfying(
                        Decision.Refused.class, r -> assertThat(r.budget()).isEqualTo("team"));
        assertThat(budgets.status()).allMatch(status -> status.reserved().equals(Cost.ZERO));
    }

    @Test
    void aLeakedReservationFreesItsMoneyWhenItExpires() {
        var budgets = daily();
        reserve(budgets, "1", 100);
        assertThat(reserve(budgets, "2", 1)).isInstanceOf(Decision.Refused.class);
        clock.advance(MINUTE);
        assertThat(reserve(budgets, "2", 1)).isInstanceOf(Decision.Granted.class);
    }

    @Test
    void whatIsSettledAfterItsReservationExpiredIsCountedAllTheSame() {
        var budgets = daily();
        reserve(budgets, "1", 100);
        clock.advance(MINUTE.multipliedBy(2));
        assertCommitted(budgets, 0, 0);
        budgets.settle("1", cost(90));
        budgets.settle("1", cost(90));
        assertCommitted(budgets, 90, 0);
    }

    @Test
    void eachPeriodBeginsAtItsCalendarInstantInUtc() {
        var budgets =
                budgets(
                        budget("hour", Subject.AGENT, "a", Period.HOUR),
                        budget("day", Subject.AGENT, "a", Period.DAY),
                        budget("month", Subject.AGENT, "a", Period.MONTH));
        clock.set("2026-02-28T23:59:59Z");
        reserve(budgets, "1", 60);
        budgets.settle("1", cost(60));
        assertThat(budgets.status())
                .allMatch(s -> s.resetsAt().equals(Instant.parse("2026-03-01T00:00:00Z")));
        clock.set("2026-03-01T00:00:00Z");
        assertThat(budgets.status()).allMatch(s -> s.used().equals(Cost.ZERO));
        reserve(budgets, "2", 60);
        budgets.settle("2", cost(60));
        clock.set("2026-03-01T01:00:00Z");
        assertThat(budgets.status().stream().map(Status::used))
                .containsExactly(Cost.ZERO, cost(60), cost(60));
    }

    @Test
    void anExchangeBelongsToThePeriodInWhichItReserved() {
        var budgets = daily();
        reserve(budgets, "1", 100);
        clock.set("2026-04-01T00:00:10Z");
        assertThat(reserve(budgets, "2", 100)).isInstanceOf(Decision.Granted.class);
        budgets.settle("1", cost(100));
        assertCommitted(budgets, 0, 100);
    }

    @Test
    void aClockThatGoesBackReopensNoPeriod() {
        var budgets = daily();
        clock.set("2026-04-01T00:00:10Z");
        reserve(budgets, "1", 100);
        clock.set("2026-03-31T23:59:59Z");
        assertThat(reserve(budgets, "2", 1)).isInstanceOf(Decision.Refused.class);
    }

    @Test
    void spendingBeforeARestartCountsIfItsPeriodLasts() {
        var budgets = daily();
        budgets.restore(Instant.parse("2026-03-31T00:00:00Z"), WHO, cost(70));
        budgets.restore(Instant.parse("2026-03-30T23:59:59Z"), WHO, cost(70));
        budgets.restore(
                Instant.parse("2026-03-31T12:00:00Z"),
                new Attribution("other", "t", "w", "m"),
                cost(70));
        assertCommitted(budgets, 70, 0);
        assertThat(alerts).isEmpty();
    }

    @Test
    void anAlertIsRaisedOnceWhenSpendingReachesTheThreshold() {
        var budgets = daily();
        reserve(budgets, "1", 80);
        assertThat(alerts).as("a reservation is not yet spent").isEmpty();
        budgets.settle("1", cost(79));
        assertThat(alerts).isEmpty();
        reserve(budgets, "2", 10);
        budgets.settle("2", cost(1));
        reserve(budgets, "3", 10);
        budgets.settle("3", cost(1));
        assertThat(alerts).hasSize(1);
        assertThat(alerts.getFirst().used()).isEqualTo(cost(80));
        clock.set("2026-04-02T10:00:00Z");
        reserve(budgets, "4", 100);
        budgets.settle("4", cost(100));
        assertThat(alerts).as("a new period alerts again").hasSize(2);
    }

    @Test
    void aBudgetForEachGivesEveryoneAnAccount() {
        var budgets = budgets(budget("each", Subject.WORKFLOW, Budget.EACH, Period.HOUR));
        for (var workflow : List.of("w1", "w2")) {
            var who = new Attribution("a", "t", workflow, "m");
            assertThat(budgets.reserve(workflow, who, cost(100), MINUTE))
                    .isInstanceOf(Decision.Granted.class);
        }
        assertThat(budgets.status().stream().map(Status::value)).containsExactly("w1", "w2");
    }

    @Test
    void accountsAreBoundedAndThoseOfPastPeriodsMakeRoom() {
        var budgets = budgets(budget("each", Subject.WORKFLOW, Budget.EACH, Period.HOUR));
        for (int i = 0; i < Budgets.MAX_ACCOUNTS; i++) {
            budgets.reserve("e" + i, new Attribution("a", "t", "w" + i, "m"), cost(1), MINUTE);
        }
        assertThat(reserve(budgets, "one more", 1))
                .isEqualTo(new Decision.Saturated("accounts", Budgets.MAX_ACCOUNTS));
        clock.advance(Duration.ofHours(1));
        assertThat(reserve(budgets, "one more", 1)).isInstanceOf(Decision.Granted.class);
    }

    @Test
    void openReservationsAreBounded() {
        var budgets = budgets();
        for (int i = 0; i < Budgets.MAX_RESERVATIONS; i++) {
            reserve(budgets, "e" + i, 1);
        }
        assertThat(reserve(budgets, "one more", 1)).isInstanceOf(Decision.Saturated.class);
        budgets.release("e5");
        assertThat(reserve(budgets, "one more", 1)).isInstanceOf(Decision.Granted.class);
    }

    @Test
    void costsThatDoNotFitFillTheAccountRatherThanWrap() {
        var budgets = daily();
        reserve(budgets, "1", 50);
        reserve(budgets, "2", 50);
        budgets.settle("1", new Cost(Long.MAX_VALUE));
        budgets.settle("2", new Cost(Long.MAX_VALUE));
        assertThat(budgets.status().getFirst().used()).isEqualTo(new Cost(Long.MAX_VALUE));
        assertThat(reserve(budgets, "3", 1)).isInstanceOf(Decision.Refused.class);
    }

    @Test
    void manyThreadsNeverSpendMoreThanTheLimitTogether() throws Exception {
        long limit = 10_000;
        var budgets =
                new Budgets(
                        List.of(new Budget("day", Subject.AGENT, "a", Period.DAY, cost(limit), 80)),
                        clock);
        var spent = new AtomicLong();
        var refused = new AtomicLong();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var tasks = new ArrayList<Callable<Void>>();
            for (int t = 0; t < 64; t++) {
                int seed = t;
                tasks.add(() -> {
                    spend(budgets, new Random(seed), seed, spent, refused);
                    return null;
                });
            }
            for (var result : threads.invokeAll(tasks)) {
                result.get();
            }
        }
        assertThat(spent.get()).isLessThanOrEqualTo(limit);
        assertThat(refused.get()).as("the limit was met").isPositive();
        assertCommitted(budgets, spent.get(), 0);
    }

    private static void spend(
            Budgets budgets, Random random, int thread, AtomicLong spent, AtomicLong refused) {
        for (int i = 0; i < 200; i++) {
            var exchange = thread + "-" + i;
            long worst = 1L + random.nextInt(40);
            switch (reserve(budgets, exchange, worst)) {
                case Decision.Granted _ -> {
                    var status = budgets.status().getFirst();
                    assertThat(status.used().plus(status.reserved()))
                            .isLessThanOrEqualTo(status.budget().limit());
                    if (random.nextInt(4) == 0) {
                        budgets.release(exchange);
                    } else {
                        long actual = random.nextLong(worst + 1);
                        budgets.settle(exchange, cost(actual));
                        budgets.settle(exchange, cost(actual));
                        spent.addAndGet(actual);
                    }
                }
                case Decision.Refused _ -> refused.incrementAndGet();
                case Decision.Saturated _ -> throw new AssertionError("not so many");
            }
        }
    }

    @Test
    void withoutABudgetTheSameThreadsSpendMore() {
        var budgets = budgets();
        long spent = 0;
        for (int i = 0; i < 200; i++) {
            assertThat(reserve(budgets, "e" + i, 100)).isInstanceOf(Decision.Granted.class);
            budgets.settle("e" + i, cost(100));
            spent += 100;
        }
        assertThat(spent).isGreaterThan(10_000);
    }

    @Test
    void budgetsThatCannotBeAreRefused() {
        var day = budget("day", Subject.AGENT, "a", Period.DAY);
        assertThatThrownBy(() -> budgets(day, day)).isInstanceOf(FinopsException.class);
        assertThatThrownBy(() -> budget("x", Subject.AGENT, " ", Period.DAY))
                .isInstanceOf(FinopsException.class);
        assertThatThrownBy(() -> budget("x", Subject.EVERYTHING, "a", Period.DAY))
                .isInstanceOf(FinopsException.class);
        assertThatThrownBy(() -> daily().reserve("1", WHO, cost(1), Duration.ZERO))
                .isInstanceOf(FinopsException.class);
        assertThatThrownBy(() -> daily().reserve("1", WHO, cost(1), Duration.ofDays(2)))
                .isInstanceOf(FinopsException.class);
    }
}
