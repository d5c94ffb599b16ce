package dev.casemate.agent.sdk;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// A statement as it is printed, and what all parts of it share: the rules, the WITH queries so
/// far, the number of relations so far.
///
/// A statement is printed twice. As it came, to be compared with the parser's own print; and
/// resolved, to be run: there each relation has a new name, and each column is called by its
/// relation's new name, so that the database has nothing left to look up by rules of its own.
final class SqlPrint {

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,62}");
    private static final Pattern QUOTED = Pattern.compile("\"[A-Za-z_][A-Za-z0-9_ ]{0,62}\"");

    private final SqlRules rules;
    private final boolean resolved;
    private final StringBuilder out = new StringBuilder();
    private final Map<String, SqlColumns> views = new HashMap<>();
    private int relations;

    SqlPrint(SqlRules rules, boolean resolved) {
        this.rules = rules;
        this.resolved = resolved;
    }

    boolean resolved() {
        return resolved;
    }

    String text() {
        return out.toString();
    }

    SqlPrint add(String keywordOrLiteral) {
        out.append(keywordOrLiteral);
        return this;
    }

    /// Quoted, so that no name is ever read as a keyword: `current_user` would be one.
    SqlPrint name(String folded) {
        out.append('"').append(folded).append('"');
        return this;
    }

    /// What the part prints, taken out again: FROM is printed last and read first.
    String aside(Runnable part) {
        int begin = out.length();
        part.run();
        var printed = out.substring(begin);
        out.setLength(begin);
        return printed;
    }

    /// The name as PostgreSQL understands it: folded to lower case unless it is quoted.
    static String fold(String written) {
        if (PLAIN.matcher(written).matches()) {
            return written.toLowerCase(Locale.ROOT);
        }
        if (QUOTED.matcher(written).matches()) {
            return written.substring(1, written.length() - 1);
        }
        throw SqlRefusal.NAME.exception();
    }

    /// Takes a WITH query, from where on it may be read from.
    void view(String name, SqlColumns columns) {
        if (views.put(name, columns) != null) {
            throw SqlRefusal.WITH.exception();
        }
    }

    /// The columns of a WITH query that stands before this place.
    Optional<SqlColumns> view(String name) {
        return Optional.ofNullable(views.get(name));
    }

    /// @param folded name with its schema, if it has one
    SqlColumns table(String folded) {
        var columns = rules.tables().get(folded);
        if (columns == null) {
            throw SqlRefusal.TABLE.exception(rules.tables().keySet());
        }
        return SqlColumns.ofTable(columns);
    }

    void requireFunction(String name) {
        if (!rules.functions().contains(name)) {
            throw SqlRefusal.FUNCTION.exception(rules.functions());
        }
    }

    /// A name that no other relation of the statement has.
    String newAlias() {
        relations++;
        return "t" + relations;
    }
}
