package dev.casemate.container.launch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// Hands on what a process prints, line by line, as long as it stays within bounds. The stream is
/// always read to its end: a process that nobody listens to must not be held up.
final class LinePump {

    /// What is kept of one line; the rest of it is dropped.
    static final int MAX_LINE_BYTES = 1 << 20;

    /// What is handed on of one stream, or within one window of it; then one line says so, and the
    /// rest is dropped.
    static final long MAX_STREAM_BYTES = 64L << 20;

    static final String CUT = "casemate: this agent printed too much; the rest is not shown";

    private static final int CHUNK_BYTES = 16 << 10;

    private final Optional<Duration> window;
    private final LongSupplier nanoTime;
    private final Consumer<String> lines;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private long windowBegan;
    private long handedOn;
    private boolean cut;

    private LinePump(Optional<Duration> window, LongSupplier nanoTime, Consumer<String> lines) {
        this.window = window;
        this.nanoTime = nanoTime;
        this.lines = lines;
        windowBegan = nanoTime.getAsLong();
    }

    /// @param window after so long the limit counts anew; empty for a process that soon ends
    static Thread start(InputStream stream, Optional<Duration> window, Consumer<String> lines) {
        return Thread.ofVirtual().start(() -> pump(stream, window, System::nanoTime, lines));
    }

    static void pump(
            InputStream stream,
            Optional<Duration> window,
            LongSupplier nanoTime,
            Consumer<String> lines) {
        var pump = new LinePump(window, nanoTime, lines);
        var chunk = new byte[CHUNK_BYTES];
        try (stream) {
            for (int read = stream.read(chunk); read >= 0; read = stream.read(chunk)) {
                pump.take(chunk, read);
            }
        } catch (IOException processGone) {
            // The stream ends with the process, whichever way that ends.
        }
        if (pump.line.size() > 0) {
            pump.end();
        }
    }

    private void take(byte[] chunk, int length) {
        int start = 0;
        for (int i = 0; i < length; i++) {
            if (chunk[i] == '\n') {
                keep(chunk, start, i);
                end();
                start = i + 1;
            }
        }
        keep(chunk, start, length);
    }

    private void keep(byte[] chunk, int start, int end) {
        line.write(chunk, start, Math.min(end - start, MAX_LINE_BYTES - line.size()));
    }

    private void end() {
        long now = nanoTime.getAsLong();
        if (window.isPresent() && now - windowBegan > window.get().toNanos()) {
            windowBegan = now;
            handedOn = 0;
            cut = false;
        }
        handedOn += line.size() + 1;
        if (handedOn <= MAX_STREAM_BYTES) {
            lines.accept(line.toString(StandardCharsets.UTF_8));
        } else if (!cut) {
            cut = true;
            lines.accept(CUT);
        }
        line.reset();
    }
}
