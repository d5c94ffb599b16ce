package dev.casemate.agent.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.casemate.agent.sdk.GuardException.Code;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class SqlCheckTest {

    static final List<SqlAttack> HOSTILE = SqlAttack.all();
    static final List<String> HONEST =
            Stream.concat(SqlCases.HONEST.stream(), SqlCases.STARS.stream()).toList();

    @ParameterizedTest
    @FieldSource("HOSTILE")
    void aHostileStatementIsRefusedForItsReason(SqlAttack attack) {
        assertThatExceptionOfType(GuardException.class)
                .isThrownBy(() -> SqlCheck.checked(attack.sql(), SqlCases.RULES))
                .satisfies(e -> assertThat(reason(e)).as(attack.sql()).isEqualTo(attack.refusal()))
                .satisfies(
                        e -> assertThat(e.code()).isIn(Code.SQL_MALFORMED, Code.SQL_NOT_ALLOWED));
    }

    private static SqlRefusal reason(GuardException e) {
        var message = String.valueOf(e.getMessage());
        return Stream.of(SqlRefusal.values())
                .filter(refusal -> message.startsWith(refusal.expected()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no reason: " + message));
    }

    @ParameterizedTest
    @FieldSource("HONEST")
    void anHonestStatementIsPrintedAndItsPrintIsPrintedTheSame(String sql) {
        var print = SqlCheck.checked(sql, SqlCases.RULES);
        assertThat(SqlCheck.checked(print, SqlCases.RULES)).isEqualTo(print);
    }

    @Test
    void thereAreEnoughHostileStatementsToMeanSomething() {
        assertThat(HOSTILE)
                .hasSizeGreaterThan(300)
                .extracting(SqlAttack::sql)
                .doesNotHaveDuplicates();
        assertThat(HOSTILE).extracting(SqlAttack::refusal).contains(SqlRefusal.values());
        assertThat(HOSTILE).extracting(SqlAttack::alone).contains(SqlAttack.Alone.values());
        assertThat(HONEST).hasSizeGreaterThan(40);
    }

    /// Seeded, so that a failure replays: pieces of all statements, put together anew.
    @Test
    void whateverIsMadeOfThePiecesOfStatementsIsRefusedOrHarmless() {
        var random = new Random(20_260_101);
        int accepted = 0;
        for (int i = 0; i < 3000; i++) {
            accepted += harmless(SqlMutations.next(random)) ? 1 : 0;
        }
        // Otherwise this test would say nothing of what is let through.
        assertThat(accepted).isGreaterThan(50);
    }

    /// @return whether it was accepted
    private static boolean harmless(String sql) {
        String print;
        try {
            print = SqlCheck.checked(sql, SqlCases.RULES);
        } catch (GuardException e) {
            return false;
        }
        SqlCheckFuzzTest.assertKnown(print);
        return true;
    }

    @Test
    void namesAreQuotedSoThatNoneIsReadAsAKeyword() {
        assertThat(
                        SqlCheck.checked(
                                "SELECT 1 AS current_user ORDER BY current_user", SqlCases.RULES))
                .isEqualTo("SELECT 1 AS \"current_user\" ORDER BY 1");
    }

    @Test
    void aRefusalSaysWhatThereIs() {
        assertThatExceptionOfType(GuardException.class)
                .isThrownBy(() -> SqlCheck.checked("SELECT * FROM salaries", SqlCases.RULES))
                .withMessage(
                        "Expected only known tables. There are: [commodities, daily_prices, desks,"
                                + " public.daily_prices].");
    }
}
