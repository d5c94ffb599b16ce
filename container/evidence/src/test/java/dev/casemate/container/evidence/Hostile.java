package dev.casemate.container.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;

/// What somebody might send in place of evidence, and what may come of it.
final class Hostile {

    private static final Pattern TOKEN = Pattern.compile("\"[^\"]{0,5000}\"|[0-9]+");

    private static final List<String> VALUES =
            List.of(
                    "[".repeat(5_000),
                    "{\"a\":".repeat(5_000),
                    "1e999999999",
                    "1".repeat(5_000),
                    "-1",
                    "0",
                    "9223372036854775808",
                    "null",
                    "{}",
                    "[]",
                    "\"\"",
                    "\"\\ud800\"",
                    "\"" + "x".repeat(1 << 16) + "\"",
                    "\"sha256:" + "0".repeat(64) + "\"",
                    "\"sha256:../../index.json\"");

    /// Something that reads.
    interface Reader {
        void read() throws IOException;
    }

    private Hostile() {}

    /// @return whether it was refused; anything but a refusal with a code fails
    static boolean refuses(Reader reader) {
        try {
            reader.read();
            return false;
        } catch (EvidenceException e) {
            assertThat(e.code()).isNotNull();
            assertThat(e.getMessage()).hasSizeLessThan(500);
            return true;
        } catch (IOException | UncheckedIOException e) {
            // The verifier's edge makes MALFORMED_ARCHIVE of these.
            return true;
        }
    }

    /// A document, changed in one way or another.
    static byte[] document(byte[] document, Random random) {
        return switch (random.nextInt(3)) {
            case 0 -> bytes(document, random);
            case 1 -> {
                var text = new String(document, StandardCharsets.ISO_8859_1);
                yield text.replaceFirst("\\{", "{\"a\":[],").getBytes(StandardCharsets.ISO_8859_1);
            }
            default -> token(document, random);
        };
    }

    /// One name or value replaced.
    private static byte[] token(byte[] document, Random random) {
        var text = new String(document, StandardCharsets.ISO_8859_1);
        var places = TOKEN.matcher(text).results().toList();
        if (places.isEmpty()) {
            return document;
        }
        var place = places.get(random.nextInt(places.size()));
        return (text.substring(0, place.start())
                        + VALUES.get(random.nextInt(VALUES.size()))
                        + text.substring(place.end()))
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    /// Bytes flipped, cut off, cut out or said twice.
    static byte[] bytes(byte[] bytes, Random random) {
        int from = random.nextInt(bytes.length);
        int length = random.nextInt(Math.min(bytes.length - from, 1_024) + 1);
        return switch (random.nextInt(4)) {
            case 0 -> {
                var changed = bytes.clone();
                changed[from] = (byte) random.nextInt();
                yield changed;
            }
            case 1 -> Arrays.copyOf(bytes, from);
            case 2 -> joined(bytes, from, from + length);
            default -> joined(bytes, from + length, from);
        };
    }

    private static byte[] joined(byte[] bytes, int headEnd, int tailStart) {
        var joined = Arrays.copyOf(bytes, headEnd + bytes.length - tailStart);
        System.arraycopy(bytes, tailStart, joined, headEnd, bytes.length - tailStart);
        return joined;
    }
}
