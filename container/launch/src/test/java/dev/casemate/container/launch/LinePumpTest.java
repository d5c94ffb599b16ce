package dev.casemate.container.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
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
        LinePump.pump(
                endless,
                Optional.empty(),
                () -> 0,
                line -> lines.add(line.length() > 100 ? "long" : line));
        assertThat(lines).filteredOn(line -> line.equals("long")).hasSizeBetween(60, 64);
        assertThat(lines).endsWith("long", LinePump.CUT);
        assertThat(endless.available()).isZero();
    }

    @Test
    void inTheNextWindowTheLimitCountsAnew() {
        var lines = new ArrayList<String>();
        var now = new AtomicLong();
        // Each line is read a second after the one before it; a window is a hundred lines long.
        var line = "x".repeat((1 << 20) - 1) + "\n";
        var stream =
                new SequenceInputStream(
                        Collections.enumeration(
                                Collections.nCopies(150, line.getBytes(StandardCharsets.UTF_8))
                                        .stream()
                                        .map(bytes -> (InputStream) new ByteArrayInputStream(bytes))
                                        .toList()));
        LinePump.pump(
                stream,
                Optional.of(Duration.ofSeconds(100)),
                () -> now.getAndAdd(1_000_000_000),
                text -> lines.add(text.length() > 100 ? "long" : text));
        assertThat(lines).containsOnlyOnce(LinePump.CUT);
        assertThat(lines).filteredOn(text -> text.equals("long")).hasSizeBetween(110, 115);
    }

    private static List<String> pumped(String text) {
        var lines = new ArrayList<String>();
        LinePump.pump(
                new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)),
                Optional.empty(),
                () -> 0,
                lines::add);
        return lines;
    }
}
