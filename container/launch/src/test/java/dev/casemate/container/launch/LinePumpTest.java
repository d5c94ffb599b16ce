package dev.casemate.container.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
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
        var endless = new Endless(LinePump.MAX_STREAM_BYTES + (2L << 20));
        LinePump.pump(endless, line -> lines.add(line.length() > 100 ? "long" : line));
        assertThat(lines).filteredOn(line -> line.equals("long")).hasSizeBetween(60, 64);
        assertThat(lines).endsWith("long", LinePump.CUT);
        assertThat(endless.left).isZero();
    }

    private static List<String> pumped(String text) {
        var lines = new ArrayList<String>();
        LinePump.pump(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), lines::add);
        return lines;
    }

    /// Lines of 1 MiB, as many bytes as asked for.
    private static final class Endless extends InputStream {
        private long left;

        Endless(long bytes) {
            left = bytes;
        }

        @Override
        public int read() {
            if (left == 0) {
                return -1;
            }
            left--;
            return left % (1 << 20) == 0 ? '\n' : 'x';
        }
    }
}
