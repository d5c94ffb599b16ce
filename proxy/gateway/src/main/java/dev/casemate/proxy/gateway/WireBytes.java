package dev.casemate.proxy.gateway;

import java.nio.charset.StandardCharsets;

/// Bytes to send, made once and changed by nobody.
final class WireBytes {

    private final byte[] bytes;

    private WireBytes(byte[] bytes) {
        this.bytes = bytes;
    }

    static WireBytes utf8(String text) {
        return new WireBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    int length() {
        return bytes.length;
    }

    byte[] copy() {
        return bytes.clone();
    }
}
