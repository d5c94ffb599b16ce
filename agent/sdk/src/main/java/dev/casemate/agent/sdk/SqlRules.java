package dev.casemate.agent.sdk;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// What [ReadOnlySql] lets through. There is no default: a limit that nobody set does not compile.
///
/// @param tables columns by table, at least one each; a table is named as statements must name it,
///   with or without a schema; `*` in a statement means these columns, by the alphabet
/// @param functions by their plain names; [#COMMON_FUNCTIONS] is a start
/// @param maxRows rows of one answer; more are cut, and the answer says so
/// @param maxBytes bytes of one answer as UTF-8 text; more are refused
/// @param timeout of one statement, in the database and here
public record SqlRules(
        Map<String, Set<String>> tables,
        Set<String> functions,
        int maxRows,
        int maxBytes,
        Duration timeout) {

    /// Aggregates, arithmetic, dates and window functions of PostgreSQL that read nothing but their
    /// arguments and return no more than they were given.
    public static final Set<String> COMMON_FUNCTIONS =
            Set.of(
                    "abs",
                    "avg",
                    "ceil",
                    "coalesce",
                    "corr",
                    "count",
                    "date_part",
                    "date_trunc",
                    "dense_rank",
                    "first_value",
                    "floor",
                    "greatest",
                    "lag",
                    "last_value",
                    "lead",
                    "least",
                    "length",
                    "ln",
                    "lower",
                    "max",
                    "min",
                    "now",
                    "nullif",
                    "rank",
                    "round",
                    "row_number",
                    "sqrt",
                    "stddev",
                    "stddev_pop",
                    "stddev_samp",
                    "sum",
                    "upper",
                    "var_pop",
                    "var_samp",
                    "variance");

    private static final Pattern NAME = Pattern.compile("[a-z_][a-z0-9_]{0,62}");
    private static final Pattern TABLE =
            Pattern.compile("[a-z_][a-z0-9_]{0,62}(\\.[a-z_][a-z0-9_]{0,62})?");

    public SqlRules {
        var copy = new HashMap<String, Set<String>>();
        tables.forEach((table, columns) -> {
            require(TABLE, table);
            columns.forEach(column -> require(NAME, column));
            copy.put(table, Set.copyOf(columns));
        });
        tables = Map.copyOf(copy);
        functions = Set.copyOf(functions);
        functions.forEach(function -> require(NAME, function));
        if (tables.isEmpty()
                || tables.values().stream().anyMatch(Set::isEmpty)
                || maxRows < 1
                || maxBytes < 1
                || timeout.toMillis() < 1) {
            throw new IllegalArgumentException(
                    "expected a table, and limits that are greater than zero");
        }
    }

    /// The statements that let a role read what these rules name, column by column, and nothing
    /// else: what the check lets through and what the role can read are then one list. For
    /// `reader-role.sql`; run by the tables' owner.
    ///
    /// @param role a name of lower-case letters, digits and underscores
    public List<String> grants(String role) {
        require(NAME, role);
        var grants = new ArrayList<String>();
        new TreeMap<>(tables)
                .forEach((table, columns) ->
                        grants.add(
                                "GRANT SELECT (%s) ON %s TO %s;"
                                        .formatted(
                                                String.join(", ", new TreeSet<>(columns)),
                                                table,
                                                role)));
        return grants;
    }

    private static void require(Pattern form, String name) {
        if (!form.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "expected names of lower-case letters, digits and underscores");
        }
    }
}
