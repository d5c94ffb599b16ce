package dev.casemate.agent.sdk;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;

/// Cuts bytes into server-sent events, wherever the network cut them: between two bytes of one
/// character, or between CR and LF.
///
/// Only the field `data` is read; comments (heartbeats), names, ids and retry times are read over.
/// An event ends with an empty line, and what follows the last one is no event. It holds no more
/// than it was given: bounding that is the caller's.
///
/// Source: WHATWG HTML, section 9.2.6 "Interpreting an event stream".
final class EventStream {

    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};
    private static final byte[] DATA = {'d', 'a', 't', 'a'};

    private final Consumer<byte[]> events;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();
    private boolean firstLine = true;
    private boolean afterReturn;
    private boolean hasData;

    /// @param events told the data of each event, its lines joined by LF
    EventStream(Consumer<byte[]> events) {
        this.events = events;
    }

    void accept(ByteBuffer piece) {
        var bytes = new byte[piece.remaining()];
        piece.get(bytes);
        int begin = 0;
        for (int at = 0; at < bytes.length; at++) {
            boolean lineFeed = bytes[at] == '\n';
            boolean halfOfCrLf = lineFeed && afterReturn;
            afterReturn = bytes[at] == '\r';
            if (halfOfCrLf) {
                begin = at + 1;
            } else if (lineFeed || afterReturn) {
                line.write(bytes, begin, at - begin);
                begin = at + 1;
                endLine();
            }
        }
        line.write(bytes, begin, bytes.length - begin);
    }

    private void endLine() {
        var whole = line.toByteArray();
        line.reset();
        var text = firstLine ? withoutMark(whole) : whole;
        firstLine = false;
        if (text.length == 0) {
            endEvent();
            return;
        }
        int colon = 0;
        while (colon < text.length && text[colon] != ':') {
            colon++;
        }
        if (Arrays.equals(text, 0, colon, DATA, 0, DATA.length)) {
            addData(text, colon + 1);
        }
    }

    private static byte[] withoutMark(byte[] bytes) {
        int mark = BYTE_ORDER_MARK.length;
        return bytes.length >= mark && Arrays.equals(bytes, 0, mark, BYTE_ORDER_MARK, 0, mark)
                ? Arrays.copyOfRange(bytes, mark, bytes.length)
                : bytes;
    }

    private void addData(byte[] text, int afterColon) {
        if (hasData) {
            data.write('\n');
        }
        hasData = true;
        int value =
                afterColon < text.length && text[afterColon] == ' ' ? afterColon + 1 : afterColon;
        if (value < text.length) {
            data.write(text, value, text.length - value);
        }
    }

    private void endEvent() {
        if (hasData) {
            var event = data.toByteArray();
            data.reset();
            hasData = false;
            events.accept(event);
        }
    }
}
