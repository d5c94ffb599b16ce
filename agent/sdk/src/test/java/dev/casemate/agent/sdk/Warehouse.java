package dev.casemate.agent.sdk;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/// A real PostgreSQL with a few rows, and the two roles as the SDK's own SQL creates them.
final class Warehouse implements AutoCloseable {

    static final String PASSWORD = "correct-horse";

    /// Of every statement of both roles, unless the session sets another.
    static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final EmbeddedPostgres postgres;

    Warehouse() {
        try {
            postgres = EmbeddedPostgres.builder().start();
            run(
                    """
                    CREATE TABLE commodities (symbol text PRIMARY KEY, name text, unit text);
                    INSERT INTO commodities VALUES ('XCU', 'Copper', 't'), ('XAU', 'Gold', 'oz'),
                        ('XAG', 'Silver', 'oz');
                    CREATE TABLE daily_prices (symbol text, day date, price numeric(12, 2), volume bigint);
                    INSERT INTO daily_prices
                        SELECT s, DATE '2026-01-01' + d, 100 * s.o + d, 10 * d
                        FROM (VALUES ('XCU', 1), ('XAU', 2)) AS s (s, o), generate_series(0, 29) AS d;
                    CREATE TABLE desks (id int, name text, pin text);
                    INSERT INTO desks VALUES (1, 'Metals', 'CANARY-PIN');
                    CREATE TABLE salaries (name text, amount numeric);
                    INSERT INTO salaries VALUES ('CANARY-SALARY', 1);
                    CREATE VIEW paid AS SELECT name FROM salaries;
                    CREATE TABLE reports (id bigint GENERATED ALWAYS AS IDENTITY, title text NOT NULL,
                        content text NOT NULL, filed timestamptz NOT NULL DEFAULT now());
                    INSERT INTO reports (title, content) VALUES ('CANARY-REPORT', 'x');
                    CREATE TABLE orders (key text UNIQUE, title text, amount numeric(8, 2), lots int,
                        due date, at timestamptz);
                    -- Runs as its owner, for whoever may call it.
                    CREATE FUNCTION purge() RETURNS bigint LANGUAGE sql SECURITY DEFINER
                        AS 'DELETE FROM salaries; SELECT count(*) FROM salaries';
                    CREATE ROLE colleague;
                    """);
            run(role("reader-role.sql", Map.of()));
            run(String.join("\n", SqlCases.RULES.grants("reader")));
            run(role("writer-role.sql", Map.of("table", "reports", "columns", "title, content")));
            run("GRANT INSERT (key, title, amount, lots, due, at) ON orders TO writer");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The SDK's SQL, with its variables filled in as psql fills them in.
    private static String role(String resource, Map<String, String> more) throws IOException {
        try (var in = ReadOnlySql.class.getResourceAsStream(resource)) {
            var sql =
                    new String(in.readAllBytes(), StandardCharsets.UTF_8)
                            .lines()
                            .filter(line -> !line.startsWith("--"))
                            .collect(Collectors.joining("\n"))
                            .replace(":'password'", "'" + PASSWORD + "'")
                            .replace(":'timeout'", "'" + TIMEOUT.toMillis() + "ms'")
                            .replace(":\"role\"", resource.replace("-role.sql", ""))
                            .replace(":\"database\"", "postgres")
                            .replace(":\"schema\"", "public");
            for (var variable : more.entrySet()) {
                sql =
                        sql.replace(":\"" + variable.getKey() + "\"", variable.getValue())
                                .replace(":" + variable.getKey(), variable.getValue());
            }
            return sql;
        }
    }

    void run(String sql) throws SQLException {
        try (var connection = owner().getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    DataSource owner() {
        return as("postgres", "postgres");
    }

    DataSource reader() {
        return as("reader", PASSWORD);
    }

    DataSource writer() {
        return as("writer", PASSWORD);
    }

    private DataSource as(String user, String password) {
        var source = new PGSimpleDataSource();
        source.setServerNames(new String[] {"127.0.0.1"});
        source.setPortNumbers(new int[] {postgres.getPort()});
        source.setDatabaseName("postgres");
        source.setUser(user);
        source.setPassword(password);
        source.setMaxResultBuffer("16M");
        return source;
    }

    long count(String table) throws SQLException {
        try (Connection connection = owner().getConnection();
                var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT count(*) FROM " + table)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    @Override
    public void close() throws IOException {
        postgres.close();
    }
}
