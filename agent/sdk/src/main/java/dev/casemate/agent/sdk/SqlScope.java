package dev.casemate.agent.sdk;

import dev.casemate.agent.sdk.GuardException.Code;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// The names that a statement may use: those of the rules, and those that it gives itself.
final class SqlScope {

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,62}");
    private static final Pattern QUOTED = Pattern.compile("\"[A-Za-z_][A-Za-z0-9_ ]{0,62}\"");

    private final SqlRules rules;
    private final Set<String> columns = new HashSet<>();
    private final Set<String> given = new HashSet<>();
    private final Set<String> views = new HashSet<>();
    private boolean complete;

    SqlScope(SqlRules rules) {
        this.rules = rules;
        rules.tables().values().forEach(columns::addAll);
    }

    /// The name as PostgreSQL understands it: folded to lower case unless it is quoted.
    static String fold(String written) {
        if (PLAIN.matcher(written).matches()) {
            return written.toLowerCase(Locale.ROOT);
        }
        if (QUOTED.matcher(written).matches()) {
            return written.substring(1, written.length() - 1);
        }
        throw new GuardException(
                Code.SQL_NOT_ALLOWED, "Expected names of letters, digits and underscores.");
    }

    /// Quoted, so that no name is ever read as a keyword: `current_user` would be one.
    static String quoted(String folded) {
        return '"' + folded + '"';
    }

    /// Takes a name that the statement gives to a column.
    void give(String folded) {
        given.add(folded);
    }

    /// Takes the name of a WITH query, from where on it may be read from.
    void giveView(String folded) {
        views.add(folded);
    }

    /// From now on all names that the statement gives are known, and others are refused.
    void complete() {
        complete = true;
        views.clear();
    }

    void requireColumn(String folded) {
        if (complete && !columns.contains(folded) && !given.contains(folded)) {
            throw new GuardException(
                    Code.SQL_NOT_ALLOWED,
                    "Expected only known columns. There are: " + new TreeSet<>(columns) + ".");
        }
    }

    /// @param folded name with its schema, if it has one
    void requireTable(String folded) {
        if (!rules.tables().containsKey(folded) && !views.contains(folded)) {
            throw new GuardException(
                    Code.SQL_NOT_ALLOWED,
                    "Expected only known tables. There are: "
                            + new TreeSet<>(rules.tables().keySet())
                            + ".");
        }
    }

    void requireFunction(String name) {
        if (!rules.functions().contains(name)) {
            throw new GuardException(
                    Code.SQL_NOT_ALLOWED,
                    "Expected only known functions. There are: "
                            + new TreeSet<>(rules.functions())
                            + ".");
        }
    }
}
