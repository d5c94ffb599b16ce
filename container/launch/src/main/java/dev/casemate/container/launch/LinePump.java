package dev.casemate.container.launch;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/// Hands on what a process prints, line by line, as long as it stays within bounds. The stream is
/// always read to its end: a process that nobody listens to must not be held up.
final class LinePump {

    /// What is kept of one line; the rest of it is dropped.
    static final int MAX_LINE_BYTES = 1 << 20;

    /// What is handed on of one stream; then one line says so, and the rest is dropped.
    static final long MAX_STREAM_BYTES = 64L << 20;

    static final String CUT = "casemate: this agent printed too much; the rest is not shown";

    private final Consumer<String> lines;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private long handedOn;
    private boolean cut;

    private LinePump(Consumer<String> lines) {
        this.lines = lines;
    }

    static Thread start(InputStream stream, Consumer<String> lines) {
        return Thread.ofVirtual().start(() -> pump(stream, lines));
    }

    static void pump(InputStream stream, Consumer<String> lines) {
        var pump = new LinePump(lines);
        try (var input = new BufferedInputStream(stream)) {
            for (int next = input.read(); next >= 0; next = input.read()) {
                if (next == '\n') {
                    pump.end();
                } else if (pump.line.size() < MAX_LINE_BYTES) {
                    pump.line.write(next);
                }
            }
        } catch (IOException processGone) {
            // The stream ends with the process, whichever way that ends.
        }
        if (pump.line.size() > 0) {
            pump.end();
        }
    }

    private void end() {
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
