package dev.casemate.agent.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.casemate.agent.sdk.BoundedLines.Line;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BoundedLinesTest {

    private static List<Line> lines(InputStream in) throws IOException {
        var bounded = new BoundedLines(in);
        var lines = new ArrayList<Line>();
        for (var line = bounded.next(); line.isPresent(); line = bounded.next()) {
            lines.add(line.get());
        }
        return lines;
    }

    private static List<Line> lines(byte[] bytes) throws IOException {
        return lines(new ByteArrayInputStream(bytes));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void theLastLineNeedsNoEndAndAnEmptyStreamHasNoLine() throws IOException {
        assertThat(lines(utf8("one\n\ntw\u00f6\r\nthree")))
                .containsExactly(
                        new Line.Text(1, "one"),
                        new Line.Text(2, ""),
                        new Line.Text(3, "tw\u00f6\r"),
                        new Line.Text(4, "three"));
        assertThat(lines(utf8("one\n"))).containsExactly(new Line.Text(1, "one"));
        assertThat(lines(utf8(""))).isEmpty();
    }

    @Test
    void aLineThatIsTooLongIsReadToItsEndAndTheNextOneIsWhole() throws IOException {
        var longest = "x".repeat(BoundedLines.MAX_LINE_BYTES);
        assertThat(lines(utf8(longest + "\n" + longest + "x\nnext\n" + longest + "xyz")))
                .containsExactly(
                        new Line.Text(1, longest),
                        new Line.TooLong(2),
                        new Line.Text(3, "next"),
                        new Line.TooLong(4));
    }

    @Test
    void aLineOfManyGigabytesTakesNoMoreMemoryThanAShortOne() throws IOException {
        var endless =
                new InputStream() {
                    private long left = 1L << 32;

                    @Override
                    public int read() {
                        throw new UnsupportedOperationException();
                    }

                    @Override
                    public int read(byte[] into, int from, int length) {
                        int some = (int) Math.min(left, length);
                        left -= some;
                        java.util.Arrays.fill(into, from, from + some, (byte) 'x');
                        return some == 0 ? -1 : some;
                    }
                };
        // Arrays end at 2 GiB: whoever collected this line would fail.
        assertThat(lines(endless)).containsExactly(new Line.TooLong(1));
    }

    @Test
    void bytesThatAreNotUtf8AreNoTextAndSpoilNoOtherLine() throws IOException {
        assertThat(lines(new byte[] {'a', '\n', (byte) 0xc3, '\n', (byte) 0xff, '\n', 'b'}))
                .containsExactly(
                        new Line.Text(1, "a"),
                        new Line.NotText(2),
                        new Line.NotText(3),
                        new Line.Text(4, "b"));
    }
}
