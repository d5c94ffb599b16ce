package dev.casemate.agent.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.casemate.agent.sdk.GuardException.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
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

    /// Seeded, so that a failure replays: pieces of all statements, put together anew.
    @Test
    void whateverIsMadeOfThePiecesOfStatementsIsRefusedOrHarmless() {
        var random = new Random(20_260_101);
        var pieces = new ArrayList<String>();
        for (var sql : HOSTILE) {
            if (sql.length() < 200) {
                pieces.addAll(List.of(sql.split("(?<=[ (),;])")));
            }
        }
        HONEST.forEach(sql -> pieces.addAll(List.of(sql.split("(?<=[ (),;])"))));
        int accepted = 0;
        for (int i = 0; i < 1500; i++) {
            var words =
                    new ArrayList<>(
                            List.of(
                                    HONEST.get(random.nextInt(HONEST.size()))
                                            .split("(?<=[ (),;])")));
            int changes = 1 + random.nextInt(3);
            for (int change = 0; change < changes; change++) {
                var piece = pieces.get(random.nextInt(pieces.size()));
                int at = random.nextInt(words.size());
                if (random.nextBoolean()) {
                    words.set(at, piece);
                } else {
                    words.add(at, piece);
                }
            }
            accepted += harmless(String.join("", words)) ? 1 : 0;
        }
        // Otherwise this test would say nothing of what is let through.
        assertThat(accepted).isGreaterThan(50);
    }

    /// @return whether it was accepted
    private static boolean harmless(String sql) {
        String print;
        try {
            print = SelectPrinter.checked(sql, SqlCases.RULES);
        } catch (GuardException e) {
            return false;
        }
        assertThat(print).matches("(?s)(SELECT|WITH|\\().*");
        var words =
                print.replaceAll("'([^']|'')*'", "''")
                        .replaceAll("\"[^\"]*\"", "n")
                        .toLowerCase(Locale.ROOT);
        assertThat(words)
                .as(sql)
                .doesNotContain(
                        "pg_",
                        "delete",
                        "insert",
                        "update",
                        "drop",
                        "into",
                        "copy",
                        "for ",
                        ";",
                        "--",
                        "/*",
                        "generate",
                        "unnest",
                        "regclass",
                        "current_user");
        return true;
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
