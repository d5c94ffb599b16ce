package dev.casemate.manifest;

import dev.casemate.manifest.ManifestException.Code;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;

/// Reads JSON (RFC 8259) strictly: what it accepts, every other reader understands the same way.
///
/// Refused besides what the RFC forbids: duplicate member names, a byte order mark, lone
/// surrogates, nesting beyond [#MAX_DEPTH], numbers longer than [#MAX_NUMBER_CHARS] or with an
/// exponent beyond [#MAX_EXPONENT]. Input size is the caller's to bound.
///
/// Source: RFC 8259, and RFC 7493 (I-JSON) for duplicates and surrogates.
public final class JsonReader {

    /// Deep enough for every schema, shallow enough for every stack.
    public static final int MAX_DEPTH = 64;

    /// Keeps `BigDecimal` from quadratic work on hostile digits.
    public static final int MAX_NUMBER_CHARS = 64;

    /// The range of a double; keeps `1e999999999` from becoming a gigabyte of digits later.
    public static final int MAX_EXPONENT = 309;

    private final String text;
    private int at;

    private JsonReader(String text) {
        this.text = text;
    }

    /// @throws ManifestException with code `MALFORMED_JSON` and the character offset
    public static Json read(String text) {
        var reader = new JsonReader(text);
        reader.skipSpace();
        var value = reader.value(0);
        reader.skipSpace();
        if (reader.at < text.length()) {
            throw reader.malformed("the end of the document");
        }
        return value;
    }

    /// @param utf8 one JSON document in UTF-8
    /// @throws ManifestException with code `MALFORMED_JSON`
    public static Json read(byte[] utf8) {
        try {
            var decoder = StandardCharsets.UTF_8.newDecoder();
            return read(decoder.decode(ByteBuffer.wrap(utf8)).toString());
        } catch (CharacterCodingException e) {
            throw new ManifestException(Code.MALFORMED_JSON, "", "UTF-8 text");
        }
    }

    private Json value(int depth) {
        if (depth > MAX_DEPTH) {
            throw malformed("at most " + MAX_DEPTH + " levels of nesting");
        }
        return switch (peek()) {
            case '{' -> object(depth);
            case '[' -> array(depth);
            case '"' -> new Json.Str(string());
            case 't' -> literal("true", new Json.Bool(true));
            case 'f' -> literal("false", new Json.Bool(false));
            case 'n' -> literal("null", new Json.Null());
            default -> number();
        };
    }

    private Json object(int depth) {
        expect('{');
        Map<String, Json> members = new LinkedHashMap<>();
        skipSpace();
        if (accept('}')) {
            return new Json.Obj(members);
        }
        do {
            skipSpace();
            if (peek() != '"') {
                throw malformed("a member name");
            }
            var name = string();
            skipSpace();
            expect(':');
            skipSpace();
            if (members.put(name, value(depth + 1)) != null) {
                throw malformed("each member name once");
            }
            skipSpace();
        } while (accept(','));
        expect('}');
        return new Json.Obj(members);
    }

    private Json array(int depth) {
        expect('[');
        var items = new ArrayList<Json>();
        skipSpace();
        if (accept(']')) {
            return new Json.Arr(items);
        }
        do {
            skipSpace();
            items.add(value(depth + 1));
            skipSpace();
        } while (accept(','));
        expect(']');
        return new Json.Arr(items);
    }

    private String string() {
        expect('"');
        var out = new StringBuilder();
        while (true) {
            char c = next();
            if (c == '"') {
                return wellFormed(out);
            } else if (c == '\\') {
                out.append(escape());
            } else if (c < 0x20) {
                throw malformed("control characters in strings to be escaped");
            } else {
                out.append(c);
            }
        }
    }

    private char escape() {
        return switch (next()) {
            case '"' -> '"';
            case '\\' -> '\\';
            case '/' -> '/';
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> unicode();
            default -> throw malformed("a known escape");
        };
    }

    private char unicode() {
        int unit = 0;
        for (int i = 0; i < 4; i++) {
            char c = next();
            int digit = c < 0x80 ? Character.digit(c, 16) : -1;
            if (digit < 0) {
                throw malformed("four hexadecimal digits");
            }
            unit = unit << 4 | digit;
        }
        return (char) unit;
    }

    private String wellFormed(StringBuilder string) {
        for (int i = 0; i < string.length(); i++) {
            char c = string.charAt(i);
            if (Character.isHighSurrogate(c)
                    && i + 1 < string.length()
                    && Character.isLowSurrogate(string.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                throw malformed("surrogates in pairs");
            }
        }
        return string.toString();
    }

    private Json number() {
        int start = at;
        accept('-');
        if (!accept('0')) {
            digits();
        }
        if (accept('.')) {
            digits();
        }
        if (accept('e') || accept('E')) {
            if (!accept('+')) {
                accept('-');
            }
            digits();
        }
        if (at - start > MAX_NUMBER_CHARS) {
            throw malformed("numbers of at most " + MAX_NUMBER_CHARS + " characters");
        }
        try {
            var value = new BigDecimal(text.substring(start, at));
            if (Math.abs((long) value.precision() - value.scale()) > MAX_EXPONENT) {
                throw malformed("numbers in the range of a double");
            }
            return new Json.Num(value);
        } catch (NumberFormatException e) {
            throw malformed("numbers in the range of a double");
        }
    }

    private void digits() {
        int start = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        if (at == start) {
            throw malformed("a JSON value");
        }
    }

    private Json literal(String word, Json value) {
        if (!text.startsWith(word, at)) {
            throw malformed("a JSON value");
        }
        at += word.length();
        return value;
    }

    private void skipSpace() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private char peek() {
        if (at == text.length()) {
            throw malformed("more input");
        }
        return text.charAt(at);
    }

    private char next() {
        char c = peek();
        at++;
        return c;
    }

    private boolean accept(char c) {
        if (at < text.length() && text.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }

    private void expect(char c) {
        if (!accept(c)) {
            throw malformed("'" + c + "'");
        }
    }

    private ManifestException malformed(String expected) {
        return new ManifestException(
                Code.MALFORMED_JSON, "", "expected " + expected + " at character " + at);
    }
}
