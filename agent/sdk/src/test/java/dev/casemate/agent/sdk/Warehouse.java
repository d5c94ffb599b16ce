package dev.casemate.agent.sdk;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/// A real PostgreSQL with a few rows, and the two roles as the SDK's own SQL creates them.
final class Warehouse implements AutoCloseable {

    static final String PASSWORD = "correct-horse";

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
                    CREATE TABLE salaries (name text, amount numeric);
                    INSERT INTO salaries VALUES ('nobody', 1);
                    CREATE TABLE reports (id bigint GENERATED ALWAYS AS IDENTITY, title text NOT NULL,
                        content text NOT NULL, filed timestamptz NOT NULL DEFAULT now());
                    """);
            run(role("reader-role.sql", Map.of("tables", "commodities, daily_prices")));
            run(role("writer-role.sql", Map.of("table", "reports", "columns", "title, content")));
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

    private void run(String sql) throws SQLException {
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
