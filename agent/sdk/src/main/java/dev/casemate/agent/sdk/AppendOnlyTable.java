package dev.casemate.agent.sdk;

import dev.casemate.agent.sdk.GuardException.Code;
import java.math.BigDecimal;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/// Appends rows to one table, and does nothing else to it. PostgreSQL only.
///
/// The statement is fixed when this is made; values are bound, never written into it. **The
/// boundary is the database role**, which should hold INSERT on those columns of that table alone;
/// `writer-role.sql` beside this class creates one.
///
/// A tool that may be called again after its run was handed back should append through [#keyedBy]:
/// the same row is then written once.
public final class AppendOnlyTable {

    private static final Pattern NAME = Pattern.compile("[a-z_][a-z0-9_]{0,62}");

    /// One column.
    ///
    /// @param name letters in lower case, digits and underscores
    public record Column(String name, Form form) {
        public Column {
            require(name);
        }

        /// A column of text.
        ///
        /// @param maxChars UTF-16 units; longer values are refused
        public Column(String name, int maxChars) {
            this(name, new Form.Text(maxChars));
        }
    }

    /// What a column takes.
    public sealed interface Form {

        /// A `String` without NUL and lone surrogates.
        ///
        /// @param maxChars UTF-16 units
        record Text(int maxChars) implements Form {
            public Text {
                if (maxChars < 1) {
                    throw new IllegalArgumentException("expected a length greater than zero");
                }
            }
        }

        /// An `Integer` or `Long`.
        record Whole(long min, long max) implements Form {
            public Whole {
                if (max < min) {
                    throw new IllegalArgumentException("expected min <= max");
                }
            }
        }

        /// A `BigDecimal`.
        ///
        /// @param precision digits in all, as in `numeric(precision, scale)`
        /// @param scale digits after the point
        record Decimal(int precision, int scale) implements Form {
            public Decimal {
                if (scale < 0 || precision <= scale) {
                    throw new IllegalArgumentException("expected 0 <= scale < precision");
                }
            }
        }

        /// A `LocalDate` from the year 1 to 9999.
        record Day() implements Form {}

        /// An `Instant` in the same years, for a column of `timestamptz`.
        record Moment() implements Form {}
    }

    /// Whether a row with a key was written.
    public enum Appended {
        /// Now.
        NEW,
        /// Before, by a call with the same key; nothing was written now.
        ALREADY_THERE
    }

    /// Appends each row once, however often it is given with the same key.
    ///
    /// The table has a unique column for the key. A row that violates another unique constraint
    /// counts as already there, too, because the role cannot look: have no other.
    public final class Keyed {

        private final String insertOnce;

        private Keyed(String keyColumn) {
            // Without naming the constraint: that would need the right to read the column.
            insertOnce = insertInto(Optional.of(keyColumn)) + " ON CONFLICT DO NOTHING";
        }

        /// Appends one row, unless the key's row is there; it is committed when this returns.
        ///
        /// Who calls at the same time with the same key waits until the first is through.
        ///
        /// @param row a value for each column, and no other
        /// @throws GuardException with code `INVALID_PARAMETER`, `DATABASE_REFUSED`, `UNREACHABLE`
        ///   or `TIMED_OUT`; after the last two the row may be there, and the same call again is
        ///   safe
        public Appended append(Map<String, ?> row, IdempotencyKey key) {
            return insert(insertOnce, row, Optional.of(key)) == 0
                    ? Appended.ALREADY_THERE
                    : Appended.NEW;
        }
    }

    private final DataSource source;
    private final String table;
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
        if (columns.isEmpty()
                || columns.stream().map(Column::name).distinct().count() != columns.size()
                || !timeout.isPositive()) {
            throw new IllegalArgumentException("expected columns, each once, and a timeout");
        }
        this.source = source;
        this.table = table;
        this.columns = List.copyOf(columns);
        this.timeout = timeout;
        insert = insertInto(Optional.empty());
    }

    /// The same table, each row with the key of the call that writes it.
    ///
    /// @param keyColumn of type `text` or `char(64)`, unique, and none of the row's columns
    public Keyed keyedBy(String keyColumn) {
        require(keyColumn);
        if (columns.stream().anyMatch(column -> column.name().equals(keyColumn))) {
            throw new IllegalArgumentException("expected a column of its own for the key");
        }
        return new Keyed(keyColumn);
    }

    private String insertInto(Optional<String> keyColumn) {
        var names = new ArrayList<>(columns.stream().map(Column::name).toList());
        keyColumn.ifPresent(names::add);
        return "INSERT INTO %s (%s) VALUES (%s)"
                .formatted(
                        table,
                        String.join(", ", names),
                        names.stream().map(_ -> "?").collect(Collectors.joining(", ")));
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
    ///   `TIMED_OUT`; after the last two the row may be there nevertheless
    public void append(Map<String, ?> row) {
        insert(insert, row, Optional.empty());
    }

    private int insert(String sql, Map<String, ?> row, Optional<IdempotencyKey> key) {
        check(row);
        try (var connection = source.getConnection()) {
            // A pool may give connections that never commit by themselves.
            connection.setAutoCommit(true);
            try (var statement = connection.prepareStatement(sql)) {
                statement.setQueryTimeout((int) Math.max(1, timeout.toSeconds()));
                int at = 1;
                for (var column : columns) {
                    bind(statement, at++, row.get(column.name()));
                }
                if (key.isPresent()) {
                    statement.setString(at, key.get().value());
                }
                return statement.executeUpdate();
            }
        } catch (SQLException e) {
            throw DatabaseFailure.of(e);
        }
    }

    private static void bind(PreparedStatement statement, int at, @Nullable Object value)
            throws SQLException {
        switch (value) {
            case String text -> statement.setString(at, text);
            case Integer number -> statement.setLong(at, number);
            case Long number -> statement.setLong(at, number);
            case BigDecimal number -> statement.setBigDecimal(at, number);
            case LocalDate day -> statement.setObject(at, day);
            case Instant moment -> statement.setObject(at, moment.atOffset(ZoneOffset.UTC));
            case null, default -> throw new IllegalStateException("a value of an unchecked type");
        }
    }

    private void check(Map<String, ?> row) {
        if (row.size() != columns.size()) {
            throw new GuardException(
                    Code.INVALID_PARAMETER, "Expected a value for each column, and no other.");
        }
        for (var column : columns) {
            if (!fits(column.form(), row.get(column.name()))) {
                throw new GuardException(
                        Code.INVALID_PARAMETER,
                        "Expected " + column.name() + " to be " + expected(column.form()) + ".");
            }
        }
    }

    private static boolean fits(Form form, @Nullable Object value) {
        return switch (form) {
            case Form.Text(int maxChars) ->
                    value instanceof String text
                            && text.length() <= maxChars
                            && text.indexOf('\0') < 0
                            && TextLimit.isWellFormed(text);
            case Form.Whole(long min, long max) ->
                    switch (value) {
                        case Integer number -> number >= min && number <= max;
                        case Long number -> number >= min && number <= max;
                        case null, default -> false;
                    };
            case Form.Decimal(int precision, int scale) ->
                    value instanceof BigDecimal number
                            && number.stripTrailingZeros().scale() <= scale
                            && (long) number.precision() - number.scale() <= precision - scale;
            case Form.Day() -> value instanceof LocalDate day && isOfOurTime(day);
            case Form.Moment() ->
                    value instanceof Instant moment
                            && !moment.isBefore(Instant.parse("0001-01-01T00:00:00Z"))
                            && moment.isBefore(Instant.parse("+10000-01-01T00:00:00Z"));
        };
    }

    private static boolean isOfOurTime(LocalDate day) {
        return day.getYear() >= 1 && day.getYear() <= 9999;
    }

    private static String expected(Form form) {
        return switch (form) {
            case Form.Text(int maxChars) ->
                    "text of at most " + maxChars + " characters, without NUL";
            case Form.Whole(long min, long max) -> "a whole number from " + min + " to " + max;
            case Form.Decimal(int precision, int scale) ->
                    "a number of at most %d digits before the point and %d after it"
                            .formatted(precision - scale, scale);
            case Form.Day() -> "a date in the years 1 to 9999";
            case Form.Moment() -> "a point in time in the years 1 to 9999";
        };
    }
}
