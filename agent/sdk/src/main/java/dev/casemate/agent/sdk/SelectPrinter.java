package dev.casemate.agent.sdk;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import net.sf.jsqlparser.expression.Alias;
import net.sf.jsqlparser.expression.AnalyticExpression;
import net.sf.jsqlparser.expression.CastExpression;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.Function;
import net.sf.jsqlparser.expression.LongValue;
import net.sf.jsqlparser.statement.select.AllColumns;
import net.sf.jsqlparser.statement.select.AllTableColumns;
import net.sf.jsqlparser.statement.select.OrderByElement;
import net.sf.jsqlparser.statement.select.ParenthesedSelect;
import net.sf.jsqlparser.statement.select.PlainSelect;
import net.sf.jsqlparser.statement.select.Select;
import net.sf.jsqlparser.statement.select.SelectItem;
import net.sf.jsqlparser.statement.select.SetOperationList;
import org.jspecify.annotations.Nullable;

/// Prints one SELECT of a checked statement, and says which columns it gives.
///
/// @see SqlCheck
final class SelectPrinter {

    private final SqlPrint print;
    private final Optional<SqlScope> outer;

    /// @param outer of the SELECT around this one, if its relations can be seen here
    SelectPrinter(SqlPrint print, Optional<SqlScope> outer) {
        this.print = print;
        this.outer = outer;
    }

    /// A SELECT in brackets. WITH is refused in it: its names would reach less far than they seem.
    SqlColumns nested(ParenthesedSelect select) {
        if (select.getWithItemsList() != null || select.getSelect().getWithItemsList() != null) {
            throw SqlRefusal.WITH.exception();
        }
        print.add("(");
        var columns = body(select.getSelect());
        print.add(")");
        tail(
                select,
                columns,
                _ -> {
                    throw SqlRefusal.COLUMN.exception();
                });
        return columns;
    }

    SqlColumns body(Select select) {
        return switch (select) {
            case PlainSelect plain -> plain(plain);
            case SetOperationList list -> operations(list);
            case ParenthesedSelect nested -> nested(nested);
            default -> throw SqlRefusal.CLAUSE.exception();
        };
    }

    private SqlColumns operations(SetOperationList list) {
        var columns = Optional.<SqlColumns>empty();
        for (int i = 0; i < list.getSelects().size(); i++) {
            if (i > 0) {
                operation(list.getOperation(i - 1).toString().toUpperCase(Locale.ROOT));
            }
            if (list.getSelect(i).getWithItemsList() != null) {
                throw SqlRefusal.WITH.exception();
            }
            var branch = body(list.getSelect(i));
            branch.requireOrdered();
            columns = Optional.of(columns.orElse(branch));
        }
        var named = columns.orElseThrow(SqlRefusal.CLAUSE::exception);
        // PostgreSQL orders them by their names or numbers alone.
        tail(
                list,
                named,
                _ -> {
                    throw SqlRefusal.COLUMN.exception(named.labels());
                });
        return named;
    }

    private void operation(String operation) {
        switch (operation) {
            case "UNION", "UNION ALL", "INTERSECT", "INTERSECT ALL", "EXCEPT", "EXCEPT ALL" ->
                    print.add(" ").add(operation).add(" ");
            default -> throw SqlRefusal.CLAUSE.exception();
        }
    }

    private SqlColumns plain(PlainSelect plain) {
        var scope = new SqlScope(outer);
        var expressions = new ExpressionPrinter(print, scope);
        var from = print.aside(() -> new FromPrinter(print, scope, outer).print(plain));
        print.add(plain.getDistinct() == null ? "SELECT " : "SELECT DISTINCT ");
        var columns = items(plain.getSelectItems(), scope, expressions);
        print.add(from);
        clause(" WHERE ", plain.getWhere(), expressions);
        if (plain.getGroupBy() != null) {
            groupBy(plain.getGroupBy().getGroupByExpressionList(), columns, scope, expressions);
        }
        clause(" HAVING ", plain.getHaving(), expressions);
        tail(plain, columns, expressions::print);
        return columns;
    }

    private SqlColumns items(
            List<SelectItem<?>> items, SqlScope scope, ExpressionPrinter expressions) {
        var labels = new ArrayList<String>();
        boolean ordered = true;
        var separator = "";
        for (var item : items) {
            print.add(separator);
            separator = ", ";
            switch (item.getExpression()) {
                case AllTableColumns all -> {
                    ordered = false;
                    var relation = scope.named(SqlPrint.fold(all.getTable().getName()));
                    labels.addAll(star(List.of(relation), Optional.of(relation)));
                }
                case AllColumns _ -> {
                    ordered = false;
                    labels.addAll(star(scope.relations(), Optional.empty()));
                }
                case Expression expression -> {
                    expressions.print(expression);
                    labels.add(label(expression, item.getAlias()));
                }
            }
        }
        return new SqlColumns(labels, ordered);
    }

    /// Written out, because the database would take columns that the rules do not name.
    ///
    /// @param named the relation in `relation.*`, of which all columns are meant
    private List<String> star(List<SqlRelation> relations, Optional<SqlRelation> named) {
        var labels = new ArrayList<String>();
        var separator = "";
        for (var relation : relations) {
            var columns =
                    named.isPresent()
                            ? relation.columns().labels().stream()
                                    .filter(label -> !label.isEmpty())
                                    .toList()
                            : relation.shown();
            for (var column : columns) {
                if (print.resolved()) {
                    print.add(separator).name(relation.alias()).add(".").name(column);
                    print.add(" AS ").name(column);
                }
                separator = ", ";
                labels.add(column);
            }
        }
        if (labels.isEmpty()) {
            throw SqlRefusal.STAR.exception();
        }
        if (!print.resolved()) {
            named.ifPresent(relation -> print.name(relation.name()).add("."));
            print.add("*");
        }
        return labels;
    }

    /// Prints and returns the name that an outer SELECT can call the column by.
    private String label(Expression expression, @Nullable Alias alias) {
        if (alias != null) {
            var given = SqlPrint.fold(alias.getName());
            print.add(alias.isUseAs() || print.resolved() ? " AS " : " ").name(given);
            return given;
        }
        var label = ownLabel(expression);
        if (print.resolved() && !label.isEmpty()) {
            print.add(" AS ").name(label);
        }
        return label;
    }

    /// As PostgreSQL names it, in the cases where that is plain.
    private static String ownLabel(Expression expression) {
        return switch (expression) {
            case Function function -> function.getName().toLowerCase(Locale.ROOT);
            case AnalyticExpression window -> window.getName().toLowerCase(Locale.ROOT);
            case CastExpression cast -> ownLabel(cast.getLeftExpression());
            default -> ExpressionPrinter.columnName(expression).orElse("");
        };
    }

    private void clause(
            String keyword, @Nullable Expression expression, ExpressionPrinter expressions) {
        if (expression != null) {
            print.add(keyword);
            expressions.print(expression);
        }
    }

    private void groupBy(
            List<?> elements, SqlColumns columns, SqlScope scope, ExpressionPrinter expressions) {
        var separator = " GROUP BY ";
        for (var element : elements) {
            print.add(separator);
            separator = ", ";
            if (!(element instanceof Expression expression)) {
                throw SqlRefusal.CLAUSE.exception();
            }
            // A column of FROM comes before a name that the list of columns gives.
            if (ExpressionPrinter.bareName(expression).filter(scope::has).isPresent()) {
                expressions.print(expression);
            } else {
                ordinal(expression, columns, expressions::print);
            }
        }
    }

    private void tail(Select select, SqlColumns columns, Consumer<Expression> other) {
        if (select.getOrderByElements() != null && !select.getOrderByElements().isEmpty()) {
            print.add(" ");
            orderBy(select.getOrderByElements(), print, key -> ordinal(key, columns, other));
        }
        // Neither can name a column.
        var numbers = new ExpressionPrinter(print, new SqlScope(Optional.empty()));
        if (select.getLimit() != null) {
            clause(" LIMIT ", select.getLimit().getRowCount(), numbers);
        }
        if (select.getOffset() != null) {
            clause(" OFFSET ", select.getOffset().getOffset(), numbers);
        }
    }

    /// A name that the list of columns gives is printed as its number there, which no column of a
    /// table can be mistaken for.
    private void ordinal(Expression key, SqlColumns columns, Consumer<Expression> other) {
        var name = ExpressionPrinter.bareName(key).orElse("");
        int position = columns.position(name);
        if (position > 0) {
            if (print.resolved()) {
                print.add(Integer.toString(position));
            } else {
                print.name(name);
            }
        } else if (key instanceof LongValue number) {
            columns.requireOrdered();
            LiteralPrinter.number(number.getStringValue(), print);
        } else {
            other.accept(key);
        }
    }

    static void orderBy(
            @Nullable List<OrderByElement> elements, SqlPrint print, Consumer<Expression> key) {
        if (elements == null) {
            return;
        }
        var separator = "ORDER BY ";
        for (var element : elements) {
            print.add(separator);
            key.accept(element.getExpression());
            if (!element.isAsc()) {
                print.add(" DESC");
            } else if (element.isAscDescPresent()) {
                print.add(" ASC");
            }
            if (element.getNullOrdering() != null) {
                switch (element.getNullOrdering()) {
                    case NULLS_FIRST -> print.add(" NULLS FIRST");
                    case NULLS_LAST -> print.add(" NULLS LAST");
                }
            }
            separator = ", ";
        }
    }
}
