package dev.casemate.agent.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import dev.casemate.agent.sdk.GuardException.Code;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class ReadOnlySqlTest {

    static final List<String> HONEST = SqlCases.HONEST;

    /// What a session without the guard in front of it could try; the role must stop each.
    static final List<String> ATTACKS =
            List.of(
                    "DELETE FROM daily_prices",
                    "UPDATE daily_prices SET price = 0",
                    "INSERT INTO daily_prices VALUES ('XCU', '2030-01-01', 1, 1)",
                    "TRUNCATE daily_prices",
                    "DROP TABLE daily_prices",
                    "ALTER TABLE daily_prices ADD COLUMN x int",
                    "CREATE TABLE stolen AS SELECT * FROM daily_prices",
                    "CREATE TEMP TABLE stolen AS SELECT * FROM daily_prices",
                    "SELECT * INTO stolen FROM daily_prices",
                    "WITH d AS (DELETE FROM daily_prices RETURNING *) SELECT * FROM d",
                    "SELECT * FROM daily_prices FOR UPDATE",
                    "LOCK TABLE daily_prices IN ACCESS EXCLUSIVE MODE",
                    "SELECT * FROM salaries",
                    "SELECT count(*) FROM reports",
                    "INSERT INTO reports (title, content) VALUES ('x', 'y')",
                    "SELECT nextval('reports_id_seq')",
                    "SELECT setval('reports_id_seq', 99)",
                    "SELECT * FROM pg_authid",
                    "SELECT * FROM pg_shadow",
                    "SELECT pg_read_file('/etc/hostname')",
                    "SELECT pg_read_binary_file('/etc/hostname')",
                    "SELECT pg_stat_file('/etc/hostname')",
                    "SELECT * FROM pg_ls_dir('/')",
                    "COPY (SELECT 1) TO '/dev/null'",
                    "COPY (SELECT 1) TO PROGRAM 'cat > /dev/null'",
                    "COPY daily_prices FROM '/dev/null'",
                    "SELECT lo_import('/etc/hostname')",
                    "SELECT lo_create(0)",
                    "SELECT lo_from_bytea(0, 'x')",
                    "SELECT pg_notify('channel', 'payload')",
                    "SELECT pg_reload_conf()",
                    "SELECT pg_switch_wal()",
                    "SET ROLE postgres",
                    "SET SESSION AUTHORIZATION postgres",
                    "CREATE ROLE intruder SUPERUSER",
                    "ALTER ROLE reader SUPERUSER",
                    "GRANT SELECT ON salaries TO reader",
                    "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
                    "CREATE SCHEMA intruder",
                    "DO $$ BEGIN DELETE FROM daily_prices; END $$",
                    "SELECT query_to_xml('SELECT * FROM salaries', true, true, '')");

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
    @FieldSource("ATTACKS")
    void withTheGuardOffTheRoleAloneHolds(String attack) {
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> attempt(warehouse.reader(), attack))
                .satisfies(e ->
                        assertThat(e.getSQLState())
                                .as(e.getMessage())
                                // insufficient_privilege
                                .isEqualTo("42501"));
    }

    @Test
    void withTheGuardOffAndTheRoleOffTheAttacksSucceed() throws SQLException {
        // Each in a transaction that is rolled back.
        for (var attack : ATTACKS) {
            assertThatNoException().as(attack).isThrownBy(() -> attempt(warehouse.owner(), attack));
        }
        assertThat(warehouse.count("daily_prices")).isEqualTo(60);
    }

    /// As an attacker would: no read-only transaction, and the role's settings switched off first.
    private static void attempt(DataSource source, String attack) throws SQLException {
        try (var connection = source.getConnection()) {
            connection.setAutoCommit(false);
            try (var statement = connection.createStatement()) {
                statement.execute("SET default_transaction_read_only = off");
                statement.execute("SET TRANSACTION READ WRITE");
                statement.execute("SET statement_timeout = 0");
                statement.execute(attack);
            } finally {
                connection.rollback();
            }
        }
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
