package dev.casemate.proxy.gateway;

import java.io.ByteArrayOutputStream;

/// Cuts a byte stream into server-sent events, wherever the chunks were cut.
///
/// Only `data` fields matter to a chat completion; comments, ids, names and retry times are read
/// over. An event ends with an empty line; what the stream ends with before that is no event.
///
/// Source: WHATWG HTML, section 9.2.6 "Interpreting an event stream".
final class SseParser {

    /// The longest event; a provider's chunks are a hundredth of it.
    static final int MAX_EVENT_BYTES = 256 << 10;

    private static final byte[] DATA = {'d', 'a', 't', 'a'};

    /// Takes one event.
    interface Sink {
        /// @param data the data lines, joined by newlines; of this call only
        void event(byte[] data);
    }

    private final ByteArrayOutputStream line = new ByteArrayOutputStream(512);
    private final ByteArrayOutputStream data = new ByteArrayOutputStream(512);
    private boolean hasData;
    private boolean afterReturn;
    private boolean atStart = true;

    /// @throws GatewayException `UPSTREAM_FAILED` for an event beyond [#MAX_EVENT_BYTES]
    void accept(byte[] chunk, Sink sink) {
        int from = 0;
        for (int i = 0; i < chunk.length; i++) {
            byte b = chunk[i];
            if (b != '\n' && b != '\r') {
                afterReturn = false;
            } else if (b == '\n' && afterReturn) {
                // The second half of CR LF; the line ended with the first.
                afterReturn = false;
                from = i + 1;
            } else {
                append(chunk, from, i);
                from = i + 1;
                afterReturn = b == '\r';
                endLine(sink);
            }
        }
        append(chunk, from, chunk.length);
    }

    private void append(byte[] chunk, int from, int to) {
        line.write(chunk, from, to - from);
        if (line.size() + data.size() > MAX_EVENT_BYTES) {
            throw AnswerReader.failed("events of at most " + MAX_EVENT_BYTES + " bytes");
        }
    }

    private void endLine(Sink sink) {
        var bytes = line.toByteArray();
        line.reset();
        int start = atStart && hasMark(bytes) ? 3 : 0;
        atStart = false;
        int length = bytes.length - start;
        if (length == 0) {
            endEvent(sink);
        } else if (isData(bytes, start)) {
            int value = Math.min(start + DATA.length + 1, bytes.length);
            if (value < bytes.length && bytes[value] == ' ') {
                value++;
            }
            if (hasData) {
                data.write('\n');
            }
            hasData = true;
            data.write(bytes, value, bytes.length - value);
        }
    }

    private void endEvent(Sink sink) {
        if (hasData) {
            var event = data.toByteArray();
            data.reset();
            hasData = false;
            sink.event(event);
        }
    }

    private static boolean hasMark(byte[] bytes) {
        return bytes.length >= 3
                && bytes[0] == (byte) 0xef
                && bytes[1] == (byte) 0xbb
                && bytes[2] == (byte) 0xbf;
    }

    private static boolean isData(byte[] bytes, int start) {
        for (int i = 0; i < DATA.length; i++) {
            if (start + i >= bytes.length || bytes[start + i] != DATA[i]) {
                return false;
            }
        }
        return start + DATA.length == bytes.length || bytes[start + DATA.length] == ':';
    }
}
