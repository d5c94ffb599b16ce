package dev.casemate.agent.sdk;

import dev.casemate.agent.sdk.GuardException.Code;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import net.sf.jsqlparser.expression.Alias;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.parser.CCJSqlParser;
import net.sf.jsqlparser.parser.CCJSqlParserUtil;
import net.sf.jsqlparser.parser.ParseException;
import net.sf.jsqlparser.schema.Table;
import net.sf.jsqlparser.statement.select.FromItem;
import net.sf.jsqlparser.statement.select.Join;
import net.sf.jsqlparser.statement.select.OrderByElement;
import net.sf.jsqlparser.statement.select.ParenthesedSelect;
import net.sf.jsqlparser.statement.select.PlainSelect;
import net.sf.jsqlparser.statement.select.Select;
import net.sf.jsqlparser.statement.select.SelectItem;
import net.sf.jsqlparser.statement.select.SetOperationList;
import net.sf.jsqlparser.statement.select.WithItem;
import org.jspecify.annotations.Nullable;

/// Turns a statement from a model into one that may run: parses it, prints the parts that it knows,
/// and refuses it if that is not the whole.
///
/// What runs is the text printed here, never the text that came: each word of it is a keyword from
/// this class, a name or literal of checked form, or on an allow-list. A statement that two parsers
/// read differently therefore cannot smuggle anything past this one. A clause that the printer does
/// not know is missing from its print, which then differs from the parser's own print of the tree:
/// that, too, is refused, so nothing is silently dropped.
final class SelectPrinter {

    /// A longer statement is refused unread.
    static final int MAX_CHARS = 8192;

    /// More nested brackets are refused unread: the parser's time grows with them.
    static final int MAX_BRACKETS = 16;

    private static final Pattern NOISE = Pattern.compile("[\\s\"]+");

    private final SqlScope scope;
    private final StringBuilder out = new StringBuilder();
    private final ExpressionPrinter expressions;

    private SelectPrinter(SqlScope scope) {
        this.scope = scope;
        expressions = new ExpressionPrinter(this, scope, out);
    }

    /// @return the statement to execute
    /// @throws GuardException with code `SQL_MALFORMED` or `SQL_NOT_ALLOWED`
    static String checked(String sql, SqlRules rules) {
        requireModest(sql);
        var select = parse(sql);
        var scope = new SqlScope(rules);
        // The first print learns the names that the statement gives, the second holds it to them.
        new SelectPrinter(scope).top(select);
        scope.complete();
        var printer = new SelectPrinter(scope);
        printer.top(select);
        var print = printer.out.toString();
        if (!bare(print).equals(bare(select.toString()))) {
            throw ExpressionPrinter.refused();
        }
        return print;
    }

    private static String bare(String sql) {
        return NOISE.matcher(sql).replaceAll("").toLowerCase(Locale.ROOT);
    }

    private static void requireModest(String sql) {
        int open = 0;
        int deepest = 0;
        for (int i = 0; i < sql.length(); i++) {
            char c = sql.charAt(i);
            open += c == '(' ? 1 : c == ')' ? -1 : 0;
            deepest = Math.max(deepest, open);
        }
        if (sql.length() > MAX_CHARS || deepest > MAX_BRACKETS) {
            throw new GuardException(
                    Code.SQL_NOT_ALLOWED,
                    "Expected at most "
                            + MAX_CHARS
                            + " characters and "
                            + MAX_BRACKETS
                            + " nested brackets.");
        }
    }

    private static Select parse(String sql) {
        try {
            CCJSqlParser parser = CCJSqlParserUtil.newParser(sql);
            var statements = parser.Statements();
            if (statements.size() == 1 && statements.getFirst() instanceof Select select) {
                return select;
            }
        } catch (ParseException | RuntimeException | StackOverflowError e) {
            throw new GuardException(
                    Code.SQL_MALFORMED, "Expected one SELECT statement of PostgreSQL.", e);
        }
        throw new GuardException(
                Code.SQL_NOT_ALLOWED, "Expected exactly one statement, and that a SELECT.");
    }

    private void top(Select select) {
        var with = select.getWithItemsList();
        if (with != null && !with.isEmpty()) {
            var separator = "WITH ";
            for (var item : with) {
                out.append(separator);
                with(item);
                separator = ", ";
            }
            out.append(' ');
        }
        body(select);
    }

    private void with(WithItem<?> item) {
        if (item.isRecursive()
                || !(item.getParenthesedStatement() instanceof ParenthesedSelect select)) {
            throw ExpressionPrinter.refused();
        }
        var name = SqlScope.fold(item.getAliasName());
        out.append(SqlScope.quoted(name));
        var columns = item.getWithItemList();
        if (columns != null && !columns.isEmpty()) {
            var separator = "(";
            for (var column : columns) {
                var given = SqlScope.fold(column.getExpression().toString());
                scope.give(given);
                out.append(separator).append(SqlScope.quoted(given));
                separator = ", ";
            }
            out.append(')');
        }
        out.append(" AS ");
        nested(select);
        // Only now: the query of a WITH item does not see itself.
        scope.giveView(name);
    }

    /// A SELECT in brackets. WITH is refused in it: its names would reach less far than they seem.
    void nested(ParenthesedSelect select) {
        if (select.getWithItemsList() != null || select.getSelect().getWithItemsList() != null) {
            throw ExpressionPrinter.refused();
        }
        out.append('(');
        body(select.getSelect());
        out.append(')');
        tail(select);
        alias(select.getAlias());
    }

    private void body(Select select) {
        switch (select) {
            case PlainSelect plain -> {
                plain(plain);
                tail(plain);
            }
            case SetOperationList list -> {
                operations(list);
                tail(list);
            }
            case ParenthesedSelect nested -> nested(nested);
            default -> throw ExpressionPrinter.refused();
        }
    }

    private void operations(SetOperationList list) {
        for (int i = 0; i < list.getSelects().size(); i++) {
            if (i > 0) {
                var operation = list.getOperation(i - 1).toString().toUpperCase(Locale.ROOT);
                switch (operation) {
                    case "UNION",
                            "UNION ALL",
                            "INTERSECT",
                            "INTERSECT ALL",
                            "EXCEPT",
                            "EXCEPT ALL" ->
                            out.append(' ').append(operation).append(' ');
                    default -> throw ExpressionPrinter.refused();
                }
            }
            if (list.getSelect(i).getWithItemsList() != null) {
                throw ExpressionPrinter.refused();
            }
            body(list.getSelect(i));
        }
    }

    private void plain(PlainSelect plain) {
        out.append(plain.getDistinct() == null ? "SELECT " : "SELECT DISTINCT ");
        var separator = "";
        for (SelectItem<?> item : plain.getSelectItems()) {
            out.append(separator);
            expressions.print(item.getExpression());
            columnAlias(item.getAlias());
            separator = ", ";
        }
        if (plain.getFromItem() != null) {
            out.append(" FROM ");
            from(plain.getFromItem());
        }
        if (plain.getJoins() != null) {
            plain.getJoins().forEach(this::join);
        }
        clause(" WHERE ", plain.getWhere());
        if (plain.getGroupBy() != null) {
            out.append(" GROUP BY ");
            expressions.list(plain.getGroupBy().getGroupByExpressionList());
        }
        clause(" HAVING ", plain.getHaving());
    }

    private void clause(String keyword, @Nullable Expression expression) {
        if (expression != null) {
            out.append(keyword);
            expressions.print(expression);
        }
    }

    private void tail(Select select) {
        if (select.getOrderByElements() != null) {
            out.append(' ');
            orderBy(select.getOrderByElements());
        }
        if (select.getLimit() != null) {
            clause(" LIMIT ", select.getLimit().getRowCount());
        }
        if (select.getOffset() != null) {
            clause(" OFFSET ", select.getOffset().getOffset());
        }
    }

    void orderBy(@Nullable List<OrderByElement> elements) {
        if (elements == null || elements.isEmpty()) {
            return;
        }
        var separator = "ORDER BY ";
        for (var element : elements) {
            out.append(separator);
            expressions.print(element.getExpression());
            if (!element.isAsc()) {
                out.append(" DESC");
            } else if (element.isAscDescPresent()) {
                out.append(" ASC");
            }
            if (element.getNullOrdering() != null) {
                switch (element.getNullOrdering()) {
                    case NULLS_FIRST -> out.append(" NULLS FIRST");
                    case NULLS_LAST -> out.append(" NULLS LAST");
                }
            }
            separator = ", ";
        }
    }

    private void from(FromItem item) {
        switch (item) {
            case Table table -> table(table);
            case ParenthesedSelect select -> nested(select);
            default -> throw ExpressionPrinter.refused();
        }
    }

    private void table(Table table) {
        if (table.getNameParts().size() > 2) {
            throw ExpressionPrinter.refused();
        }
        var name = SqlScope.fold(table.getName());
        var schema = table.getSchemaName();
        if (schema == null) {
            scope.requireTable(name);
        } else {
            var folded = SqlScope.fold(schema);
            scope.requireTable(folded + "." + name);
            out.append(SqlScope.quoted(folded)).append('.');
        }
        out.append(SqlScope.quoted(name));
        alias(table.getAlias());
    }

    private void join(Join join) {
        if (join.isSimple()) {
            out.append(", ");
        } else {
            out.append(' ').append(kind(join)).append("JOIN ");
        }
        from(join.getFromItem());
        for (var condition : join.getOnExpressions()) {
            clause(" ON ", condition);
        }
        if (!join.getUsingColumns().isEmpty()) {
            out.append(" USING (");
            expressions.list(join.getUsingColumns());
            out.append(')');
        }
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

    private void alias(@Nullable Alias alias) {
        if (alias == null) {
            return;
        }
        out.append(alias.isUseAs() ? " AS " : " ");
        out.append(SqlScope.quoted(SqlScope.fold(alias.getName())));
        var columns = alias.getAliasColumns();
        if (columns != null && !columns.isEmpty()) {
            var separator = "(";
            for (var column : columns) {
                var given = SqlScope.fold(column.name);
                scope.give(given);
                out.append(separator).append(SqlScope.quoted(given));
                separator = ", ";
            }
            out.append(')');
        }
    }

    private void columnAlias(@Nullable Alias alias) {
        if (alias != null) {
            scope.give(SqlScope.fold(alias.getName()));
            // PostgreSQL takes AS before any name, and not every name without it.
            out.append(alias.isUseAs() ? " AS " : " ");
            out.append(SqlScope.quoted(SqlScope.fold(alias.getName())));
        }
    }
}
