package dev.casemate.agent.sdk;

import dev.casemate.agent.sdk.GuardException.Code;
import java.util.Collection;
import java.util.TreeSet;

/// Why the check refuses a statement, and what the model is told to do instead.
enum SqlRefusal {
    /// Unread, because the parser's work grows with it.
    TOO_LONG(
            Code.SQL_NOT_ALLOWED,
            "Expected at most "
                    + SqlText.MAX_CHARS
                    + " characters and "
                    + SqlText.MAX_BRACKETS
                    + " nested brackets."),
    /// Unread, because two readers of SQL may disagree where it begins and ends.
    CHARACTERS(
            Code.SQL_NOT_ALLOWED,
            "Expected plain SQL: outside of quotes only letters, digits, white space and"
                    + " _ ( ) , . ; : + - * / % < > = ! |, each quote and comment closed, no backslash."),
    MALFORMED(Code.SQL_MALFORMED, "Expected one SELECT statement of PostgreSQL."),
    NOT_ONE_SELECT(
            Code.SQL_NOT_ALLOWED, "Expected exactly one statement, and that a SELECT statement."),
    NAME(Code.SQL_NOT_ALLOWED, "Expected names of letters, digits and underscores."),
    TABLE(Code.SQL_NOT_ALLOWED, "Expected only known tables."),
    COLUMN(Code.SQL_NOT_ALLOWED, "Expected only known columns, each of one table."),
    FUNCTION(Code.SQL_NOT_ALLOWED, "Expected only known functions."),
    STAR(
            Code.SQL_NOT_ALLOWED,
            "Expected the columns by name: * stands only in a list of columns whose order does not"
                    + " matter, and in count(*)."),
    RENAMING(
            Code.SQL_NOT_ALLOWED,
            "Expected new column names after an alias only where a subquery or a WITH query has as"
                    + " many."),
    WITH(
            Code.SQL_NOT_ALLOWED,
            "Expected WITH only at the beginning, not recursive, each of its queries a SELECT."),
    CLAUSE(
            Code.SQL_NOT_ALLOWED,
            "Expected a plain SELECT: columns, FROM with tables, subqueries and joins, WHERE, GROUP"
                    + " BY, HAVING, UNION, INTERSECT, EXCEPT, ORDER BY, LIMIT, OFFSET."),
    EXPRESSION(
            Code.SQL_NOT_ALLOWED,
            "Expected only columns, literals, arithmetic, comparisons, LIKE, IN, BETWEEN, EXISTS,"
                    + " CASE, CAST, EXTRACT, aggregates and window functions."),
    OPERATOR(
            Code.SQL_NOT_ALLOWED,
            "Expected only the operators + - * / % || = <> != < > <= >= AND OR NOT."),
    LITERAL(Code.SQL_NOT_ALLOWED, "Expected only plain literals: 'text', 12.5, DATE '2026-01-31'."),
    TYPE(
            Code.SQL_NOT_ALLOWED,
            "Expected a cast only to a number, text, boolean, date, time, timestamp or interval.");

    private final Code code;
    private final String expected;

    SqlRefusal(Code code, String expected) {
        this.code = code;
        this.expected = expected;
    }

    /// What every message of this refusal begins with.
    String expected() {
        return expected;
    }

    GuardException exception() {
        return new GuardException(code, expected);
    }

    GuardException exception(Throwable cause) {
        return new GuardException(code, expected, cause);
    }

    /// @param known from the rules and from the statement's own names, never from its values
    GuardException exception(Collection<String> known) {
        return new GuardException(code, expected + " There are: " + new TreeSet<>(known) + ".");
    }
}
