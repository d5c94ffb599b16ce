package dev.casemate.agent.sdk;

import dev.casemate.agent.sdk.GuardException.Code;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/// Appends rows of text to one table, and does nothing else to it.
///
/// The statement is fixed when this is made; values are bound, never written into it. **The
/// boundary is the database role**, which should hold INSERT on that table alone; `writer-role.sql`
/// beside this class creates one for PostgreSQL.
public final class AppendOnlyTable {

    private static final Pattern NAME = Pattern.compile("[a-z_][a-z0-9_]{0,62}");

    /// One column of text.
    ///
    /// @param maxChars UTF-16 units; longer values are refused
    public record Column(String name, int maxChars) {
        public Column {
            require(name);
            if (maxChars < 1) {
                throw new IllegalArgumentException("expected a length greater than zero");
            }
        }
    }

    private final DataSource source;
    private final List<Column> columns;
    private final Duration timeout;
    private final String insert;

    /// @param source connects as the appending role
    /// @param table with or without a schema
    /// @param columns all of them are given with each row; the table's other columns have defaults
    public AppendOnlyTable(
            DataSource source, String table, List<Column> columns, Duration timeout) {
        for (var part : table.split("\\.", 2)) {
            require(part);
        }
        if (columns.isEmpty() || !timeout.isPositive()) {
            throw new IllegalArgumentException("expected a column and a timeout");
        }
        this.source = source;
        this.columns = List.copyOf(columns);
        this.timeout = timeout;
        insert =
                "INSERT INTO %s (%s) VALUES (%s)"
                        .formatted(
                                table,
                                columns.stream()
                                        .map(Column::name)
                                        .collect(Collectors.joining(", ")),
                                columns.stream().map(_ -> "?").collect(Collectors.joining(", ")));
    }

    private static void require(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "expected names of lower-case letters, digits and underscores");
        }
    }

    /// Appends one row; it is committed when this returns.
    ///
    /// @param row a value for each column, and no other
    /// @throws GuardException with code `INVALID_PARAMETER`, `DATABASE_REFUSED`, `UNREACHABLE` or
    ///   `TIMED_OUT`
    public void append(Map<String, String> row) {
        check(row);
        try (var connection = source.getConnection();
                var statement = connection.prepareStatement(insert)) {
            statement.setQueryTimeout((int) Math.max(1, timeout.toSeconds()));
            for (int i = 0; i < columns.size(); i++) {
                statement.setString(i + 1, row.get(columns.get(i).name()));
            }
            statement.executeUpdate();
        } catch (SQLException e) {
            throw DatabaseFailure.of(e);
        }
    }

    private void check(Map<String, String> row) {
        if (row.size() != columns.size()) {
            throw new GuardException(
                    Code.INVALID_PARAMETER, "Expected a value for each column, and no other.");
        }
        for (var column : columns) {
            var value = row.get(column.name());
            if (value == null || value.length() > column.maxChars() || value.indexOf('\0') >= 0) {
                throw new GuardException(
                        Code.INVALID_PARAMETER,
                        "Expected %s to be text of at most %d characters, without NUL."
                                .formatted(column.name(), column.maxChars()));
            }
        }
    }
}
