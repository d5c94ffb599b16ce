package dev.casemate.proxy.console;

import dev.casemate.manifest.Correlation;
import dev.casemate.proxy.audit.LedgerEntry;
import dev.casemate.proxy.audit.Stored;
import dev.casemate.proxy.console.Moment.Concern;
import dev.casemate.proxy.finops.Cost;
import dev.casemate.proxy.finops.Usage;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;

/// What one run did, record by record, as the ledger has it: prompts, answers, refusals, verdicts,
/// tokens and cost.
public final class Timeline {

    private static final int MAX_LINE_CHARS = 400;
    private static final int MAX_RECORD_CHARS = 20_000;

    private final String run;
    private final List<Moment> moments;

    private Timeline(String run, List<Moment> moments) {
        this.run = run;
        this.moments = moments;
    }

    /// @param run the run's id
    /// @param records what `LedgerReader.run` gave for it, in order
    public static Timeline of(String run, List<Stored> records) {
        return new Timeline(run, records.stream().map(Moment::of).toList());
    }

    /// For a terminal: one line per record, its details indented below it, totals at the end.
    public String text() {
        var out = new StringBuilder();
        heading().forEach(line -> put(out, "", line));
        for (var moment : moments) {
            var entry = moment.stored().entry();
            put(
                    out,
                    "",
                    "%s #%d %-9s %s  %s%s"
                            .formatted(
                                    entry.at(),
                                    moment.stored().position().index(),
                                    kind(entry),
                                    entry.exchange(),
                                    moment.headline(),
                                    spent(moment)));
            moment.details().forEach(detail -> put(out, "    ", detail));
        }
        put(out, "", totals());
        return out.toString();
    }

    /// One page that needs nothing else; what agents and models wrote in it is text and stays text.
    public String html() {
        var page = new Page("Timeline of run " + run);
        heading().forEach(page::paragraph);
        page.tableStart(
                List.of(
                        "time",
                        "position",
                        "kind",
                        "exchange",
                        "what happened",
                        "in",
                        "out",
                        "USD"));
        for (var moment : moments) {
            var entry = moment.stored().entry();
            page.rowStart(style(moment.concern()))
                    .cell(entry.at().toString())
                    .number(Long.toString(moment.stored().position().index()))
                    .cell(kind(entry))
                    .cell(entry.exchange())
                    .story(
                            moment.headline(),
                            moment.details(),
                            entry.body().text(),
                            MAX_RECORD_CHARS)
                    .number(Long.toString(moment.usage().inputTokens()))
                    .number(Long.toString(moment.usage().outputTokens()))
                    .number(moment.cost().usd().toPlainString())
                    .rowEnd();
        }
        return page.tableEnd().paragraph(totals()).html();
    }

    private static String style(Concern concern) {
        return switch (concern) {
            case NONE -> "";
            case WARNED -> "warned";
            case REFUSED -> "refused";
        };
    }

    private List<String> heading() {
        var lines = new ArrayList<String>();
        lines.add("run " + run);
        lines.add("workflow " + ids(Correlation::workflow));
        lines.add("transaction " + ids(Correlation::transaction));
        lines.add(
                "agent " + joined(moments.stream().map(m -> m.stored().entry().agent()).toList()));
        return lines;
    }

    private String ids(Function<Correlation, String> id) {
        return joined(moments.stream().map(m -> m.stored().entry().correlation().map(id)).toList());
    }

    private static String joined(List<Optional<String>> values) {
        var distinct = new TreeSet<String>();
        values.forEach(value -> value.ifPresent(distinct::add));
        return distinct.isEmpty() ? "not recorded" : String.join(", ", distinct);
    }

    private static String kind(LedgerEntry entry) {
        return entry.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String spent(Moment moment) {
        return moment.usage().equals(Usage.NONE) && moment.cost().equals(Cost.ZERO)
                ? ""
                : "  (%d in, %d out, USD %s)"
                        .formatted(
                                moment.usage().inputTokens(),
                                moment.usage().outputTokens(),
                                moment.cost().usd().toPlainString());
    }

    private String totals() {
        var usage = moments.stream().map(Moment::usage).reduce(Usage.NONE, Usage::plus);
        var cost =
                moments.stream().map(m -> m.cost().usd()).reduce(BigDecimal.ZERO, BigDecimal::add);
        long refused = moments.stream().filter(m -> m.concern() == Concern.REFUSED).count();
        return "%d records, %d refused or blocked, %d tokens in (%d cached), %d tokens out, USD %s"
                .formatted(
                        moments.size(),
                        refused,
                        usage.inputTokens(),
                        usage.cachedInputTokens(),
                        usage.outputTokens(),
                        cost.toPlainString());
    }

    private static void put(StringBuilder out, String indent, String line) {
        out.append(indent).append(Visible.line(line, MAX_LINE_CHARS)).append('\n');
    }
}
