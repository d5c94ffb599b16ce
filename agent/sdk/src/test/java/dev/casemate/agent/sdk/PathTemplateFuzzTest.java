package dev.casemate.agent.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Pattern;

/// Whatever the values are, they are refused, or the URI has the template's segments and names, and
/// each place decodes to its value.
class PathTemplateFuzzTest {

    private static final PathParameter ANY = new PathParameter.Text(Pattern.compile("(?s).*"), 200);
    private static final PathTemplate TEMPLATE =
            new PathTemplate(
                    "/v1/{a}/x.{b}",
                    Map.of("a", ANY, "b", ANY),
                    Map.of("q", QueryParameter.required(ANY)));

    @FuzzTest(maxDuration = "5s")
    void valuesStayInTheirPlaces(FuzzedDataProvider data) {
        var values =
                Map.of(
                        "a", data.consumeString(50),
                        "b", data.consumeString(50),
                        "q", data.consumeRemainingAsString());
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

    private static String decoded(String encoded) {
        return URLDecoder.decode(encoded, StandardCharsets.UTF_8);
    }
}
