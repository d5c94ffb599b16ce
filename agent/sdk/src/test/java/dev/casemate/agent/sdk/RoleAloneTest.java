package dev.casemate.agent.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.casemate.agent.sdk.SqlAttack.Alone;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/// Every hostile statement on a real PostgreSQL, as the reading role, with the check off.
@Timeout(120)
class RoleAloneTest {

    static final List<SqlAttack> ATTACKS = SqlAttack.all();

    /// The role's timeout, the driver's grace beyond it, and a slow machine.
    private static final Duration LONGEST = Duration.ofSeconds(20);

    /// For what would take for ever.
    private static final Duration SHORT = Duration.ofSeconds(1);

    private static final int ROWS_LOOKED_AT = 2000;
    private static final String PERMISSION_DENIED = "42501";

    private static Warehouse warehouse;
    private static Connection owner;
    private static Connection bystander;
    private static Path files;
    private static Path secret;
    private static Path out;

    @BeforeAll
    static void start() throws IOException, SQLException {
        warehouse = new Warehouse();
        owner = warehouse.owner().getConnection();
        bystander = warehouse.reader().getConnection();
        // Where PostgreSQL could read and write, if the role could make it: another user than ours.
        files =
                Files.createTempDirectory(
                        "attack",
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rwx------")));
        Files.setPosixFilePermissions(files, PosixFilePermissions.fromString("rwxr-xr-x"));
        secret = Files.writeString(files.resolve("secret"), "CANARY-FILE");
        out = Files.createDirectory(files.resolve("out"));
        Files.setPosixFilePermissions(out, PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    @AfterAll
    static void stop() throws IOException, SQLException {
        bystander.close();
        owner.close();
        warehouse.close();
        try (var left = Files.walk(files)) {
            for (var path : left.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private static String sql(SqlAttack attack) {
        return attack.sql().replace("{file}", secret.toString()).replace("{out}", out.toString());
    }

    /// As somebody would who has the role's password: no transaction that is rolled back, and what
    /// a session can switch off is off.
    @ParameterizedTest
    @FieldSource("ATTACKS")
    void theRoleAloneHolds(SqlAttack attack) throws SQLException, IOException {
        var before = DatabaseState.ofDatabase(owner);
        long begun = System.nanoTime();
        try (var connection = warehouse.reader().getConnection()) {
            switchOff(connection, attack.alone());
            var session = DatabaseState.ofSession(connection);
            var told = new ArrayList<String>();
            var failure = attempt(connection, sql(attack), told);
            failure.ifPresent(e -> told.add(String.valueOf(e.getMessage())));
            assertThat(told).as(attack.toString()).noneMatch(line -> line.contains("CANARY"));
            assertOutcome(attack, failure);
            if (connection.isValid(5)) {
                assertStillTheReader(connection);
                assertSession(attack, session, DatabaseState.ofSession(connection));
            }
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(LONGEST);
        assertUnharmed(before);
    }

    /// As an agent would whose check is broken.
    @ParameterizedTest
    @FieldSource("ATTACKS")
    void withoutTheCheckNothingIsGainedAndTheConnectionComesBackAsItWas(SqlAttack attack)
            throws SQLException, IOException {
        var before = DatabaseState.ofDatabase(owner);
        long begun = System.nanoTime();
        try (var connection = warehouse.reader().getConnection()) {
            var guarded = new ReadOnlySql(Pool.of(connection), hasty());
            // As the first answer leaves it: without what the driver had set.
            assertThat(answer(guarded, "SELECT 1")).contains("1");
            var session = DatabaseState.ofSession(connection);
            assertThat(answer(guarded, sql(attack))).as(attack.toString()).doesNotContain("CANARY");
            // The driver closes a connection on which a value comes that is beyond its own limit.
            if (!connection.isClosed()) {
                assertThat(connection.getAutoCommit()).isTrue();
                assertThat(connection.isReadOnly()).isFalse();
                assertThat(DatabaseState.ofSession(connection))
                        .as(attack.toString())
                        .isEqualTo(session);
            }
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(LONGEST);
        assertUnharmed(before);
    }

    private static String answer(ReadOnlySql guarded, String sql) {
        try {
            return guarded.execute(sql).toJson().text();
        } catch (GuardException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static SqlRules hasty() {
        return new SqlRules(
                SqlCases.RULES.tables(),
                SqlCases.RULES.functions(),
                ROWS_LOOKED_AT,
                1 << 20,
                SHORT);
    }

    private static void switchOff(Connection connection, Alone alone) throws SQLException {
        try (var statement = connection.createStatement()) {
            if (alone != Alone.CHANGES_ITS_SESSION) {
                statement.execute("SET default_transaction_read_only = off");
                statement.execute(
                        "SET statement_timeout = "
                                + (alone == Alone.SPENDS ? SHORT.toMillis() : 0));
            }
        }
    }

    private static void assertSession(SqlAttack attack, List<String> before, List<String> after) {
        switch (attack.alone()) {
            case READS_ITS_OWN, TELLS_OF_THE_DATABASE ->
                    assertThat(after).as(attack.toString()).isEqualTo(before);
            case CHANGES_ITS_SESSION ->
                    assertThat(after).as(attack.toString()).isNotEqualTo(before);
            // Several statements in one may have got as far as their first.
            case DENIED, NOT_THERE, FAILS, SPENDS, REACHES_SESSIONS -> {}
        }
    }

    /// @param told takes every value and notice that comes back
    private static Optional<SQLException> attempt(
            Connection connection, String sql, List<String> told) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.setMaxRows(ROWS_LOOKED_AT);
            statement.setQueryTimeout(5);
            try {
                boolean rows = statement.execute(sql);
                while (rows || statement.getUpdateCount() >= 0) {
                    if (rows) {
                        collect(statement, told);
                    }
                    rows = statement.getMoreResults();
                }
                for (var notice = statement.getWarnings();
                        notice != null;
                        notice = notice.getNextWarning()) {
                    told.add(String.valueOf(notice.getMessage()));
                }
                return Optional.empty();
            } catch (SQLException e) {
                return Optional.of(e);
            }
        } finally {
            if (!connection.isClosed()) {
                // An attack may have begun a transaction of its own.
                rollBack(connection);
            }
        }
    }

    private static void rollBack(Connection connection) {
        try (var statement = connection.createStatement()) {
            statement.execute("ROLLBACK");
        } catch (SQLException e) {
            // The connection is gone, and its session with it.
        }
    }

    private static void collect(Statement statement, List<String> told) throws SQLException {
        try (var rows = statement.getResultSet()) {
            int columns = rows.getMetaData().getColumnCount();
            while (rows.next()) {
                for (int i = 1; i <= columns; i++) {
                    told.add(String.valueOf(rows.getString(i)));
                }
            }
        }
    }

    private static void assertOutcome(SqlAttack attack, Optional<SQLException> failure) {
        var state = failure.map(e -> String.valueOf(e.getSQLState())).orElse("");
        var said = attack + ": " + failure.map(Throwable::getMessage).orElse("it ran");
        switch (attack.alone()) {
            case DENIED -> assertThat(state).as(said).isEqualTo(PERMISSION_DENIED);
            case NOT_THERE ->
                    assertThat(state)
                            .as(said)
                            .isNotEqualTo(PERMISSION_DENIED)
                            .matches("(42|0A|3D|3F|26|34).*");
            case FAILS -> assertThat(state).as(said).matches("(07|08|22|25|53|54|55|58|99|XX).*");
            case SPENDS -> assertThat(state).as(said).matches("57014|53.*|54.*");
            case READS_ITS_OWN, TELLS_OF_THE_DATABASE, CHANGES_ITS_SESSION, REACHES_SESSIONS ->
                    assertThat(state).as(said).isEmpty();
        }
    }

    private static void assertStillTheReader(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var rows =
                        statement.executeQuery(
                                "SELECT current_user || ' ' || session_user || ' ' ||"
                                        + " current_setting('is_superuser')")) {
            rows.next();
            assertThat(rows.getString(1)).isEqualTo("reader reader off");
        }
    }

    private static void assertUnharmed(List<String> before) throws SQLException, IOException {
        assertThat(DatabaseState.ofDatabase(owner)).isEqualTo(before);
        assertThat(bystander.isValid(5)).isTrue();
        try (var written = Files.list(out)) {
            assertThat(written).isEmpty();
        }
    }

    @Test
    void theRoleHoldsWhatItsFileSaysAndNothingElse() throws SQLException {
        assertThat(
                        asked(
                                """
                                SELECT concat_ws(' ', rolsuper, rolcreatedb, rolcreaterole, rolinherit, rolreplication,
                                    rolbypassrls, rolconnlimit) FROM pg_roles WHERE rolname = 'reader'
                                """))
                .containsExactly("f f f f f f 8");
        assertThat(
                        asked(
                                """
                                SELECT roleid::text FROM pg_auth_members WHERE member = 'reader'::regrole
                                """))
                .isEmpty();
        // Every column of every table outside of the catalogs.
        assertThat(
                        asked(
                                """
                                SELECT c.oid::regclass || '.' || a.attname || ' ' || p
                                FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0,
                                    unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'REFERENCES']) p
                                WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'v', 'm', 'f', 'p')
                                    AND has_column_privilege('reader', c.oid, a.attnum, p)
                                ORDER BY 1
                                """))
                .containsExactly(
                        "commodities.name SELECT",
                        "commodities.symbol SELECT",
                        "commodities.unit SELECT",
                        "daily_prices.day SELECT",
                        "daily_prices.price SELECT",
                        "daily_prices.symbol SELECT",
                        "daily_prices.volume SELECT",
                        "desks.id SELECT",
                        "desks.name SELECT");
        assertThat(
                        asked(
                                """
                                SELECT c.oid::regclass || ' ' || p
                                FROM pg_class c, unnest(ARRAY['DELETE', 'TRUNCATE', 'TRIGGER']) p
                                WHERE c.relkind IN ('r', 'v', 'm', 'f', 'p') AND has_table_privilege('reader', c.oid, p)
                                UNION ALL SELECT c.oid::regclass || ' ' || p
                                FROM pg_class c, unnest(ARRAY['USAGE', 'UPDATE', 'SELECT']) p
                                WHERE c.relkind = 'S' AND has_sequence_privilege('reader', c.oid, p)
                                UNION ALL SELECT n.nspname || ' CREATE' FROM pg_namespace n
                                WHERE has_schema_privilege('reader', n.oid, 'CREATE')
                                UNION ALL SELECT 'TEMPORARY' WHERE has_database_privilege('reader', 'postgres', 'TEMP')
                                UNION ALL SELECT 'CREATE' WHERE has_database_privilege('reader', 'postgres', 'CREATE')
                                UNION ALL SELECT p.oid::regprocedure::text FROM pg_proc p
                                WHERE p.pronamespace NOT IN ('pg_catalog'::regnamespace,
                                        'information_schema'::regnamespace)
                                    AND has_function_privilege('reader', p.oid, 'EXECUTE')
                                """))
                .isEmpty();
    }

    @Test
    void everySessionOfTheRoleBeginsReadOnlyShortAndWithAFixedPath() throws SQLException {
        try (var connection = warehouse.reader().getConnection();
                var statement = connection.createStatement();
                var rows =
                        statement.executeQuery(
                                """
                                SELECT string_agg(name || '=' || setting, ' ' ORDER BY name) FROM pg_settings
                                WHERE name IN ('default_transaction_read_only', 'statement_timeout',
                                    'lock_timeout', 'idle_in_transaction_session_timeout',
                                    'search_path', 'temp_file_limit', 'max_parallel_workers_per_gather')
                                """)) {
            rows.next();
            assertThat(rows.getString(1))
                    .isEqualTo(
                            "default_transaction_read_only=on idle_in_transaction_session_timeout=30000"
                                    + " lock_timeout=2000 max_parallel_workers_per_gather=0"
                                    + " search_path=pg_catalog, public, pg_temp statement_timeout=10000"
                                    + " temp_file_limit=262144");
        }
    }

    private static List<String> asked(String sql) throws SQLException {
        var answer = new ArrayList<String>();
        try (var statement = owner.createStatement();
                var rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                answer.add(rows.getString(1));
            }
        }
        return answer;
    }
}
