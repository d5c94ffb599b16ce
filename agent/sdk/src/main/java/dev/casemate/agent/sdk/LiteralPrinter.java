package dev.casemate.agent.sdk;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import net.sf.jsqlparser.expression.DateTimeLiteralExpression;
import net.sf.jsqlparser.expression.IntervalExpression;
import net.sf.jsqlparser.expression.StringValue;
import net.sf.jsqlparser.statement.create.table.ColDataType;

/// Prints literals and types of a checked SELECT; refuses those whose form it does not know.
///
/// @see SqlCheck
final class LiteralPrinter {

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
    private static final Pattern TEXT_INSIDE = Pattern.compile("([^'\\\\\\x00]|'')*+");
    private static final Pattern TYPE =
            Pattern.compile("([A-Za-z]+(?: precision)?) ?(\\([0-9]{1,4}(?:, ?[0-9]{1,4})?\\))?");
    private static final Pattern TIME_TEXT = Pattern.compile("'[A-Za-z0-9 :.+-]{1,64}'");

    private LiteralPrinter() {}

    static void number(String text, SqlPrint print) {
        literal(NUMBER, text, print);
    }

    static void text(StringValue text, SqlPrint print) {
        if (text.getPrefix() != null || !TEXT_INSIDE.matcher(text.getValue()).matches()) {
            throw SqlRefusal.LITERAL.exception();
        }
        print.add("'").add(text.getValue()).add("'");
    }

    static void time(DateTimeLiteralExpression time, SqlPrint print) {
        switch (time.getType()) {
            case DATE -> print.add("DATE ");
            case TIME -> print.add("TIME ");
            case TIMESTAMP -> print.add("TIMESTAMP ");
            default -> throw SqlRefusal.LITERAL.exception();
        }
        literal(TIME_TEXT, time.getValue(), print);
    }

    static void timeKey(String written, SqlPrint print) {
        word(TIME_KEYS, written, SqlRefusal.EXPRESSION, print);
    }

    static void interval(IntervalExpression interval, SqlPrint print) {
        if (interval.getParameter() == null) {
            throw SqlRefusal.LITERAL.exception();
        }
        print.add("INTERVAL ");
        literal(TIME_TEXT, interval.getParameter(), print);
        var qualifier = interval.getIntervalQualifier();
        if (qualifier != null) {
            print.add(" ");
            field(qualifier.getLeadingField(), print);
        }
    }

    static void field(String written, SqlPrint print) {
        word(FIELDS, written, SqlRefusal.EXPRESSION, print);
    }

    static void type(ColDataType type, SqlPrint print) {
        var form = TYPE.matcher(type.toString());
        if (!form.matches()) {
            throw SqlRefusal.TYPE.exception();
        }
        word(TYPES, form.group(1), SqlRefusal.TYPE, print);
        if (form.group(2) != null) {
            print.add(form.group(2));
        }
    }

    private static void literal(Pattern form, String text, SqlPrint print) {
        if (!form.matcher(text).matches()) {
            throw SqlRefusal.LITERAL.exception();
        }
        print.add(text);
    }

    private static void word(
            Set<String> allowed, String written, SqlRefusal otherwise, SqlPrint print) {
        var word = written.toLowerCase(Locale.ROOT);
        if (!allowed.contains(word)) {
            throw otherwise.exception();
        }
        print.add(word);
    }
}
