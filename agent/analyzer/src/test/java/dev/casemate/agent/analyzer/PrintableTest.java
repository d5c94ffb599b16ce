package dev.casemate.agent.analyzer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Names that would forge a report are spelled out in it.
final class PrintableTest {

    @TempDir Path directory;

    @Test
    void whatDoesNotPrintIsSpelledOut() {
        assertThat(Printable.text("a\nb\u001b[2J\u202e\ud800\u2028\u007f"))
                .isEqualTo("a\\u000ab\\u001b[2J\\u202e\\ud800\\u2028\\u007f");
        assertThat(Printable.text("\udb40\udc41")).isEqualTo("\\udb40\\udc41");
    }

    @Test
    void whatPrintsStaysAsItIs() {
        var name = "com.example.Größe$1.fetch(String, \"quoted\" \\ \ud83d\ude00)";
        assertThat(Printable.text(name)).isEqualTo(name);
    }

    @Test
    void noLineOfAReportIsForgedByAName() throws IOException {
        var report = Hostile.report(directory);
        assertThat(report.text().lines().filter(line -> line.contains("Ma\"in")))
                .hasSize(3)
                .allMatch(Printable::isPrintable);
        assertThat(Comparison.between(report, report).text().lines())
                .allMatch(Printable::isPrintable);
    }

    @Test
    void aReportOfHostileNamesIsReadBackFromItsBytes() throws IOException {
        var report = Hostile.report(directory);
        var utf8 = report.toJson().text().getBytes(StandardCharsets.UTF_8);
        assertThat(Report.read(utf8)).isEqualTo(report);
    }
}
