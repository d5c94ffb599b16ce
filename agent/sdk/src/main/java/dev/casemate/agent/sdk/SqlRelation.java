package dev.casemate.agent.sdk;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// One table or query that a FROM clause names.
final class SqlRelation {

    private final String name;
    private final String alias;
    private final SqlColumns columns;
    private final Set<String> merged = new HashSet<>();

    /// @param name as the statement calls it
    /// @param alias as the print calls it, unlike all others
    SqlRelation(String name, String alias, SqlColumns columns) {
        this.name = name;
        this.alias = alias;
        this.columns = columns;
    }

    String name() {
        return name;
    }

    String alias() {
        return alias;
    }

    SqlColumns columns() {
        return columns;
    }

    /// Whether the column may be called by its name alone, as far as this relation goes.
    boolean shows(String column) {
        return columns.has(column) && !merged.contains(column);
    }

    /// Those that `*` stands for.
    List<String> shown() {
        return columns.labels().stream()
                .filter(label -> !label.isEmpty() && !merged.contains(label))
                .toList();
    }

    /// From now on the column of this name is that of another relation, joined with USING.
    void merge(String column) {
        merged.add(column);
    }
}
