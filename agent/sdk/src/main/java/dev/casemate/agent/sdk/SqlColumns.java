package dev.casemate.agent.sdk;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// The columns that a table or a query gives.
///
/// @param labels one for each column, folded; empty text where it has no name to call it by
/// @param ordered whether they stand in the order that the database has them in, too: false where
///   `*` was written out
record SqlColumns(List<String> labels, boolean ordered) {

    SqlColumns {
        labels = List.copyOf(labels);
    }

    /// Of a table: those that the rules name, by the alphabet.
    static SqlColumns ofTable(Collection<String> names) {
        return new SqlColumns(names.stream().sorted().toList(), false);
    }

    boolean has(String label) {
        return labels.contains(label);
    }

    /// From 1, as ORDER BY counts; 0 where no column is called so, or more than one.
    int position(String label) {
        int at = labels.indexOf(label);
        return label.isEmpty() || at != labels.lastIndexOf(label) ? 0 : at + 1;
    }

    void requireOrdered() {
        if (!ordered) {
            throw SqlRefusal.STAR.exception();
        }
    }

    /// With new names for the first of them.
    SqlColumns renamed(List<String> names) {
        requireOrdered();
        if (names.size() > labels.size()) {
            throw SqlRefusal.RENAMING.exception();
        }
        var renamed = new ArrayList<>(names);
        renamed.addAll(labels.subList(names.size(), labels.size()));
        return new SqlColumns(renamed, true);
    }
}
