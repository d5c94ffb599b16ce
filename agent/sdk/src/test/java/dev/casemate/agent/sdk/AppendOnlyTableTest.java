package dev.casemate.agent.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.casemate.agent.sdk.AppendOnlyTable.Appended;
import dev.casemate.agent.sdk.AppendOnlyTable.Column;
import dev.casemate.agent.sdk.AppendOnlyTable.Form;
import dev.casemate.agent.sdk.GuardException.Code;
import java.io.IOException;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class AppendOnlyTableTest {

    private static final List<Column> COLUMNS =
            List.of(new Column("title", 20), new Column("content", 100));
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private static Warehouse warehouse;

    @BeforeAll
    static void start() {
        warehouse = new Warehouse();
    }

    @AfterAll
    static void stop() throws IOException {
        warehouse.close();
    }

    private static AppendOnlyTable reports() {
        return new AppendOnlyTable(warehouse.writer(), "reports", COLUMNS, TIMEOUT);
    }

    @Test
    void aRowThatIsNotOfTheTablesFormIsRefused() {
        for (var row :
                List.of(
                        Map.of("title", "x"),
                        Map.of("title", "x", "content", "y", "filed", "z"),
                        Map.of("title", "x", "id", "1"),
                        Map.of("title", "x".repeat(21), "content", "y"),
                        Map.of("title", "x\0", "content", "y"))) {
            assertThatExceptionOfType(GuardException.class)
                    .isThrownBy(() -> reports().append(row))
                    .extracting(GuardException::code)
                    .isEqualTo(Code.INVALID_PARAMETER);
        }
    }

    private static final IdempotencyKey KEY = new IdempotencyKey("ab".repeat(32));

    private static AppendOnlyTable orders() {
        return new AppendOnlyTable(
                warehouse.writer(),
                "orders",
                List.of(
                        new Column("title", 20),
                        new Column("amount", new Form.Decimal(8, 2)),
                        new Column("lots", new Form.Whole(1, 100)),
                        new Column("due", new Form.Day()),
                        new Column("at", new Form.Moment())),
                TIMEOUT);
    }

    private static Map<String, Object> order(String title) {
        return Map.of(
                "title",
                title,
                "amount",
                new BigDecimal("1234.5"),
                "lots",
                7,
                "due",
                LocalDate.of(2026, 1, 31),
                "at",
                Instant.parse("2026-01-05T10:00:00Z"));
    }

    @Test
    void aRowWithTheSameKeyIsWrittenOnce() throws SQLException {
        var keyed = orders().keyedBy("key");
        assertThat(keyed.append(order("once"), KEY)).isEqualTo(Appended.NEW);
        assertThat(keyed.append(order("once"), KEY)).isEqualTo(Appended.ALREADY_THERE);
        // The key says what it means; a caller that gives it twice for two things loses the second.
        assertThat(keyed.append(order("else"), KEY)).isEqualTo(Appended.ALREADY_THERE);
        var other = new IdempotencyKey("cd".repeat(32));
        assertThat(keyed.append(order("once"), other)).isEqualTo(Appended.NEW);
        assertThat(warehouse.count("orders WHERE title = 'once'")).isEqualTo(2);
        assertThat(
                        warehouse.count(
                                "orders WHERE key = '"
                                        + KEY
                                        + "' AND amount = 1234.50 AND lots = 7 AND due ="
                                        + " '2026-01-31' AND at = '2026-01-05 10:00:00+00'"))
                .isEqualTo(1);
    }

    @Test
    void ofManyAtTheSameTimeOneWrites() throws Exception {
        var keyed = orders().keyedBy("key");
        var key = new IdempotencyKey("ef".repeat(32));
        var written = new AtomicInteger();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 6; i++) {
                var _ =
                        threads.submit(() -> {
                            if (keyed.append(order("race"), key) == Appended.NEW) {
                                written.incrementAndGet();
                            }
                        });
            }
        }
        assertThat(written).hasValue(1);
        assertThat(warehouse.count("orders WHERE title = 'race'")).isEqualTo(1);
    }

    @Test
    void aRowIsCommittedAlsoWhereThePoolDoesNotCommit() throws SQLException {
        try (var connection = warehouse.writer().getConnection()) {
            connection.setAutoCommit(false);
            new AppendOnlyTable(Pool.of(connection), "reports", COLUMNS, TIMEOUT)
                    .append(Map.of("title", "committed", "content", "x"));
            assertThat(warehouse.count("reports WHERE title = 'committed'")).isEqualTo(1);
        }
    }

    static final List<Map<String, Object>> STRANGE =
            List.of(
                    Map.of("title", 1),
                    Map.of("title", 'x'),
                    Map.of("title", "x\ud800"),
                    Map.of("title", "x\0y"),
                    Map.of("title", "x".repeat(21)),
                    Map.of("lots", "7"),
                    Map.of("lots", 0),
                    Map.of("lots", 101L),
                    Map.of("lots", new BigDecimal("7")),
                    Map.of("lots", 7.0),
                    Map.of("amount", "1"),
                    Map.of("amount", 1),
                    Map.of("amount", new BigDecimal("1.001")),
                    Map.of("amount", new BigDecimal("1234567.5")),
                    Map.of("amount", new BigDecimal("1e2000000000")),
                    Map.of("amount", Double.NaN),
                    Map.of("due", "2026-01-31"),
                    Map.of("due", LocalDate.MAX),
                    Map.of("due", LocalDate.of(0, 1, 1)),
                    Map.of("at", Instant.MAX),
                    Map.of("at", Instant.MIN),
                    Map.of("at", LocalDate.of(2026, 1, 31)));

    @ParameterizedTest
    @FieldSource("STRANGE")
    void aValueThatIsNotOfItsColumnsFormIsRefused(Map<String, Object> strange) throws SQLException {
        var row = new HashMap<>(order("strange"));
        row.putAll(strange);
        long before = warehouse.count("orders");
        assertThatExceptionOfType(GuardException.class)
                .isThrownBy(() -> orders().append(row))
                .withMessageStartingWith(
                        "Expected " + strange.keySet().iterator().next() + " to be")
                .extracting(GuardException::code)
                .isEqualTo(Code.INVALID_PARAMETER);
        assertThat(warehouse.count("orders")).isEqualTo(before);
    }

    /// Stored as they are, to the letter.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "'); DROP TABLE reports; --",
                "'",
                "''",
                "\\'; DELETE FROM reports; --",
                "$$; DROP TABLE reports; $$",
                "?",
                "$1",
                "{fn now()}",
                ":title",
                "%s",
                "x', (SELECT amount FROM salaries)) --",
                "x'||(SELECT pg_sleep(9))||'",
                "\u2019; DROP TABLE reports; --",
                "\u00bf'; DROP TABLE reports; --",
                "=cmd|' /C calc'!A0",
                "<script>",
                "\r\n.\r\n",
                "\u202e",
                "NULL",
                ""
            })
    void textThatLooksLikeSomethingElseIsText(String hostile) throws SQLException {
        reports().append(Map.of("title", "as it is", "content", hostile));
        try (var connection = warehouse.owner().getConnection();
                var statement =
                        connection.prepareStatement(
                                "SELECT count(*) FROM reports WHERE title = 'as it is' AND content ="
                                        + " ?")) {
            statement.setString(1, hostile);
            try (var rows = statement.executeQuery()) {
                rows.next();
                assertThat(rows.getInt(1)).isEqualTo(1);
            }
        }
        assertThat(warehouse.count("salaries")).isEqualTo(1);
    }

    /// With the password of the role, no transaction, nothing in front of it.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT * FROM reports",
                "SELECT count(*) FROM reports",
                "SELECT title FROM reports",
                "TABLE reports",
                "UPDATE reports SET title = 'x'",
                "DELETE FROM reports",
                "DELETE FROM orders WHERE false",
                "TRUNCATE reports",
                "DROP TABLE reports",
                "ALTER TABLE reports DISABLE TRIGGER ALL",
                "BEGIN; LOCK TABLE reports IN ACCESS EXCLUSIVE MODE",
                "BEGIN; LOCK TABLE reports IN SHARE MODE",
                "INSERT INTO reports (title, content, filed) VALUES ('x', 'y', now())",
                "INSERT INTO reports (id, title, content) OVERRIDING SYSTEM VALUE VALUES (1, 'x', 'y')",
                "INSERT INTO reports (title, content) VALUES ('x', 'y') RETURNING id",
                "INSERT INTO reports (title, content) SELECT name, 'y' FROM salaries",
                "INSERT INTO reports (title, content) SELECT title, content FROM reports",
                "INSERT INTO orders (key, title) VALUES ('k', 'x') ON CONFLICT (key) DO NOTHING",
                "INSERT INTO orders (key, title) VALUES ('k', 'x') ON CONFLICT (key) DO UPDATE SET"
                        + " title = 'y'",
                "INSERT INTO daily_prices VALUES ('XCU', '2030-01-01', 1, 1)",
                "SELECT * FROM daily_prices",
                "SELECT * FROM salaries",
                "SELECT pin FROM desks",
                "COPY reports TO STDOUT",
                "COPY reports FROM PROGRAM 'id'",
                "COPY reports (title, content) FROM '/etc/passwd'",
                "CREATE TABLE x (y int)",
                "CREATE TEMP TABLE x (y int)",
                "CREATE TRIGGER t BEFORE INSERT ON reports EXECUTE FUNCTION purge()",
                "CREATE RULE r AS ON INSERT TO reports DO ALSO DELETE FROM salaries",
                "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
                "SELECT nextval('reports_id_seq')",
                "SELECT setval('reports_id_seq', 1)",
                "SELECT currval('reports_id_seq')",
                "SELECT last_value FROM reports_id_seq",
                "SELECT purge()",
                "SELECT pg_sleep(60)",
                "SELECT pg_notify('x', 'y')",
                "SELECT pg_advisory_lock(1)",
                "SELECT lo_create(0)",
                "SELECT pg_read_file('/etc/passwd')",
                "GRANT INSERT ON reports TO PUBLIC",
                "SET ROLE reader",
                "SET SESSION AUTHORIZATION postgres"
            })
    void withoutTheGuardTheRoleAloneHolds(String attack) throws SQLException {
        try (var owner = warehouse.owner().getConnection()) {
            var before = DatabaseState.ofDatabase(owner);
            assertThatExceptionOfType(SQLException.class)
                    .isThrownBy(() -> execute(attack))
                    .extracting(SQLException::getSQLState)
                    .isEqualTo("42501");
            assertThat(DatabaseState.ofDatabase(owner)).isEqualTo(before);
        }
    }

    /// What appending means, nothing can take back: rows by the thousand, as long as each may be.
    @Test
    void whatTheRoleCannotBeKeptFromIsToAppend() throws SQLException {
        execute(
                "INSERT INTO reports (title, content) SELECT 'many', 'x' FROM generate_series(1, 500)");
        assertThat(warehouse.count("reports WHERE title = 'many'")).isEqualTo(500);
    }

    private static void execute(String sql) throws SQLException {
        try (var connection = warehouse.writer().getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void aKeyHasAColumnOfItsOwn() {
        assertThatIllegalArgumentException().isThrownBy(() -> orders().keyedBy("title"));
        assertThatIllegalArgumentException().isThrownBy(() -> orders().keyedBy("key; --"));
    }

    @Test
    void whatTheDatabaseSaysIsNotRepeatedToTheModel() {
        var wrong =
                new AppendOnlyTable(
                        warehouse.writer(), "orders", List.of(new Column("amount", 20)), TIMEOUT);
        assertThatExceptionOfType(GuardException.class)
                .isThrownBy(() -> wrong.append(Map.of("amount", "secret")))
                .withMessageMatching("The database refused the statement, SQL state [0-9A-Z]{5}\\.")
                .extracting(GuardException::code)
                .isEqualTo(Code.DATABASE_REFUSED);
    }

    @Test
    void aNameThatIsNotOneIsAProgrammingError() {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new AppendOnlyTable(warehouse.writer(), "reports; --", COLUMNS, TIMEOUT));
        assertThatIllegalArgumentException().isThrownBy(() -> new Column("a b", 1));
    }
}
