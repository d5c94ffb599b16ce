package dev.casemate.agent.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.casemate.agent.sdk.BoundedLines.Line;
import dev.casemate.manifest.Correlation;
import dev.casemate.manifest.JsonReader;
import dev.casemate.manifest.ManifestException;
import dev.casemate.manifest.Members;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

class TaskLineFuzzTest {

    private static final Correlation WORKER = new Correlation("run-1", "workflow", "transaction");

    @FuzzTest
    void aLineIsATaskOrIsRefused(byte[] input) throws IOException {
        for (var line : lines(new ByteArrayInputStream(input))) {
            if (line instanceof Line.Text(_, var text)) {
                try {
                    var assignment =
                            Members.read(
                                    JsonReader.read(text),
                                    "",
                                    members -> Assignment.read(members, WORKER));
                    assertThat(assignment.correlation().run())
                            .isEqualTo("run-1:" + assignment.id());
                } catch (ManifestException refused) {
                    assertThat(refused).hasMessageContaining("expected");
                }
            }
        }
    }

    @FuzzTest
    void linesAreTheSameWhereverTheStreamIsCut(byte[] input) throws IOException {
        var drops =
                new ByteArrayInputStream(input) {
                    @Override
                    public synchronized int read(byte[] into, int from, int length) {
                        return super.read(into, from, Math.min(length, 1));
                    }
                };
        assertThat(lines(drops)).isEqualTo(lines(new ByteArrayInputStream(input)));
    }

    private static List<Line> lines(InputStream in) throws IOException {
        var bounded = new BoundedLines(in);
        var lines = new ArrayList<Line>();
        for (var line = bounded.next(); line.isPresent(); line = bounded.next()) {
            lines.add(line.get());
        }
        return lines;
    }
}
