package dev.casemate.agent.analyzer;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

/// Any bytes are a report that is written again as it was read, or are refused with the code for
/// it.
final class ReportFuzzTest {

    @FuzzTest(maxDuration = "5s")
    void anyBytesAreReadOrRefused(byte[] bytes) {
        try {
            var report = Report.read(bytes);
            var again = report.toJson().text().getBytes(StandardCharsets.UTF_8);
            assertThat(Report.read(again)).isEqualTo(report);
        } catch (AnalyzerException e) {
            if (e.code() != AnalyzerException.Code.UNREADABLE_REPORT) {
                throw e;
            }
        }
    }
}
