package dev.casemate.agent.sdk;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import net.sf.jsqlparser.expression.AnalyticExpression;
import net.sf.jsqlparser.expression.BinaryExpression;
import net.sf.jsqlparser.expression.BooleanValue;
import net.sf.jsqlparser.expression.CaseExpression;
import net.sf.jsqlparser.expression.CastExpression;
import net.sf.jsqlparser.expression.DateTimeLiteralExpression;
import net.sf.jsqlparser.expression.DateUnitExpression;
import net.sf.jsqlparser.expression.DoubleValue;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.ExtractExpression;
import net.sf.jsqlparser.expression.Function;
import net.sf.jsqlparser.expression.IntervalExpression;
import net.sf.jsqlparser.expression.LongValue;
import net.sf.jsqlparser.expression.NotExpression;
import net.sf.jsqlparser.expression.NullValue;
import net.sf.jsqlparser.expression.SignedExpression;
import net.sf.jsqlparser.expression.StringValue;
import net.sf.jsqlparser.expression.TimeKeyExpression;
import net.sf.jsqlparser.expression.operators.relational.Between;
import net.sf.jsqlparser.expression.operators.relational.ExistsExpression;
import net.sf.jsqlparser.expression.operators.relational.ExpressionList;
import net.sf.jsqlparser.expression.operators.relational.InExpression;
import net.sf.jsqlparser.expression.operators.relational.IsBooleanExpression;
import net.sf.jsqlparser.expression.operators.relational.IsNullExpression;
import net.sf.jsqlparser.expression.operators.relational.LikeExpression;
import net.sf.jsqlparser.expression.operators.relational.ParenthesedExpressionList;
import net.sf.jsqlparser.schema.Column;
import net.sf.jsqlparser.statement.select.AllColumns;
import net.sf.jsqlparser.statement.select.AllTableColumns;
import net.sf.jsqlparser.statement.select.ParenthesedSelect;
import org.jspecify.annotations.Nullable;

/// Prints the expressions of a checked SELECT; refuses every kind that it does not name.
///
/// @see SqlCheck
final class ExpressionPrinter {

    private static final Set<String> OPERATORS =
            Set.of(
                    "+", "-", "*", "/", "%", "||", "AND", "OR", "=", "<>", "!=", ">", ">=", "<",
                    "<=");

    private final SqlPrint print;
    private final SqlScope scope;

    /// @param scope of the SELECT that the expressions stand in
    ExpressionPrinter(SqlPrint print, SqlScope scope) {
        this.print = print;
        this.scope = scope;
    }

    void print(Expression expression) {
        switch (expression) {
            case Column column -> column(column);
            // A column that is called like a unit of time.
            case DateUnitExpression unit -> {
                var name = SqlPrint.fold(unit.getType().name());
                column(scope.owner(name), name, Optional.empty());
            }
            case LongValue number -> LiteralPrinter.number(number.getStringValue(), print);
            case DoubleValue number -> LiteralPrinter.number(number.toString(), print);
            case StringValue text -> LiteralPrinter.text(text, print);
            case NullValue _ -> print.add("NULL");
            case BooleanValue bool -> print.add(bool.getValue() ? "TRUE" : "FALSE");
            case DateTimeLiteralExpression time -> LiteralPrinter.time(time, print);
            case TimeKeyExpression key -> LiteralPrinter.timeKey(key.getStringValue(), print);
            case IntervalExpression interval -> LiteralPrinter.interval(interval, print);
            case LikeExpression like -> like(like);
            case BinaryExpression binary -> binary(binary);
            case SignedExpression signed -> signed(signed);
            case NotExpression not -> {
                print.add("NOT ");
                print(not.getExpression());
            }
            case ParenthesedSelect select ->
                    new SelectPrinter(print, Optional.of(scope)).nested(select);
            case ParenthesedExpressionList<?> list -> {
                print.add("(");
                list(list);
                print.add(")");
            }
            case InExpression in -> in(in);
            case Between between -> between(between);
            case IsNullExpression isNull -> {
                print(isNull.getLeftExpression());
                print.add(isNull.isNot() ? " IS NOT NULL" : " IS NULL");
            }
            case IsBooleanExpression is -> {
                print(is.getLeftExpression());
                print.add(is.isNot() ? " IS NOT " : " IS ").add(is.isTrue() ? "TRUE" : "FALSE");
            }
            case ExistsExpression exists -> {
                print.add(exists.isNot() ? "NOT EXISTS " : "EXISTS ");
                print(exists.getRightExpression());
            }
            case CaseExpression when -> when(when);
            case CastExpression cast -> cast(cast);
            case ExtractExpression extract -> {
                print.add("EXTRACT(");
                LiteralPrinter.field(extract.getName(), print);
                print.add(" FROM ");
                print(extract.getExpression());
                print.add(")");
            }
            case Function function -> function(function);
            case AnalyticExpression window -> window(window);
            case AllColumns _ -> throw SqlRefusal.STAR.exception();
            default -> throw SqlRefusal.EXPRESSION.exception();
        }
    }

    void list(List<? extends Expression> expressions) {
        var separator = "";
        for (var expression : expressions) {
            print.add(separator);
            print(expression);
            separator = ", ";
        }
    }

    private void column(Column column) {
        var name = SqlPrint.fold(column.getColumnName());
        var table = column.getTable();
        if (table == null || table.getName() == null) {
            column(scope.owner(name), name, Optional.empty());
        } else {
            var called = SqlPrint.fold(table.getName());
            column(scope.named(called), name, Optional.of(called));
        }
    }

    private void column(SqlRelation relation, String name, Optional<String> called) {
        if (!relation.columns().has(name)) {
            throw scope.unknown();
        }
        if (print.resolved()) {
            print.name(relation.alias()).add(".");
        } else {
            called.ifPresent(qualifier -> print.name(qualifier).add("."));
        }
        print.name(name);
    }

    /// The folded name of a column, where the expression is one and nothing else.
    static Optional<String> columnName(Expression expression) {
        return switch (expression) {
            case Column column -> Optional.of(SqlPrint.fold(column.getColumnName()));
            case DateUnitExpression unit -> Optional.of(SqlPrint.fold(unit.getType().name()));
            default -> Optional.empty();
        };
    }

    /// The folded name of a column that is not called by its table, too.
    static Optional<String> bareName(Expression expression) {
        return expression instanceof Column column
                        && column.getTable() != null
                        && column.getTable().getName() != null
                ? Optional.empty()
                : columnName(expression);
    }

    private void binary(BinaryExpression binary) {
        var operator = binary.getStringExpression();
        if (!OPERATORS.contains(operator)) {
            throw SqlRefusal.OPERATOR.exception();
        }
        print(binary.getLeftExpression());
        print.add(" ").add(operator).add(" ");
        print(binary.getRightExpression());
    }

    private void like(LikeExpression like) {
        print(like.getLeftExpression());
        print.add(like.isNot() ? " NOT " : " ");
        switch (like.getLikeKeyWord()) {
            case LIKE -> print.add("LIKE ");
            case ILIKE -> print.add("ILIKE ");
            default -> throw SqlRefusal.OPERATOR.exception();
        }
        print(like.getRightExpression());
    }

    private void signed(SignedExpression signed) {
        if (signed.getSign() != '-' && signed.getSign() != '+') {
            throw SqlRefusal.EXPRESSION.exception();
        }
        // The space keeps two signs from becoming a comment.
        print.add(signed.getSign() == '-' ? "- " : "+ ");
        print(signed.getExpression());
    }

    private void in(InExpression in) {
        print(in.getLeftExpression());
        print.add(in.isNot() ? " NOT IN " : " IN ");
        print(in.getRightExpression());
    }

    private void between(Between between) {
        print(between.getLeftExpression());
        print.add(between.isNot() ? " NOT BETWEEN " : " BETWEEN ");
        print(between.getBetweenExpressionStart());
        print.add(" AND ");
        print(between.getBetweenExpressionEnd());
    }

    private void when(CaseExpression when) {
        print.add("CASE ");
        if (when.getSwitchExpression() != null) {
            print(when.getSwitchExpression());
            print.add(" ");
        }
        for (var clause : when.getWhenClauses()) {
            print.add("WHEN ");
            print(clause.getWhenExpression());
            print.add(" THEN ");
            print(clause.getThenExpression());
            print.add(" ");
        }
        if (when.getElseExpression() != null) {
            print.add("ELSE ");
            print(when.getElseExpression());
            print.add(" ");
        }
        print.add("END");
    }

    private void cast(CastExpression cast) {
        if (cast.keyword != null && !cast.keyword.isEmpty()) {
            print.add("CAST(");
            print(cast.getLeftExpression());
            print.add(" AS ");
            LiteralPrinter.type(cast.getColDataType(), print);
            print.add(")");
        } else {
            print(cast.getLeftExpression());
            print.add("::");
            LiteralPrinter.type(cast.getColDataType(), print);
        }
    }

    private void function(Function function) {
        var name = functionName(function.getName());
        print.add(function.isDistinct() ? "(DISTINCT " : "(");
        ExpressionList<?> parameters = function.getParameters();
        if (parameters != null && parameters.size() == 1 && isStar(parameters.getFirst())) {
            star(name);
        } else if (parameters != null) {
            list(parameters);
        }
        print.add(")");
    }

    private static boolean isStar(@Nullable Expression expression) {
        return expression instanceof AllColumns && !(expression instanceof AllTableColumns);
    }

    /// To other functions it would be a whole row, with columns that the rules do not name.
    private void star(String function) {
        if (!function.equals("count")) {
            throw SqlRefusal.STAR.exception();
        }
        print.add("*");
    }

    private String functionName(String written) {
        var name = written.toLowerCase(Locale.ROOT);
        print.requireFunction(name);
        print.add(name);
        return name;
    }

    private void window(AnalyticExpression window) {
        var name = functionName(window.getName());
        print.add(window.isDistinct() ? "(DISTINCT " : "(");
        if (window.isAllColumns() || isStar(window.getExpression())) {
            star(name);
        } else {
            var separator = "";
            for (var argument :
                    new Expression[] {
                        window.getExpression(), window.getOffset(), window.getDefaultValue()
                    }) {
                if (argument != null) {
                    print.add(separator);
                    print(argument);
                    separator = ", ";
                }
            }
        }
        print.add(")");
        switch (window.getType()) {
            case FILTER_ONLY -> filter(window);
            case OVER -> over(window);
            default -> throw SqlRefusal.EXPRESSION.exception();
        }
    }

    private void filter(AnalyticExpression window) {
        print.add(" FILTER (WHERE ");
        print(window.getFilterExpression());
        print.add(")");
    }

    private void over(AnalyticExpression window) {
        if (window.getFilterExpression() != null) {
            filter(window);
        }
        print.add(" OVER (");
        var partition = window.getPartitionExpressionList();
        if (partition != null && !partition.isEmpty()) {
            print.add("PARTITION BY ");
            list(partition);
            print.add(" ");
        }
        SelectPrinter.orderBy(window.getOrderByElements(), print, this::print);
        print.add(")");
    }
}
