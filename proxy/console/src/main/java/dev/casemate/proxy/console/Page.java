package dev.casemate.proxy.console;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;

/// One HTML page that needs nothing else: no script, no request, and its one style named by its
/// hash in the content security policy, so that even markup that slipped in could load or run
/// nothing.
final class Page {

    static final int MAX_CELL_CHARS = 400;

    private static final String STYLE =
            """
            body{font:14px/1.5 system-ui,sans-serif;margin:2rem;max-width:80rem}
            table{border-collapse:collapse;width:100%}
            th,td{text-align:left;vertical-align:top;padding:.3rem .6rem;border-bottom:1px solid #ccc}
            td.n{text-align:right;font-variant-numeric:tabular-nums}
            tr.refused{background:#fde8e8}tr.warned{background:#fdf6dd}
            ul{margin:0;padding-left:1.1rem}pre{white-space:pre-wrap;overflow-wrap:anywhere}
            """;

    private final StringBuilder body = new StringBuilder();
    private final String title;

    Page(String title) {
        this.title = title;
    }

    Page paragraph(String text) {
        body.append("<p>").append(escaped(text)).append("</p>\n");
        return this;
    }

    Page tableStart(List<String> columns) {
        body.append("<table>\n<thead><tr>");
        columns.forEach(name -> body.append("<th>").append(escaped(name)).append("</th>"));
        body.append("</tr></thead>\n<tbody>\n");
        return this;
    }

    /// @param style one of this page's own class names, or empty
    Page rowStart(String style) {
        body.append(style.isEmpty() ? "<tr>" : "<tr class=\"" + style + "\">");
        return this;
    }

    Page cell(String text) {
        body.append("<td>").append(escaped(text)).append("</td>");
        return this;
    }

    Page number(String text) {
        body.append("<td class=\"n\">").append(escaped(text)).append("</td>");
        return this;
    }

    /// A cell with a headline, its details, and the whole record to unfold.
    Page story(String headline, List<String> details, String record, int maxRecordChars) {
        body.append("<td>").append(escaped(headline));
        if (!details.isEmpty()) {
            body.append("<ul>");
            details.forEach(text -> body.append("<li>").append(escaped(text)).append("</li>"));
            body.append("</ul>");
        }
        body.append("<details><summary>record</summary><pre>")
                .append(Visible.html(record, maxRecordChars))
                .append("</pre></details></td>");
        return this;
    }

    Page rowEnd() {
        body.append("</tr>\n");
        return this;
    }

    Page tableEnd() {
        body.append("</tbody>\n</table>\n");
        return this;
    }

    String html() {
        return """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '%s'; base-uri 'none'; form-action 'none'">
        <meta name="referrer" content="no-referrer">
        <title>%s</title>
        <style>%s</style>
        </head>
        <body>
        <h1>%s</h1>
        %s</body>
        </html>
        """
                .formatted(hash(), escaped(title), STYLE, escaped(title), body);
    }

    private static String escaped(String text) {
        return Visible.html(text, MAX_CELL_CHARS);
    }

    private static String hash() {
        try {
            var sha256 = MessageDigest.getInstance("SHA-256");
            var hash = sha256.digest(STYLE.getBytes(StandardCharsets.UTF_8));
            return "sha256-" + Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
