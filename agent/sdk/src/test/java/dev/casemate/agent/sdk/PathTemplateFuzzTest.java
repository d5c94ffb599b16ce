package dev.casemate.agent.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;

/// Whatever the values are, they are refused, or the URI has the template's segments and names, and
/// each place decodes to its value.
class PathTemplateFuzzTest {

    private static final PathParameter ANY = new PathParameter.Text(Pattern.compile("(?s).*"), 200);
    private static final List<String> PIECES =
            List.of(
                    ".",
                    "..",
                    "/",
                    "\\",
                    "%2e",
                    "%2f",
                    "%00",
                    "%",
                    ";",
                    "?",
                    "#",
                    "&",
                    "=",
                    "+",
                    " ",
                    "@",
                    ":",
                    "[",
                    "]",
                    "{a}",
                    "$1",
                    "\r\n",
                    "\0",
                    "\u2024",
                    "\u2025",
                    "\uff0e",
                    "\uff0f",
                    "\u2215",
                    "\u00e9",
                    "e\u0301",
                    "\ud83d\ude00",
                    "\ud800",
                    "\udc00",
                    "x",
                    "7",
                    "~",
                    "-",
                    "_");
    private static final PathTemplate TEMPLATE =
            new PathTemplate(
                    "/v1/{a}/x.{b}",
                    Map.of("a", ANY, "b", ANY),
                    Map.of("q", QueryParameter.required(ANY)));

    @FuzzTest(maxDuration = "5s")
    void valuesStayInTheirPlaces(FuzzedDataProvider data) {
        var values =
                Map.of(
                        "a", value(data),
                        "b", value(data),
                        "q", value(data));
        String filled;
        try {
            filled = TEMPLATE.fill(values);
        } catch (GuardException e) {
            return;
        }
        var uri = URI.create("https://localhost:443" + filled);
        assertThat(uri.getHost()).isEqualTo("localhost");
        assertThat(uri.normalize()).isEqualTo(uri);
        assertThat(uri.getRawFragment()).isNull();
        var segments = uri.getRawPath().split("/", -1);
        assertThat(segments).hasSize(4);
        assertThat(decoded(segments[2])).isEqualTo(values.get("a"));
        assertThat(decoded(segments[3])).isEqualTo("x." + values.get("b"));
        assertThat(uri.getRawQuery()).startsWith("q=").doesNotContain("&");
        assertThat(decoded(uri.getRawQuery().substring(2))).isEqualTo(values.get("q"));
    }

    /// Of what means something to one server or another, and of anything else.
    private static String value(FuzzedDataProvider data) {
        var value = new StringBuilder(data.consumeString(10));
        var random = new Random(data.consumeLong());
        for (int i = random.nextInt(6); i > 0; i--) {
            value.append(PIECES.get(random.nextInt(PIECES.size())));
        }
        return value.toString();
    }

    private static String decoded(String encoded) {
        return URLDecoder.decode(encoded, StandardCharsets.UTF_8);
    }
}
