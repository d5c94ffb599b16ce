package dev.casemate.agent.sdk;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Lines of a stream, one at a time. What is longer than a line may be is read to its end and kept
/// nowhere.
///
/// A line ends with a line feed, the last one also with the stream.
final class BoundedLines {

    /// The longest task, with every character escaped, and room for the other members.
    static final int MAX_LINE_BYTES = 512 << 10;

    private static final int CHUNK_BYTES = 16 << 10;

    /// One line, without its end; numbers begin with 1.
    sealed interface Line {

        long number();

        record Text(long number, String text) implements Line {}

        /// Bytes that are no UTF-8.
        record NotText(long number) implements Line {}

        /// More than [#MAX_LINE_BYTES].
        record TooLong(long number) implements Line {}
    }

    private final InputStream in;
    private final byte[] chunk = new byte[CHUNK_BYTES];
    private int at;
    private int end;
    private long number;

    BoundedLines(InputStream in) {
        this.in = in;
    }

    /// Waits for the next line.
    ///
    /// @return empty at the end of the stream
    Optional<Line> next() throws IOException {
        var kept = new ByteArrayOutputStream();
        boolean tooLong = false;
        boolean begun = false;
        while (more()) {
            begun = true;
            int stop = lineFeed();
            if (tooLong || stop - at > MAX_LINE_BYTES - kept.size()) {
                tooLong = true;
                kept = new ByteArrayOutputStream();
            } else {
                kept.write(chunk, at, stop - at);
            }
            boolean ended = stop < end;
            at = ended ? stop + 1 : stop;
            if (ended) {
                break;
            }
        }
        if (!begun) {
            return Optional.empty();
        }
        number++;
        return Optional.of(tooLong ? new Line.TooLong(number) : decoded(kept.toByteArray()));
    }

    private Line decoded(byte[] bytes) {
        try {
            var decoder = StandardCharsets.UTF_8.newDecoder();
            return new Line.Text(number, decoder.decode(ByteBuffer.wrap(bytes)).toString());
        } catch (CharacterCodingException e) {
            return new Line.NotText(number);
        }
    }

    private boolean more() throws IOException {
        if (at == end) {
            at = 0;
            end = Math.max(0, in.read(chunk));
        }
        return at < end;
    }

    private int lineFeed() {
        int stop = at;
        while (stop < end && chunk[stop] != '\n') {
            stop++;
        }
        return stop;
    }
}
