package dev.casemate.proxy.gateway;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.JsonReader;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;

/// JSON as it comes over the wire, read into the manifest's [Json] by Jackson's streaming parser.
///
/// What leaves the gateway is written from the values that were read here, never copied from the
/// bytes that came: two readers of one document cannot disagree when there is only one. Refused
/// besides what RFC 8259 forbids: duplicate names, lone surrogates, trailing tokens, nesting and
/// numbers beyond the limits of [JsonReader].
final class WireJson {

    /// Longer member names belong to no wire format.
    private static final int MAX_NAME_CHARS = 1_024;

    /// A ledger record wraps what was read, and its own reader stops at [JsonReader#MAX_DEPTH].
    static final int MAX_DEPTH = JsonReader.MAX_DEPTH - 16;

    /// No single string or document is larger; the configured limits are lower.
    static final int MAX_BYTES = 64 << 20;

    private static final JsonFactory FACTORY =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(MAX_DEPTH)
                                    .maxNumberLength(JsonReader.MAX_NUMBER_CHARS)
                                    .maxNameLength(MAX_NAME_CHARS)
                                    .maxStringLength(MAX_BYTES)
                                    .maxDocumentLength(MAX_BYTES)
                                    .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    // UTF-8 alone: what is UTF-16 to one reader is binary to the next.
                    .disable(JsonFactory.Feature.CHARSET_DETECTION)
                    .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                    .build();

    private WireJson() {}

    /// Not one JSON document within the limits. It says where, never what.
    static final class MalformedException extends Exception {
        MalformedException(String message) {
            super(message);
        }
    }

    static Json read(byte[] utf8) throws MalformedException {
        return read(utf8, 0, utf8.length);
    }

    static Json read(String text) throws MalformedException {
        return read(text.getBytes(StandardCharsets.UTF_8));
    }

    static Json read(byte[] utf8, int offset, int length) throws MalformedException {
        try (var parser = FACTORY.createParser(utf8, offset, length)) {
            if (parser.nextToken() == null) {
                throw new MalformedException("expected a JSON document and found nothing");
            }
            var value = value(parser);
            if (parser.nextToken() != null) {
                throw new MalformedException("expected nothing after the JSON document");
            }
            return value;
        } catch (IOException e) {
            throw new MalformedException("expected JSON" + place(e));
        } catch (NumberFormatException e) {
            // An exponent that no decimal holds; the parser leaves that to whoever asks for it.
            throw new MalformedException("expected numbers in the range of a double");
        }
    }

    // Jackson's own messages quote the input.
    private static String place(IOException e) {
        return e instanceof com.fasterxml.jackson.core.JacksonException json
                        && json.getLocation() != null
                ? " at byte " + json.getLocation().getByteOffset()
                : "";
    }

    private static Json value(JsonParser parser) throws IOException, MalformedException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_STRING -> new Json.Str(wellFormed(parser.getText()));
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(parser);
            case VALUE_TRUE -> new Json.Bool(true);
            case VALUE_FALSE -> new Json.Bool(false);
            case VALUE_NULL -> new Json.Null();
            case NOT_AVAILABLE, END_OBJECT, END_ARRAY, FIELD_NAME, VALUE_EMBEDDED_OBJECT ->
                    throw new MalformedException("expected a JSON value");
        };
    }

    private static Json object(JsonParser parser) throws IOException, MalformedException {
        Map<String, Json> members = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            var name = wellFormed(parser.currentName());
            parser.nextToken();
            members.put(name, value(parser));
        }
        return new Json.Obj(members);
    }

    private static Json array(JsonParser parser) throws IOException, MalformedException {
        var items = new ArrayList<Json>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            items.add(value(parser));
        }
        return new Json.Arr(items);
    }

    private static Json number(JsonParser parser) throws IOException, MalformedException {
        var value =
                switch (parser.getNumberType()) {
                    case INT, LONG -> BigDecimal.valueOf(parser.getLongValue());
                    case BIG_INTEGER, FLOAT, DOUBLE, BIG_DECIMAL -> parser.getDecimalValue();
                };
        if (Math.abs((long) value.precision() - value.scale()) > JsonReader.MAX_EXPONENT) {
            throw new MalformedException("expected numbers in the range of a double");
        }
        return new Json.Num(value);
    }

    private static String wellFormed(String text) throws MalformedException {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Character.isSurrogate(c)) {
                continue;
            }
            if (Character.isLowSurrogate(c)
                    || ++i == text.length()
                    || !Character.isLowSurrogate(text.charAt(i))) {
                throw new MalformedException("expected surrogates in pairs");
            }
        }
        return text;
    }

    static byte[] write(Json json) {
        return json.text().getBytes(StandardCharsets.UTF_8);
    }
}
