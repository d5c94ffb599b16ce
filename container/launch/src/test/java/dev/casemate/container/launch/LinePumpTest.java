package dev.casemate.container.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LinePumpTest {

    @Test
    void linesAreHandedOnOneByOneAndTheLastNeedsNoEnd() {
        assertThat(pumped("one\n\ntwö\nthree")).containsExactly("one", "", "twö", "three");
    }

    @Test
    void aLineWithoutEndIsCutWhereTheLimitIs() {
        assertThat(pumped("x".repeat(LinePump.MAX_LINE_BYTES + 10) + "\nnext"))
                .containsExactly("x".repeat(LinePump.MAX_LINE_BYTES), "next");
    }

    @Test
    void afterTheLimitOfAStreamOneLineSaysSoAndTheRestIsReadAndDropped() {
        var lines = new ArrayList<String>();
        var bytes = new byte[(int) LinePump.MAX_STREAM_BYTES + (2 << 20)];
        Arrays.fill(bytes, (byte) 'x');
        for (int end = (1 << 20) - 1; end < bytes.length; end += 1 << 20) {
            bytes[end] = '\n';
        }
        var endless = new ByteArrayInputStream(bytes);
        LinePump.pump(endless, line -> lines.add(line.length() > 100 ? "long" : line));
        assertThat(lines).filteredOn(line -> line.equals("long")).hasSizeBetween(60, 64);
        assertThat(lines).endsWith("long", LinePump.CUT);
        assertThat(endless.available()).isZero();
    }

    private static List<String> pumped(String text) {
        var lines = new ArrayList<String>();
        LinePump.pump(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), lines::add);
        return lines;
    }
}
