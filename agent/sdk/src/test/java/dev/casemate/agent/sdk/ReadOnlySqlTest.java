package dev.casemate.agent.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.casemate.agent.sdk.GuardException.Code;
import dev.casemate.manifest.Json;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class ReadOnlySqlTest {

    static final List<String> HONEST = SqlCases.HONEST;

    static final List<String> STARS = SqlCases.STARS;

    private static Warehouse warehouse;

    @BeforeAll
    static void start() {
        warehouse = new Warehouse();
    }

    @AfterAll
    static void stop() throws IOException {
        warehouse.close();
    }

    @ParameterizedTest
    @FieldSource("HONEST")
    void aCheckedStatementGivesTheRowsOfTheStatementThatCame(String sql) {
        var guarded = new ReadOnlySql(warehouse.reader(), SqlCases.RULES);
        var unguarded = new ReadOnlySql(warehouse.owner(), SqlCases.RULES);
        assertThat(guarded.query(sql)).isEqualTo(unguarded.execute(sql));
    }

    @ParameterizedTest
    @FieldSource("STARS")
    void aStarMeansTheColumnsOfTheRules(String sql) {
        var guarded = new ReadOnlySql(warehouse.reader(), SqlCases.RULES);
        var unguarded = new ReadOnlySql(warehouse.owner(), SqlCases.RULES);
        assertThat(byColumn(guarded.query(sql))).isEqualTo(byColumn(unguarded.execute(sql)));
    }

    /// The rows, whatever the order of their columns.
    private static List<Map<String, Json>> byColumn(QueryResult result) {
        return result.rows().stream()
                .map(row -> {
                    var byColumn = new HashMap<String, Json>();
                    for (int i = 0; i < row.size(); i++) {
                        byColumn.put(result.columns().get(i), row.get(i));
                    }
                    return Map.copyOf(byColumn);
                })
                .toList();
    }

    @Test
    void aStarLeavesOutWhatTheRulesDoNotName() {
        var guarded = new ReadOnlySql(warehouse.owner(), SqlCases.RULES);
        assertThat(guarded.query("SELECT * FROM desks").toJson().text())
                .isEqualTo(
                        "{\"columns\":[\"id\",\"name\"],\"rows\":[[1,\"Metals\"]],\"cut\":false}");
    }

    @Test
    void aConnectionThatCannotBeResetIsGivenUp() throws SQLException {
        try (var connection = warehouse.owner().getConnection()) {
            var guarded = new ReadOnlySql(Pool.of(connection), SqlCases.RULES);
            assertThatExceptionOfType(GuardException.class)
                    .isThrownBy(
                            () -> guarded.execute("SELECT pg_terminate_backend(pg_backend_pid())"))
                    .extracting(GuardException::code)
                    .isEqualTo(Code.DATABASE_REFUSED);
            assertThat(connection.isClosed()).isTrue();
        }
    }

    @Test
    void whatTakesLongFetchByFetchEndsToo() {
        var slow = "SELECT pg_sleep(0.003) FROM generate_series(1, 100000)";
        var hasty =
                new SqlRules(
                        SqlCases.RULES.tables(),
                        SqlCases.RULES.functions(),
                        100_000,
                        10_000_000,
                        Duration.ofSeconds(1));
        long begun = System.nanoTime();
        assertThatExceptionOfType(GuardException.class)
                .isThrownBy(() -> new ReadOnlySql(warehouse.owner(), hasty).execute(slow))
                .extracting(GuardException::code)
                .isEqualTo(Code.TIMED_OUT);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void theGuardRefusesBeforeTheDatabaseIsAsked() {
        DataSource unreachable = new org.postgresql.ds.PGSimpleDataSource();
        var guarded = new ReadOnlySql(unreachable, SqlCases.RULES);
        assertThatExceptionOfType(GuardException.class)
                .isThrownBy(() -> guarded.query("SELECT * FROM salaries"))
                .extracting(GuardException::code)
                .isEqualTo(Code.SQL_NOT_ALLOWED);
    }

    @Test
    void anAnswerWithTooManyRowsIsCutAndSaysSo() {
        var few = rules(7, 65_536);
        var result = new ReadOnlySql(warehouse.reader(), few).query("SELECT day FROM daily_prices");
        assertThat(result.rows()).hasSize(7);
        assertThat(result.cut()).isTrue();
        assertThat(result.toJson().text())
                .startsWith("{\"columns\":[\"day\"],\"rows\":[[\"2026-01-0");
    }

    @Test
    void anAnswerWithTooManyBytesIsRefused() {
        var small = rules(100, 200);
        assertThatExceptionOfType(GuardException.class)
                .isThrownBy(() ->
                        new ReadOnlySql(warehouse.reader(), small)
                                .query("SELECT day FROM daily_prices"))
                .extracting(GuardException::code)
                .isEqualTo(Code.TOO_LARGE);
    }

    @Test
    void aStatementThatTakesTooLongEnds() {
        var joined =
                "SELECT count(*) FROM daily_prices a, daily_prices b, daily_prices c, daily_prices d,"
                        + " daily_prices e";
        var hasty =
                new SqlRules(
                        SqlCases.RULES.tables(),
                        SqlCases.RULES.functions(),
                        10,
                        1000,
                        Duration.ofMillis(200));
        assertThatExceptionOfType(GuardException.class)
                .isThrownBy(() -> new ReadOnlySql(warehouse.reader(), hasty).query(joined))
                .extracting(GuardException::code)
                .isEqualTo(Code.TIMED_OUT);
    }

    @Test
    void whatTheDatabaseSaysIsNotRepeatedToTheModel() {
        var guarded = new ReadOnlySql(warehouse.reader(), SqlCases.RULES);
        assertThatExceptionOfType(GuardException.class)
                .isThrownBy(() -> guarded.query("SELECT name::integer FROM commodities"))
                .withMessage("The database refused the statement, SQL state 22P02.")
                .extracting(GuardException::code)
                .isEqualTo(Code.DATABASE_REFUSED);
    }

    @Test
    void aDatabaseThatIsNotThereIsSaidToBeUnreachable() {
        var nowhere = new org.postgresql.ds.PGSimpleDataSource();
        nowhere.setServerNames(new String[] {"127.0.0.1"});
        nowhere.setPortNumbers(new int[] {1});
        assertThatExceptionOfType(GuardException.class)
                .isThrownBy(() ->
                        new ReadOnlySql(nowhere, SqlCases.RULES)
                                .query("SELECT name FROM commodities"))
                .extracting(GuardException::code)
                .isEqualTo(Code.UNREACHABLE);
    }

    private static SqlRules rules(int maxRows, int maxBytes) {
        return new SqlRules(
                SqlCases.RULES.tables(),
                SqlCases.RULES.functions(),
                maxRows,
                maxBytes,
                Duration.ofSeconds(5));
    }
}
