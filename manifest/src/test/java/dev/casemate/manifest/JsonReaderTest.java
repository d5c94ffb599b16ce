package dev.casemate.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonReaderTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "}",
                "[1,]",
                "{\"a\":1,}",
                "{a:1}",
                "'a'",
                "01",
                "1.",
                ".5",
                "+1",
                "-",
                "1e",
                "NaN",
                "Infinity",
                "tru",
                "nul",
                "\"",
                "\"\\x\"",
                "\"\\u12\"",
                "\"\\u12G4\"",
                "\"\\ud800\"",
                "\"\\udc00x\"",
                "\"a\tb\"",
                "1 2",
                "[1}",
                "{\"a\" 1}",
                "{\"a\":1 \"b\":2}",
                "{\"a\":1,\"a\":2}",
                "\ufeff1",
                "1e999",
                "1e99999999999",
                "// no\n1",
                "\u00a01",
                "\"\\u\uff11\uff12\uff13\uff14\""
            })
    void what_other_readers_could_read_differently_is_refused(String text) {
        assertThatThrownBy(() -> JsonReader.read(text)).isInstanceOf(ManifestException.class);
    }

    @Test
    void nesting_digits_and_bytes_are_bounded() {
        assertThatThrownBy(() -> JsonReader.read("[".repeat(100_000)))
                .isInstanceOf(ManifestException.class);
        assertThatThrownBy(() -> JsonReader.read("9".repeat(1_000_000)))
                .isInstanceOf(ManifestException.class);
        assertThatThrownBy(() -> JsonReader.read(new byte[] {'"', (byte) 0xff, '"'}))
                .isInstanceOf(ManifestException.class);
        assertThat(JsonReader.read("[".repeat(64) + "]".repeat(64))).isInstanceOf(Json.Arr.class);
    }

    @Test
    void every_kind_of_value_is_read() {
        assertThat(
                        JsonReader.read(
                                " { \"a\" : [ 1.50 , true , null , \"\\u00e9\\n\\ud83d\\ude00\" ] } "))
                .isEqualTo(
                        Json.object()
                                .put(
                                        "a",
                                        Json.array(
                                                List.of(
                                                        Json.of(new BigDecimal("1.5")),
                                                        Json.of(true),
                                                        new Json.Null(),
                                                        Json.of("é\n😀"))))
                                .build());
    }

    /// Values of RFC 8785, appendix B, as far as a decimal can spell them.
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-0, 0",
        "2.2250738585072014e-308, 2.2250738585072014e-308",
        "1.7976931348623157e308, 1.7976931348623157e+308",
        "9007199254740992, 9007199254740992",
        "-9007199254740992, -9007199254740992",
        "295147905179352830000, 295147905179352830000",
        "9.999999999999997e22, 9.999999999999997e+22",
        "1e23, 1e+23",
        "1.0000000000000001e23, 1.0000000000000001e+23",
        "999999999999999700000, 999999999999999700000",
        "999999999999999900000, 999999999999999900000",
        "1e21, 1e+21",
        "9.999999999999997e-7, 9.999999999999997e-7",
        "0.000001, 0.000001",
        "333333333.3333332, 333333333.3333332",
        "333333333.33333325, 333333333.33333325",
        "-0.0000033333333333333333, -0.0000033333333333333333",
        "1424953923781206.2, 1424953923781206.2",
        "100, 100",
        "1.0, 1",
        "4.50, 4.5",
        "1e3, 1000",
        "123456789.125, 123456789.125"
    })
    void numbers_are_written_as_ecmascript_writes_them(String read, String canonical) {
        assertThat(CanonicalJson.text(JsonReader.read(read))).isEqualTo(canonical);
    }

    @Test
    void a_number_that_a_double_cannot_hold_has_no_canonical_form() {
        assertThatThrownBy(() -> CanonicalJson.text(new Json.Num(new BigDecimal("5e-324"))))
                .isInstanceOf(ManifestException.class);
        var number = JsonReader.read("9007199254740993");
        assertThatThrownBy(() -> CanonicalJson.text(number)).isInstanceOf(ManifestException.class);
        assertThat(number.text()).isEqualTo("9007199254740993");
    }

    /// RFC 8785, section 3.2.3: members are sorted by UTF-16 code units, not by code points.
    @Test
    void members_are_sorted_by_utf_16_code_units() {
        var canonical =
                CanonicalJson.text(
                        JsonReader.read(
                                """
                                {"\\u20ac":"Euro Sign","\\r":"Carriage Return","\\ufb33":"Hebrew Letter Dalet With Dagesh",
                                 "1":"One","\\ud83d\\ude00":"Emoji","\\u0080":"Control","\\u00f6":"Latin Small Letter O"}
                                """));
        assertThat(canonical)
                .isEqualTo(
                        "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\",\"ö\":\"Latin Small"
                                + " Letter O\",\"€\":\"Euro Sign\",\"😀\":\"Emoji\",\"\ufb33\":\"Hebrew Letter"
                                + " Dalet With Dagesh\"}");
    }

    /// RFC 8785, section 3.2.2.2.
    @Test
    void strings_are_escaped_as_little_as_possible() {
        var read = JsonReader.read("\"\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\\"\\/\"");
        assertThat(CanonicalJson.text(read)).isEqualTo("\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"");
        assertThat(CanonicalJson.bytes(Json.of("é")))
                .isEqualTo("\"é\"".getBytes(StandardCharsets.UTF_8));
    }
}
