package dev.casemate.agent.sdk;

import dev.casemate.agent.sdk.GuardException.Code;
import dev.casemate.manifest.Json;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/// Answers SELECT statements that a model wrote, from the tables that the rules name. PostgreSQL
/// only.
///
/// **The boundary is the database role, not this class.** Whatever is wrong with the check here,
/// nobody reads or writes what the role cannot; whatever the role can, count as reachable. Give the
/// data source a role that can read the named columns and do nothing else. `reader-role.sql` beside
/// this class creates one, [SqlRules#grants] writes its grants, and the tests run every hostile
/// statement as that role with the check off. What such a role cannot be kept from is listed in the
/// caveats: what the catalogs tell of names, the time and memory of one statement, LISTEN and
/// NOTIFY.
///
/// **The check in front of it** exists so that a model gets an error that it can act on, and so
/// that an attempt shows before it reaches the database. It runs a statement of its own making,
/// never the text that came: only columns, tables and functions of the rules, each column looked up
/// here.
///
/// Each statement runs in a read-only transaction that is rolled back, under a timeout, and its
/// answer is bounded. Then the session is reset (`DISCARD ALL`): what a session of a pool needs to
/// have set, set it for the role. Of the database's errors only the SQL state goes on, because
/// their messages quote values.
public final class ReadOnlySql {

    /// Rows that the driver holds at a time.
    private static final int FETCHED_ROWS = 100;

    private final DataSource source;
    private final SqlRules rules;

    /// @param source connects as the reading role; its driver should bound the size of an answer,
    ///   too
    public ReadOnlySql(DataSource source, SqlRules rules) {
        this.source = source;
        this.rules = rules;
    }

    /// @param sql one SELECT statement
    /// @throws GuardException with any of the codes for SQL, or `TOO_LARGE`, `TIMED_OUT`
    public QueryResult query(String sql) {
        return execute(SqlCheck.checked(sql, rules));
    }

    /// Without the check: what the role alone must hold.
    QueryResult execute(String sql) {
        try (var connection = source.getConnection()) {
            connection.setReadOnly(true);
            connection.setAutoCommit(false);
            try {
                return execute(sql, connection);
            } finally {
                reset(connection);
            }
        } catch (SQLException e) {
            throw DatabaseFailure.of(e);
        }
    }

    /// So that whoever gets the connection next finds it as it was, whatever ran. One that cannot
    /// be reset nobody gets again; what ran has its outcome all the same.
    private static void reset(Connection connection) throws SQLException {
        try {
            connection.rollback();
            connection.setAutoCommit(true);
            try (var statement = connection.createStatement()) {
                statement.execute("DISCARD ALL");
            }
            connection.setReadOnly(false);
        } catch (SQLException e) {
            connection.abort(Runnable::run);
        }
    }

    private QueryResult execute(String sql, Connection connection) throws SQLException {
        long deadline = System.nanoTime() + rules.timeout().toNanos();
        try (var statement = connection.createStatement()) {
            statement.execute("SET LOCAL statement_timeout = " + rules.timeout().toMillis());
            statement.setEscapeProcessing(false);
            statement.setQueryTimeout((int) Math.max(1, rules.timeout().toSeconds() + 1));
            statement.setMaxRows(rules.maxRows() + 1);
            statement.setFetchSize(Math.min(rules.maxRows() + 1, FETCHED_ROWS));
            try (var rows = statement.executeQuery(sql)) {
                return read(rows, deadline);
            }
        }
    }

    private QueryResult read(ResultSet rows, long deadline) throws SQLException {
        var meta = rows.getMetaData();
        var columns = new ArrayList<String>();
        long bytes = 0;
        for (int i = 1; i <= meta.getColumnCount(); i++) {
            columns.add(meta.getColumnLabel(i));
            bytes += size(meta.getColumnLabel(i));
        }
        var read = new ArrayList<List<Json>>();
        while (rows.next()) {
            if (read.size() == rules.maxRows()) {
                return new QueryResult(columns, read, true);
            }
            // The database's own timeout begins anew with each fetch.
            if (System.nanoTime() > deadline) {
                throw DatabaseFailure.timedOut();
            }
            var row = new ArrayList<Json>();
            for (int i = 1; i <= columns.size(); i++) {
                var value = value(rows, i);
                row.add(value);
                bytes += size(value.text());
            }
            if (bytes > rules.maxBytes()) {
                throw new GuardException(
                        Code.TOO_LARGE,
                        "Expected an answer of at most "
                                + rules.maxBytes()
                                + " bytes. Ask for fewer rows or columns.");
            }
            read.add(row);
        }
        return new QueryResult(columns, read, false);
    }

    private static int size(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static Json value(ResultSet rows, int column) throws SQLException {
        return switch (rows.getObject(column)) {
            case null -> new Json.Null();
            case Boolean bool -> Json.of(bool);
            case Integer number -> Json.of(number);
            case Long number -> Json.of(number);
            case BigDecimal number -> Json.of(number);
            default -> Json.of(String.valueOf(rows.getString(column)));
        };
    }
}
