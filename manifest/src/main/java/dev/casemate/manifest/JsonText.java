package dev.casemate.manifest;

import java.math.BigDecimal;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/// Writes JSON text, with the string escapes of RFC 8785.
///
/// @param order of the members of an object
/// @param number how a number is spelled
record JsonText(UnaryOperator<Map<String, Json>> order, Function<BigDecimal, String> number) {

    /// Members as they came, numbers as exactly as they came.
    static final JsonText DOCUMENT = new JsonText(members -> members, JsonText::plain);

    String of(Json json) {
        var out = new StringBuilder();
        write(json, out);
        return out.toString();
    }

    private void write(Json json, StringBuilder out) {
        switch (json) {
            case Json.Obj object -> {
                out.append('{');
                var separator = "";
                for (var member : order.apply(object.members()).entrySet()) {
                    out.append(separator);
                    writeString(member.getKey(), out);
                    out.append(':');
                    write(member.getValue(), out);
                    separator = ",";
                }
                out.append('}');
            }
            case Json.Arr array -> {
                out.append('[');
                var separator = "";
                for (var item : array.items()) {
                    out.append(separator);
                    write(item, out);
                    separator = ",";
                }
                out.append(']');
            }
            case Json.Str string -> writeString(string.value(), out);
            case Json.Num(var value) -> out.append(number.apply(value));
            case Json.Bool bool -> out.append(bool.value());
            case Json.Null() -> out.append("null");
        }
    }

    private static String plain(BigDecimal value) {
        // Whole numbers without an exponent, as long as that stays short: readers that want an
        // integer accept 1000 and refuse 1E+3.
        return value.scale() <= 0 && value.precision() - value.scale() <= 32
                ? value.toBigInteger().toString()
                : value.toString();
    }

    private static void writeString(String value, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < 0x20) {
                        out.append("\\u00").append(c < 0x10 ? "0" : "1");
                        out.append(Character.forDigit(c & 0xf, 16));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
