package dev.casemate.proxy.console;

import dev.casemate.proxy.finops.Meter;
import java.util.List;

/// Who has spent what: the meter's rows as a table.
public final class Spending {

    private static final int MAX_NAME_CHARS = 40;
    private static final String ROW = "%-24s %-16s %-24s %-20s %9s %12s %12s %12s %16s%n";
    private static final List<String> COLUMNS =
            List.of(
                    "agent",
                    "team",
                    "workflow",
                    "model",
                    "exchanges",
                    "in",
                    "cached",
                    "out",
                    "USD");

    private final List<Meter.Row> rows;

    private Spending(List<Meter.Row> rows) {
        this.rows = List.copyOf(rows);
    }

    /// @param rows as [Meter#rows] gives them
    public static Spending of(List<Meter.Row> rows) {
        return new Spending(rows);
    }

    public String text() {
        var out = new StringBuilder(ROW.formatted(COLUMNS.toArray()));
        for (var row : rows) {
            out.append(
                    ROW.formatted(
                            cells(row).stream()
                                    .map(cell -> Visible.line(cell, MAX_NAME_CHARS))
                                    .toArray()));
        }
        return out.toString();
    }

    public String html() {
        var page = new Page("Spending").tableStart(COLUMNS);
        for (var row : rows) {
            var cells = cells(row);
            page.rowStart("");
            cells.subList(0, 4).forEach(page::cell);
            cells.subList(4, cells.size()).forEach(page::number);
            page.rowEnd();
        }
        return page.tableEnd().html();
    }

    private static List<String> cells(Meter.Row row) {
        return List.of(
                row.who().agent(),
                row.who().team(),
                row.who().workflow(),
                row.who().model(),
                Long.toString(row.exchanges()),
                Long.toString(row.usage().inputTokens()),
                Long.toString(row.usage().cachedInputTokens()),
                Long.toString(row.usage().outputTokens()),
                row.cost().usd().toPlainString());
    }
}
