package dev.casemate.manifest;

import dev.casemate.manifest.ManifestException.Code;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;

/// The one byte sequence that stands for a JSON value, so that it can be hashed and signed.
///
/// Source: RFC 8785 (JSON Canonicalization Scheme): members sorted by UTF-16 code units, numbers as
/// ECMAScript writes them, minimal string escapes, UTF-8.
public final class CanonicalJson {

    private static final JsonText CANONICAL = new JsonText(TreeMap::new, CanonicalJson::ecmaScript);

    private CanonicalJson() {}

    /// @return the canonical form in UTF-8
    /// @throws ManifestException with code `INVALID_VALUE` for a number that a double cannot hold:
    ///   two readers could disagree on it
    public static byte[] bytes(Json json) {
        return text(json).getBytes(StandardCharsets.UTF_8);
    }

    /// The canonical form as text; see [#bytes].
    public static String text(Json json) {
        return CANONICAL.of(json);
    }

    /// ECMAScript's Number::toString, from the shortest decimal that reads back as the same double.
    static String ecmaScript(BigDecimal value) {
        double number = value.doubleValue();
        // Below the normal range Java and ECMAScript differ on which decimal is the shortest.
        boolean subnormal = number != 0 && Math.abs(number) < Double.MIN_NORMAL;
        if (!Double.isFinite(number)
                || subnormal
                || new BigDecimal(Double.toString(number)).compareTo(value) != 0) {
            throw new ManifestException(
                    Code.INVALID_VALUE, "", "numbers that a double holds exactly as written");
        }
        if (number == 0) {
            return "0";
        }
        var shortest = new BigDecimal(Double.toString(Math.abs(number))).stripTrailingZeros();
        var digits = shortest.unscaledValue().toString();
        int point = digits.length() - shortest.scale();
        var sign = number < 0 ? "-" : "";
        if (digits.length() <= point && point <= 21) {
            return sign + digits + "0".repeat(point - digits.length());
        } else if (0 < point && point <= 21) {
            return sign + digits.substring(0, point) + "." + digits.substring(point);
        } else if (-6 < point && point <= 0) {
            return sign + "0." + "0".repeat(-point) + digits;
        }
        var fraction = digits.length() == 1 ? "" : "." + digits.substring(1);
        int exponent = point - 1;
        return sign
                + digits.charAt(0)
                + fraction
                + "e"
                + (exponent < 0 ? "-" : "+")
                + Math.abs(exponent);
    }
}
