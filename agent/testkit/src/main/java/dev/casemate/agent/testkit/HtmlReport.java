package dev.casemate.agent.testkit;

/// An evaluation as one page of HTML.
///
/// Most of its text was written by a model under attack. All of it is escaped, and the page's own
/// policy forbids scripts, images, forms and everything from elsewhere: should an escape be missing
/// one day, there is still nothing for it to start.
final class HtmlReport {

    private static final int TEXT_CHARS = 20_000;

    private static final String HEAD =
            """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
            <meta name="referrer" content="no-referrer">
            <meta name="viewport" content="width=device-width">
            <style>
            body { font: 16px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; color: #1a1a1a; }
            table { border-collapse: collapse; width: 100%; margin: 1rem 0; }
            th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid #ddd; vertical-align: top; }
            pre { white-space: pre-wrap; overflow-wrap: anywhere; background: #f5f5f5; padding: .8rem; }
            .ok { color: #14692b; } .failed { color: #a61b1b; font-weight: 600; } .flaky, .skipped { color: #7a5200; }
            .tag { background: #eee; border-radius: .3rem; padding: 0 .4rem; margin-right: .3rem; font-size: .85rem; }
            @media (prefers-color-scheme: dark) {
              body { background: #161616; color: #e6e6e6; } pre, .tag { background: #262626; } th, td { border-color: #3a3a3a; }
              .ok { color: #7ad08f; } .failed { color: #ff8f8f; } .flaky, .skipped { color: #e8c06a; }
            }
            </style>
            """;

    private final StringBuilder page = new StringBuilder();
    private final EvaluationReport report;

    private HtmlReport(EvaluationReport report) {
        this.report = report;
    }

    static String of(EvaluationReport report) {
        var html = new HtmlReport(report);
        html.page.append(HEAD).append("<title>Evaluation of ");
        html.page.append(escaped(report.manifest().name())).append("</title>\n</head>\n<body>\n");
        html.summary();
        html.cases();
        html.runs();
        return html.page.append("</body>\n</html>\n").toString();
    }

    private void summary() {
        var suite = report.suite();
        page.append("<h1>Evaluation of ")
                .append(escaped(report.manifest().name()))
                .append("</h1>\n");
        page.append(
                report.passed()
                        ? "<p class=\"ok\">Passed: every threshold is met.</p>\n"
                        : "<p class=\"failed\">Failed: a threshold is not met.</p>\n");
        page.append("<table>\n");
        row("Suite", suite.name() + ", seed " + suite.seed());
        row("Agent", report.manifest().name() + " " + report.manifest().version());
        row("Manifest", report.manifest().digest().value());
        row("Model", report.model());
        row("Tools", report.tools());
        row("All runs", report.all() + "; expected " + suite.all().words());
        if (report.hasAttacks()) {
            row("Attacks", report.attacks() + "; expected " + suite.attacks().words());
        }
        if (!report.skipped().isEmpty()) {
            row("Skipped", report.skipped().size() + " cases without a script, without a model");
        }
        page.append("</table>\n<p>Intervals are 95 % score intervals over runs.</p>\n");
    }

    private void row(String name, String value) {
        page.append("<tr><th scope=\"row\">").append(escaped(name)).append("</th><td>");
        page.append(escaped(value)).append("</td></tr>\n");
    }

    private void cases() {
        page.append("<h2>Cases</h2>\n<table>\n<tr><th>Case</th><th>Tags</th><th>Runs</th></tr>\n");
        for (int i = 0; i < report.results().size(); i++) {
            var result = report.results().get(i);
            page.append("<tr><td><a href=\"#case-").append(i).append("\">");
            page.append(escaped(result.of().name())).append("</a></td><td>");
            result.of().tags().stream()
                    .sorted()
                    .forEach(tag ->
                            page.append("<span class=\"tag\">")
                                    .append(escaped(tag))
                                    .append("</span>"));
            page.append("</td><td class=\"").append(style(result)).append("\">");
            page.append(result.skipped() ? "skipped" : escaped(result.rate().toString()));
            page.append("</td></tr>\n");
        }
        page.append("</table>\n");
    }

    private String style(CaseResult result) {
        if (result.skipped()) {
            return "skipped";
        } else if (result.rate().passed() == result.rate().runs()) {
            return "ok";
        }
        return report.thresholdOf(result).fits(result.rate()) ? "flaky" : "failed";
    }

    private void runs() {
        for (int i = 0; i < report.results().size(); i++) {
            var result = report.results().get(i);
            page.append("<h3 id=\"case-").append(i).append("\">");
            page.append(escaped(result.of().name())).append("</h3>\n<p>");
            page.append(escaped(result.of().place())).append("</p>\n");
            for (int run = 0; run < result.runs().size(); run++) {
                run(run + 1, result.runs().get(run));
            }
        }
    }

    private void run(int number, RunResult run) {
        page.append(run.passed() ? "<details>" : "<details open>").append("<summary>Run ");
        page.append(number).append(": <span class=\"").append(run.passed() ? "ok" : "failed");
        page.append("\">").append(run.passed() ? "passed" : "failed").append("</span></summary>\n");
        if (!run.passed() || !run.notes().isEmpty()) {
            page.append("<ul>\n");
            run.failures().forEach(it -> page.append("<li>").append(escaped(it)).append("</li>\n"));
            run.notes().forEach(it -> page.append("<li>").append(escaped(it)).append("</li>\n"));
            page.append("</ul>\n");
        }
        run.report()
                .ifPresent(it ->
                        page.append("<pre>").append(escaped(Transcript.of(it))).append("</pre>\n"));
        page.append("</details>\n");
    }

    static String escaped(String text) {
        return Shown.block(text, TEXT_CHARS)
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
