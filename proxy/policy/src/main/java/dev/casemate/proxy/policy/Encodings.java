package dev.casemate.proxy.policy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/// Reads a run of digits as base64 (either alphabet) or as hexadecimal, if that makes a text.
final class Encodings {

    /// A text that was encoded, and how.
    record Decoded(String encoding, String text) {}

    private static final int MIN_BYTES = 8;
    private static final int QUICK_BYTES = 12;
    // Of 100 characters of a text, so many may be none.
    private static final int MAX_NOISE_PERCENT = 12;
    private static final byte[] VALUES = new byte[128];

    static {
        Arrays.fill(VALUES, (byte) -1);
        var digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        for (int i = 0; i < digits.length(); i++) {
            VALUES[digits.charAt(i)] = (byte) i;
        }
        VALUES['-'] = 62;
        VALUES['_'] = 63;
    }

    private Encodings() {}

    static Optional<Decoded> decode(String run) {
        var hex = hexadecimal(run);
        if (hex.length >= MIN_BYTES) {
            var text = text(hex);
            if (text.isPresent()) {
                return text.map(t -> new Decoded("hex", t));
            }
        }
        return text(base64(run)).map(t -> new Decoded("base64", t));
    }

    private static byte[] hexadecimal(String run) {
        var out = new byte[run.length() / 2];
        int digits = 0;
        for (int i = 0; i < run.length(); i++) {
            char c = run.charAt(i);
            int digit = c < 128 ? Character.digit(c, 16) : -1;
            if (digit >= 0) {
                if (digits / 2 < out.length) {
                    out[digits / 2] = (byte) (out[digits / 2] << 4 | digit);
                }
                digits++;
            } else if (c != '\n' && c != '\r') {
                return new byte[0];
            }
        }
        return Arrays.copyOf(out, digits / 2);
    }

    private static byte[] base64(String run) {
        var out = new byte[run.length() * 3 / 4 + 3];
        int size = 0;
        int bits = 0;
        int count = 0;
        for (int i = 0; i < run.length(); i++) {
            byte value = VALUES[run.charAt(i) & 127];
            if (value < 0) {
                // Padding in the middle: another text begins.
                if (run.charAt(i) == '=') {
                    bits = 0;
                    count = 0;
                }
                continue;
            }
            bits = bits << 6 | value;
            if (++count % 4 != 1) {
                out[size++] = (byte) (bits >> (count % 4 == 2 ? 4 : count % 4 == 3 ? 2 : 0));
            }
            if (size == QUICK_BYTES && noise(out, size) > QUICK_BYTES / 2) {
                return new byte[0];
            }
        }
        return Arrays.copyOf(out, size);
    }

    private static int noise(byte[] bytes, int size) {
        int noise = 0;
        for (int i = 0; i < size; i++) {
            int b = bytes[i] & 0xFF;
            noise +=
                    b == 0x7F || b > 0xF4 || (b < 0x20 && b != '\n' && b != '\r' && b != '\t')
                            ? 1
                            : 0;
        }
        return noise;
    }

    private static Optional<String> text(byte[] bytes) {
        if (bytes.length < MIN_BYTES) {
            return Optional.empty();
        }
        var text = new String(bytes, StandardCharsets.UTF_8);
        int noise = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            noise +=
                    c == '\uFFFD' || (Character.isISOControl(c) && !Character.isWhitespace(c))
                            ? 1
                            : 0;
        }
        return noise * 100 > text.length() * MAX_NOISE_PERCENT
                ? Optional.empty()
                : Optional.of(text);
    }
}
