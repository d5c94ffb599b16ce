package dev.casemate.agent.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.casemate.agent.sdk.GuardException.Code;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class SelectPrinterTest {

    static final List<String> HOSTILE = SqlCases.HOSTILE;
    static final List<String> HONEST = SqlCases.HONEST;

    @ParameterizedTest
    @FieldSource("HOSTILE")
    void aHostileStatementIsRefused(String sql) {
        assertThatExceptionOfType(GuardException.class)
                .isThrownBy(() -> SelectPrinter.checked(sql, SqlCases.RULES))
                .satisfies(
                        e -> assertThat(e.code()).isIn(Code.SQL_MALFORMED, Code.SQL_NOT_ALLOWED));
    }

    @ParameterizedTest
    @FieldSource("HONEST")
    void anHonestStatementIsPrintedAndItsPrintIsPrintedTheSame(String sql) {
        var print = SelectPrinter.checked(sql, SqlCases.RULES);
        assertThat(SelectPrinter.checked(print, SqlCases.RULES)).isEqualTo(print);
    }

    @Test
    void thereAreEnoughHostileStatementsToMeanSomething() {
        assertThat(HOSTILE).hasSizeGreaterThan(100).doesNotHaveDuplicates();
    }

    @Test
    void namesAreQuotedSoThatNoneIsReadAsAKeyword() {
        assertThat(
                        SelectPrinter.checked(
                                "SELECT 1 AS current_user ORDER BY current_user", SqlCases.RULES))
                .isEqualTo("SELECT 1 AS \"current_user\" ORDER BY \"current_user\"");
    }

    @Test
    void aRefusalSaysWhatThereIs() {
        assertThatExceptionOfType(GuardException.class)
                .isThrownBy(() -> SelectPrinter.checked("SELECT * FROM salaries", SqlCases.RULES))
                .withMessage(
                        "Expected only known tables. There are: [commodities, daily_prices,"
                                + " public.daily_prices].");
    }
}
