package dev.casemate.agent.sdk;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// What the FROM clause of one SELECT makes known, and that of the SELECTs around it: every column
/// that a statement names belongs to exactly one relation, or it is refused.
final class SqlScope {

    /// Which side's value a column has that a join with USING makes of two.
    enum Surviving {
        LEFT,
        RIGHT,
        NEITHER
    }

    private final Optional<SqlScope> outer;
    private final List<SqlRelation> relations = new ArrayList<>();
    private final Set<String> ownerless = new HashSet<>();
    private int joined;

    SqlScope(Optional<SqlScope> outer) {
        this.outer = outer;
    }

    void add(SqlRelation relation) {
        relations.add(relation);
    }

    /// After a comma: USING looks no further back than this.
    void comma() {
        joined = relations.size();
    }

    /// @param right the last relation that was added
    void using(String column, SqlRelation right, Surviving surviving) {
        var left =
                relations.subList(joined, relations.size() - 1).stream()
                        .filter(relation -> relation.shows(column))
                        .toList();
        if (left.size() != 1 || !right.shows(column)) {
            throw unknown();
        }
        switch (surviving) {
            case LEFT -> right.merge(column);
            case RIGHT -> left.getFirst().merge(column);
            case NEITHER -> {
                right.merge(column);
                left.getFirst().merge(column);
                ownerless.add(column);
            }
        }
    }

    /// Whether this SELECT's own FROM clause gives such a column.
    boolean has(String column) {
        return relations.stream().anyMatch(relation -> relation.shows(column));
    }

    /// The relation that a column belongs to which is called by its name alone.
    SqlRelation owner(String column) {
        var owners = relations.stream().filter(relation -> relation.shows(column)).toList();
        if (owners.size() > 1 || ownerless.contains(column)) {
            throw unknown();
        }
        return owners.isEmpty()
                ? outer.orElseThrow(this::unknown).owner(column)
                : owners.getFirst();
    }

    SqlRelation named(String relation) {
        var named = relations.stream().filter(each -> each.name().equals(relation)).toList();
        if (named.size() > 1) {
            throw unknown();
        }
        return named.isEmpty()
                ? outer.orElseThrow(this::unknown).named(relation)
                : named.getFirst();
    }

    /// For `*`.
    List<SqlRelation> relations() {
        if (relations.isEmpty() || !ownerless.isEmpty()) {
            throw SqlRefusal.STAR.exception();
        }
        return List.copyOf(relations);
    }

    GuardException unknown() {
        var known = new TreeSet<String>();
        for (var relation : relations) {
            for (var column : relation.columns().labels()) {
                if (!column.isEmpty()) {
                    known.add(relation.name() + "." + column);
                }
            }
        }
        return SqlRefusal.COLUMN.exception(known);
    }
}
