package dev.casemate.container.launch;

import dev.casemate.manifest.Correlation;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.LongSupplier;

/// Lines of a container on their way to the ledger: bounded in size and in rate. What does not fit
/// is dropped and counted; a container is never held up, and cannot fill the ledger.
final class ContainerLog {

    /// Lines that wait to be sent.
    static final int MAX_WAITING = 256;

    /// Characters of one line; the rest of it is cut off.
    static final int MAX_LINE_CHARS = 1_000;

    /// Lines that are sent together.
    static final int MAX_BATCH = 64;

    /// Characters that may come at once; and again so many in the time that it takes to get them
    /// back at [#CHARS_PER_SECOND].
    static final long BURST_CHARS = 256 << 10;

    /// 86 million a day, from a container that never stops.
    static final long CHARS_PER_SECOND = 1_000;

    /// One line.
    ///
    /// @param run whose it is
    /// @param stream `stdout`, `stderr` or `launcher`
    record Line(Correlation run, String stream, String text) {}

    private final LongSupplier nanoTime;
    private final Deque<Line> waiting = new ArrayDeque<>();
    private long budgetChars = BURST_CHARS;
    private long counted;
    private long dropped;
    private boolean closed;

    ContainerLog(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        counted = nanoTime.getAsLong();
    }

    synchronized void add(Correlation run, String stream, String text) {
        refill();
        var line = new Line(run, stream, cut(text));
        int cost = Math.max(1, line.text().length());
        if (closed || waiting.size() == MAX_WAITING || cost > budgetChars) {
            dropped++;
            return;
        }
        budgetChars -= cost;
        waiting.add(line);
        notifyAll();
    }

    private void refill() {
        long now = nanoTime.getAsLong();
        long more = (now - counted) / (Duration.ofSeconds(1).toNanos() / CHARS_PER_SECOND);
        if (more > 0) {
            budgetChars = Math.min(BURST_CHARS, budgetChars + more);
            counted = now;
        }
    }

    private static String cut(String text) {
        if (text.length() <= MAX_LINE_CHARS) {
            return text;
        }
        // Never between the two halves of one character.
        int end =
                Character.isHighSurrogate(text.charAt(MAX_LINE_CHARS - 1))
                        ? MAX_LINE_CHARS - 1
                        : MAX_LINE_CHARS;
        return text.substring(0, end);
    }

    /// Waits for lines; all of one run. Empty once it is closed and none is left.
    synchronized List<Line> take() throws InterruptedException {
        while (waiting.isEmpty() && !closed) {
            wait();
        }
        var batch = new ArrayList<Line>();
        while (!waiting.isEmpty()
                && batch.size() < MAX_BATCH
                && (batch.isEmpty() || waiting.element().run().equals(batch.getFirst().run()))) {
            batch.add(waiting.remove());
        }
        return batch;
    }

    /// How many lines were dropped since this was asked last.
    synchronized long takeDropped() {
        long count = dropped;
        dropped = 0;
        return count;
    }

    /// Lines that were taken and could not be sent.
    synchronized void lost(int lines) {
        dropped += lines;
    }

    /// Takes no more lines.
    synchronized void close() {
        closed = true;
        notifyAll();
    }
}
