package dev.casemate.agent.sdk;

import dev.casemate.agent.sdk.GuardException.Code;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
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
import net.sf.jsqlparser.statement.create.table.ColDataType;
import net.sf.jsqlparser.statement.select.AllColumns;
import net.sf.jsqlparser.statement.select.AllTableColumns;
import net.sf.jsqlparser.statement.select.ParenthesedSelect;

/// Prints the expressions of a checked SELECT; refuses every kind that it does not name.
///
/// @see SelectPrinter
final class ExpressionPrinter {

    private static final Set<String> OPERATORS =
            Set.of(
                    "+", "-", "*", "/", "%", "||", "AND", "OR", "=", "<>", "!=", ">", ">=", "<",
                    "<=");

    private static final Set<String> TYPES =
            Set.of(
                    "bigint",
                    "boolean",
                    "date",
                    "decimal",
                    "double precision",
                    "int",
                    "integer",
                    "interval",
                    "numeric",
                    "real",
                    "smallint",
                    "text",
                    "time",
                    "timestamp",
                    "varchar");

    private static final Set<String> FIELDS =
            Set.of(
                    "century", "day", "decade", "dow", "doy", "epoch", "hour", "isodow", "isoyear",
                    "minute", "month", "quarter", "second", "week", "year");

    private static final Set<String> TIME_KEYS = Set.of("current_date", "current_timestamp");

    private static final Pattern NUMBER = Pattern.compile("[0-9]+(\\.[0-9]*)?([eE][+-]?[0-9]+)?");
    private static final Pattern TEXT_INSIDE = Pattern.compile("([^'\\\\\\x00]|'')*");
    private static final Pattern TYPE =
            Pattern.compile("([A-Za-z]+(?: precision)?) ?(\\([0-9]{1,4}(?:, ?[0-9]{1,4})?\\))?");
    private static final Pattern TIME_TEXT = Pattern.compile("'[A-Za-z0-9 :.+-]{1,64}'");

    private final SelectPrinter selects;
    private final SqlScope scope;
    private final StringBuilder out;

    ExpressionPrinter(SelectPrinter selects, SqlScope scope, StringBuilder out) {
        this.selects = selects;
        this.scope = scope;
        this.out = out;
    }

    void print(Expression expression) {
        switch (expression) {
            case Column column -> column(column);
            // A column that is called like a unit of time.
            case DateUnitExpression unit -> columnName(unit.getType().name());
            case LongValue number -> literal(NUMBER, number.getStringValue());
            case DoubleValue number -> literal(NUMBER, number.toString());
            case StringValue text -> text(text);
            case NullValue _ -> out.append("NULL");
            case BooleanValue bool -> out.append(bool.getValue() ? "TRUE" : "FALSE");
            case DateTimeLiteralExpression time -> time(time);
            case TimeKeyExpression key -> word(TIME_KEYS, key.getStringValue());
            case IntervalExpression interval -> interval(interval);
            case LikeExpression like -> like(like);
            case BinaryExpression binary -> binary(binary);
            case SignedExpression signed -> signed(signed);
            case NotExpression not -> {
                out.append("NOT ");
                print(not.getExpression());
            }
            case ParenthesedSelect select -> selects.nested(select);
            case ParenthesedExpressionList<?> list -> {
                out.append('(');
                list(list);
                out.append(')');
            }
            case InExpression in -> in(in);
            case Between between -> between(between);
            case IsNullExpression isNull -> {
                print(isNull.getLeftExpression());
                out.append(isNull.isNot() ? " IS NOT NULL" : " IS NULL");
            }
            case IsBooleanExpression is -> {
                print(is.getLeftExpression());
                out.append(is.isNot() ? " IS NOT " : " IS ").append(is.isTrue() ? "TRUE" : "FALSE");
            }
            case ExistsExpression exists -> {
                out.append(exists.isNot() ? "NOT EXISTS " : "EXISTS ");
                print(exists.getRightExpression());
            }
            case CaseExpression when -> when(when);
            case CastExpression cast -> cast(cast);
            case ExtractExpression extract -> {
                out.append("EXTRACT(");
                word(FIELDS, extract.getName());
                out.append(" FROM ");
                print(extract.getExpression());
                out.append(')');
            }
            case Function function -> function(function);
            case AnalyticExpression window -> window(window);
            case AllTableColumns all ->
                    out.append(SqlScope.quoted(SqlScope.fold(all.getTable().getName())))
                            .append(".*");
            case AllColumns _ -> out.append('*');
            default -> throw refused();
        }
    }

    void list(List<? extends Expression> expressions) {
        var separator = "";
        for (var expression : expressions) {
            out.append(separator);
            print(expression);
            separator = ", ";
        }
    }

    private void column(Column column) {
        var table = column.getTable();
        if (table != null && table.getName() != null) {
            out.append(SqlScope.quoted(SqlScope.fold(table.getName()))).append('.');
        }
        columnName(column.getColumnName());
    }

    private void columnName(String written) {
        var name = SqlScope.fold(written);
        scope.requireColumn(name);
        out.append(SqlScope.quoted(name));
    }

    private void literal(Pattern form, String text) {
        if (!form.matcher(text).matches()) {
            throw refused();
        }
        out.append(text);
    }

    private void word(Set<String> allowed, String written) {
        var word = written.toLowerCase(Locale.ROOT);
        if (!allowed.contains(word)) {
            throw refused();
        }
        out.append(word);
    }

    private void text(StringValue text) {
        if (text.getPrefix() != null || !TEXT_INSIDE.matcher(text.getValue()).matches()) {
            throw refused();
        }
        out.append('\'').append(text.getValue()).append('\'');
    }

    private void time(DateTimeLiteralExpression time) {
        switch (time.getType()) {
            case DATE -> out.append("DATE ");
            case TIME -> out.append("TIME ");
            case TIMESTAMP -> out.append("TIMESTAMP ");
            default -> throw refused();
        }
        literal(TIME_TEXT, time.getValue());
    }

    private void interval(IntervalExpression interval) {
        if (interval.getParameter() == null) {
            throw refused();
        }
        out.append("INTERVAL ");
        literal(TIME_TEXT, interval.getParameter());
        var qualifier = interval.getIntervalQualifier();
        if (qualifier != null) {
            out.append(' ');
            word(FIELDS, qualifier.getLeadingField());
        }
    }

    private void binary(BinaryExpression binary) {
        var operator = binary.getStringExpression();
        if (!OPERATORS.contains(operator)) {
            throw refused();
        }
        print(binary.getLeftExpression());
        out.append(' ').append(operator).append(' ');
        print(binary.getRightExpression());
    }

    private void like(LikeExpression like) {
        print(like.getLeftExpression());
        out.append(like.isNot() ? " NOT " : " ");
        switch (like.getLikeKeyWord()) {
            case LIKE -> out.append("LIKE ");
            case ILIKE -> out.append("ILIKE ");
            default -> throw refused();
        }
        print(like.getRightExpression());
    }

    private void signed(SignedExpression signed) {
        if (signed.getSign() != '-' && signed.getSign() != '+') {
            throw refused();
        }
        // The space keeps two signs from becoming a comment.
        out.append(signed.getSign()).append(' ');
        print(signed.getExpression());
    }

    private void in(InExpression in) {
        print(in.getLeftExpression());
        out.append(in.isNot() ? " NOT IN " : " IN ");
        print(in.getRightExpression());
    }

    private void between(Between between) {
        print(between.getLeftExpression());
        out.append(between.isNot() ? " NOT BETWEEN " : " BETWEEN ");
        print(between.getBetweenExpressionStart());
        out.append(" AND ");
        print(between.getBetweenExpressionEnd());
    }

    private void when(CaseExpression when) {
        out.append("CASE ");
        if (when.getSwitchExpression() != null) {
            print(when.getSwitchExpression());
            out.append(' ');
        }
        for (var clause : when.getWhenClauses()) {
            out.append("WHEN ");
            print(clause.getWhenExpression());
            out.append(" THEN ");
            print(clause.getThenExpression());
            out.append(' ');
        }
        if (when.getElseExpression() != null) {
            out.append("ELSE ");
            print(when.getElseExpression());
            out.append(' ');
        }
        out.append("END");
    }

    private void cast(CastExpression cast) {
        if (cast.keyword != null && !cast.keyword.isEmpty()) {
            out.append("CAST(");
            print(cast.getLeftExpression());
            out.append(" AS ");
            type(cast.getColDataType());
            out.append(')');
        } else {
            print(cast.getLeftExpression());
            out.append("::");
            type(cast.getColDataType());
        }
    }

    private void type(ColDataType type) {
        var form = TYPE.matcher(type.toString());
        if (!form.matches()) {
            throw refused();
        }
        word(TYPES, form.group(1));
        if (form.group(2) != null) {
            out.append(form.group(2));
        }
    }

    private void function(Function function) {
        functionName(function.getName());
        out.append(function.isDistinct() ? "(DISTINCT " : "(");
        ExpressionList<?> parameters = function.getParameters();
        if (parameters != null) {
            list(parameters);
        }
        out.append(')');
    }

    private void functionName(String written) {
        var name = written.toLowerCase(Locale.ROOT);
        scope.requireFunction(name);
        out.append(name);
    }

    private void window(AnalyticExpression window) {
        functionName(window.getName());
        out.append(window.isDistinct() ? "(DISTINCT " : "(");
        var separator = "";
        if (window.isAllColumns()) {
            out.append('*');
        }
        for (var argument :
                new Expression[] {
                    window.getExpression(), window.getOffset(), window.getDefaultValue()
                }) {
            if (argument != null) {
                out.append(separator);
                print(argument);
                separator = ", ";
            }
        }
        out.append(')');
        switch (window.getType()) {
            case FILTER_ONLY -> filter(window);
            case OVER -> over(window);
            default -> throw refused();
        }
    }

    private void filter(AnalyticExpression window) {
        out.append(" FILTER (WHERE ");
        print(window.getFilterExpression());
        out.append(')');
    }

    private void over(AnalyticExpression window) {
        if (window.getFilterExpression() != null) {
            filter(window);
        }
        out.append(" OVER (");
        var partition = window.getPartitionExpressionList();
        if (partition != null && !partition.isEmpty()) {
            out.append("PARTITION BY ");
            list(partition);
            out.append(' ');
        }
        selects.orderBy(window.getOrderByElements());
        out.append(')');
    }

    static GuardException refused() {
        return new GuardException(
                Code.SQL_NOT_ALLOWED,
                "Expected one plain SELECT statement without special forms; rewrite it with"
                        + " columns, literals, arithmetic, comparisons, CASE, CAST, aggregates and"
                        + " joins.");
    }
}
