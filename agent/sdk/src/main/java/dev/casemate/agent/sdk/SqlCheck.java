package dev.casemate.agent.sdk;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import net.sf.jsqlparser.parser.CCJSqlParserUtil;
import net.sf.jsqlparser.parser.ParseException;
import net.sf.jsqlparser.statement.select.ParenthesedSelect;
import net.sf.jsqlparser.statement.select.Select;
import net.sf.jsqlparser.statement.select.WithItem;

/// Turns a statement from a model into one that may run: parses it, prints the parts that it knows,
/// and refuses it if that is not the whole.
///
/// What runs is the text printed here, never the text that came: each word of it is a keyword from
/// the printers, a name or literal of checked form, or on an allow-list. A statement that two
/// parsers read differently therefore cannot smuggle anything past this one. A clause that the
/// printers do not know is missing from their print, which then differs from the parser's own print
/// of the tree: that, too, is refused, so nothing is silently dropped.
final class SqlCheck {

    private static final Pattern NOISE = Pattern.compile("[\\s\"]+");

    private SqlCheck() {}

    /// @return the statement to execute
    /// @throws GuardException with code `SQL_MALFORMED` or `SQL_NOT_ALLOWED`; its message begins
    ///   with that of a [SqlRefusal]
    static String checked(String sql, SqlRules rules) {
        SqlText.requireModest(sql);
        try {
            var select = parse(sql);
            var asItCame = print(select, new SqlPrint(rules, false));
            if (!bare(asItCame).equals(bare(select.toString()))) {
                throw SqlRefusal.CLAUSE.exception();
            }
            return print(select, new SqlPrint(rules, true));
        } catch (StackOverflowError e) {
            // Thousands of operators in a row: the tree is as deep as they are many.
            throw SqlRefusal.TOO_LONG.exception(e);
        }
    }

    private static String bare(String sql) {
        return NOISE.matcher(sql).replaceAll("").toLowerCase(Locale.ROOT);
    }

    private static Select parse(String sql) {
        try {
            var statements = CCJSqlParserUtil.newParser(sql).Statements();
            if (statements.size() == 1 && statements.getFirst() instanceof Select select) {
                return select;
            }
        } catch (ParseException | RuntimeException e) {
            throw SqlRefusal.MALFORMED.exception(e);
        }
        throw SqlRefusal.NOT_ONE_SELECT.exception();
    }

    private static String print(Select select, SqlPrint print) {
        var with = select.getWithItemsList();
        if (with != null && !with.isEmpty()) {
            var separator = "WITH ";
            for (var item : with) {
                print.add(separator);
                with(item, print);
                separator = ", ";
            }
            print.add(" ");
        }
        new SelectPrinter(print, Optional.empty()).body(select);
        return print.text();
    }

    private static void with(WithItem<?> item, SqlPrint print) {
        if (item.isRecursive()
                || !(item.getParenthesedStatement() instanceof ParenthesedSelect select)) {
            throw SqlRefusal.WITH.exception();
        }
        var name = SqlPrint.fold(item.getAliasName());
        print.name(name);
        var renamed = item.getWithItemList();
        var names =
                renamed == null
                        ? List.<String>of()
                        : renamed.stream()
                                .map(column -> SqlPrint.fold(column.getExpression().toString()))
                                .toList();
        FromPrinter.columnList(names, print);
        print.add(" AS ");
        var columns = new SelectPrinter(print, Optional.empty()).nested(select);
        // Only now: a WITH query does not see itself.
        print.view(name, names.isEmpty() ? columns : columns.renamed(names));
    }
}
