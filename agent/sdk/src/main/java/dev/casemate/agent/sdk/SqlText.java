package dev.casemate.agent.sdk;

/// Reads a statement once before the parser does, to refuse what is too much work for it, and what
/// two readers could divide into words differently: unknown quotes, escapes, open ends.
final class SqlText {

    /// A longer statement is refused unread.
    static final int MAX_CHARS = 8192;

    /// More nested brackets are refused unread: the parser's time grows with them.
    static final int MAX_BRACKETS = 16;

    private static final String PLAIN =
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                    + "_ \t\r\n(),.;:+-*/%<>=!|";

    private final String sql;
    private int at;
    private int open;
    private boolean begun;

    private SqlText(String sql) {
        this.sql = sql;
    }

    /// @throws GuardException with `TOO_LONG`, `NOT_ONE_SELECT` or `CHARACTERS`
    static void requireModest(String sql) {
        if (sql.length() > MAX_CHARS) {
            throw SqlRefusal.TOO_LONG.exception();
        }
        var text = new SqlText(sql);
        while (text.at < sql.length()) {
            text.next();
        }
        if (!text.begun) {
            throw SqlRefusal.NOT_ONE_SELECT.exception();
        }
    }

    private void next() {
        char c = sql.charAt(at);
        if (!begun && Character.isLetter(c)) {
            begun = true;
            requireSelect();
        }
        if (c == '\'' || c == '"') {
            // A doubled quote inside closes and opens again, which comes to the same.
            skipTo(c, at + 1);
        } else if (sql.startsWith("--", at)) {
            skipLine();
        } else if (sql.startsWith("/*", at)) {
            skipComment();
        } else {
            plain(c);
            at++;
        }
    }

    /// What is anything else is told so, however much of it the parser would understand.
    private void requireSelect() {
        if (!sql.regionMatches(true, at, "SELECT", 0, 6)
                && !sql.regionMatches(true, at, "WITH", 0, 4)) {
            throw SqlRefusal.NOT_ONE_SELECT.exception();
        }
    }

    private void skipTo(char quote, int from) {
        int end = sql.indexOf(quote, from);
        // A backslash is an escape to some readers and a character to others.
        if (end < 0 || sql.substring(from, end).indexOf('\\') >= 0) {
            throw SqlRefusal.CHARACTERS.exception();
        }
        at = end + 1;
    }

    private void skipLine() {
        int end = sql.indexOf('\n', at);
        at = end < 0 ? sql.length() : end;
    }

    private void skipComment() {
        int end = sql.indexOf("*/", at + 2);
        // PostgreSQL nests comments, and the parser does not.
        if (end < 0 || sql.substring(at + 2, end).contains("/*")) {
            throw SqlRefusal.CHARACTERS.exception();
        }
        at = end + 2;
    }

    private void plain(char c) {
        if (PLAIN.indexOf(c) < 0 || sql.startsWith("//", at)) {
            throw SqlRefusal.CHARACTERS.exception();
        }
        open += c == '(' ? 1 : c == ')' ? -1 : 0;
        if (open > MAX_BRACKETS) {
            throw SqlRefusal.TOO_LONG.exception();
        }
    }
}
