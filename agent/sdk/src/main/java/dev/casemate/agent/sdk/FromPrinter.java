package dev.casemate.agent.sdk;

import java.util.List;
import java.util.Optional;
import net.sf.jsqlparser.expression.Alias;
import net.sf.jsqlparser.schema.Table;
import net.sf.jsqlparser.statement.select.FromItem;
import net.sf.jsqlparser.statement.select.Join;
import net.sf.jsqlparser.statement.select.ParenthesedSelect;
import net.sf.jsqlparser.statement.select.PlainSelect;
import org.jspecify.annotations.Nullable;

/// Prints the FROM clause of a checked SELECT, and makes its relations known.
///
/// @see SqlCheck
final class FromPrinter {

    private final SqlPrint print;
    private final SqlScope scope;
    private final Optional<SqlScope> outer;
    private final ExpressionPrinter expressions;

    /// @param scope of the SELECT that the clause belongs to
    /// @param outer of the SELECT around that: a subquery in FROM sees no relation beside it
    FromPrinter(SqlPrint print, SqlScope scope, Optional<SqlScope> outer) {
        this.print = print;
        this.scope = scope;
        this.outer = outer;
        expressions = new ExpressionPrinter(print, scope);
    }

    void print(PlainSelect plain) {
        if (plain.getFromItem() != null) {
            print.add(" FROM ");
            relation(plain.getFromItem());
        }
        if (plain.getJoins() != null) {
            plain.getJoins().forEach(this::join);
        }
    }

    private SqlRelation relation(FromItem item) {
        var relation =
                switch (item) {
                    case Table table -> table(table);
                    case ParenthesedSelect select -> subquery(select);
                    default -> throw SqlRefusal.CLAUSE.exception();
                };
        scope.add(relation);
        return relation;
    }

    private SqlRelation table(Table table) {
        if (table.getNameParts().size() > 2) {
            throw SqlRefusal.TABLE.exception();
        }
        var name = SqlPrint.fold(table.getName());
        if (table.getSchemaName() != null) {
            var schema = SqlPrint.fold(table.getSchemaName());
            var columns = print.table(schema + "." + name);
            print.name(schema).add(".").name(name);
            return called(name, columns, false, table.getAlias());
        }
        var view = print.view(name);
        var columns = view.orElseGet(() -> print.table(name));
        print.name(name);
        return called(name, columns, view.isPresent(), table.getAlias());
    }

    private SqlRelation subquery(ParenthesedSelect select) {
        var columns = new SelectPrinter(print, outer).nested(select);
        // Without an alias its columns can be called by their names alone.
        return called("", columns, true, select.getAlias());
    }

    /// @param renames whether the statement itself says in which order the columns stand; those of
    ///   a table may be more than the rules name
    private SqlRelation called(
            String name, SqlColumns columns, boolean renames, @Nullable Alias alias) {
        var newAlias = print.newAlias();
        var names = names(alias);
        if (!names.isEmpty() && !renames) {
            throw SqlRefusal.RENAMING.exception();
        }
        var called = alias == null ? name : SqlPrint.fold(alias.getName());
        if (print.resolved()) {
            print.add(" AS ").name(newAlias);
            columnList(names, print);
        } else if (alias != null) {
            print.add(alias.isUseAs() ? " AS " : " ").name(called);
            columnList(names, print);
        }
        return new SqlRelation(
                called, newAlias, names.isEmpty() ? columns : columns.renamed(names));
    }

    private static List<String> names(@Nullable Alias alias) {
        return alias == null || alias.getAliasColumns() == null
                ? List.of()
                : alias.getAliasColumns().stream()
                        .map(column -> SqlPrint.fold(column.name))
                        .toList();
    }

    static void columnList(List<String> names, SqlPrint print) {
        var separator = "(";
        for (var name : names) {
            print.add(separator).name(name);
            separator = ", ";
        }
        print.add(names.isEmpty() ? "" : ")");
    }

    private void join(Join join) {
        if (join.isSimple()) {
            print.add(", ");
            scope.comma();
        } else {
            print.add(" ").add(kind(join)).add("JOIN ");
        }
        var right = relation(join.getFromItem());
        for (var condition : join.getOnExpressions()) {
            print.add(" ON ");
            expressions.print(condition);
        }
        if (!join.getUsingColumns().isEmpty()) {
            var names =
                    join.getUsingColumns().stream()
                            .map(column -> SqlPrint.fold(column.getColumnName()))
                            .toList();
            names.forEach(name -> scope.using(name, right, surviving(join)));
            print.add(" USING ");
            columnList(names, print);
        }
    }

    private static SqlScope.Surviving surviving(Join join) {
        if (join.isFull()) {
            return SqlScope.Surviving.NEITHER;
        }
        return join.isRight() ? SqlScope.Surviving.RIGHT : SqlScope.Surviving.LEFT;
    }

    private static String kind(Join join) {
        var outer = join.isOuter() ? "OUTER " : "";
        if (join.isLeft()) {
            return "LEFT " + outer;
        } else if (join.isRight()) {
            return "RIGHT " + outer;
        } else if (join.isFull()) {
            return "FULL " + outer;
        } else if (join.isCross()) {
            return "CROSS ";
        }
        return join.isInner() ? "INNER " : "";
    }
}
