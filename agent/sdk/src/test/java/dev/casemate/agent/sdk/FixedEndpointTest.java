package dev.casemate.agent.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.casemate.agent.sdk.GuardException.Code;
import dev.casemate.manifest.Deployment;
import dev.casemate.manifest.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class FixedEndpointTest {

    @TempDir private static Path directory;
    private static Certificates own;

    private LoopbackHttps server;

    @BeforeAll
    static void makeCertificates() throws IOException {
        own = Certificates.named("dns:localhost", Files.createDirectory(directory.resolve("own")));
    }

    @BeforeEach
    void start() {
        server = new LoopbackHttps(own.server());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static FixedEndpoint.Shape shape(PathParameter symbol) {
        return new FixedEndpoint.Shape(
                "/v1/prices/{symbol}", Map.of("symbol", symbol), 1000, Duration.ofSeconds(2));
    }

    private FixedEndpoint anyText() {
        return new FixedEndpoint(
                server.endpoint(own),
                shape(new PathParameter.Text(Pattern.compile("(?s).*"), 200)));
    }

    private static void assertRefused(Code code, Runnable call) {
        assertThatExceptionOfType(GuardException.class)
                .isThrownBy(call::run)
                .extracting(GuardException::code)
                .isEqualTo(code);
    }

    @Test
    void theOnePathIsAskedAndItsJsonGiven() {
        server.answersJson(200, "{\"price\":9000.5}");
        assertThat(anyText().get(Map.of("symbol", "XCU")).text()).isEqualTo("{\"price\":9000.5}");
        assertThat(server.asked.getFirst().method()).isEqualTo("GET");
        assertThat(server.asked.getFirst().path()).isEqualTo("/v1/prices/XCU");
        assertThat(server.asked.getFirst().authorization()).isEqualTo("null");
    }

    @Test
    void theSecretOfTheDeploymentIsSent() throws IOException {
        var file = Files.writeString(directory.resolve("secret"), "s3cret\n");
        var endpoint =
                new Deployment.Endpoint(
                        "localhost",
                        server.port(),
                        Optional.of(own.authority().toString()),
                        Optional.of(file.toString()));
        new FixedEndpoint(endpoint, shape(new PathParameter.OneOf(Set.of("XCU"))))
                .get(Map.of("symbol", "XCU"));
        assertThat(server.asked.getFirst().authorization()).isEqualTo("Bearer s3cret");
    }

    @Test
    void parametersAreExactlyThoseOfThePathAndOfTheirForm() {
        var endpoint =
                new FixedEndpoint(
                        server.endpoint(own),
                        shape(new PathParameter.Text(Pattern.compile("[A-Z]{2,6}"), 6)));
        assertRefused(Code.INVALID_PARAMETER, () -> endpoint.get(Map.of()));
        assertRefused(Code.INVALID_PARAMETER, () -> endpoint.get(Map.of("path", "XCU")));
        assertRefused(
                Code.INVALID_PARAMETER, () -> endpoint.get(Map.of("symbol", "XCU", "x", "y")));
        assertRefused(Code.INVALID_PARAMETER, () -> endpoint.get(Map.of("symbol", "xcu")));
        assertThat(server.asked).isEmpty();
        var whole = new PathParameter.Whole(1, 10);
        assertThat(whole.accepts("10")).isTrue();
        assertThat(whole.accepts("11")).isFalse();
        assertThat(whole.accepts("01")).isFalse();
        assertThat(whole.accepts("99999999999999999999")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "v1",
                "//evil.test/{symbol}",
                "/../{symbol}",
                "/{symbol}/{symbol}",
                "/{other}",
                "/x",
                "/{symbol}@x",
                "/{symbol} ",
                "/{symbol}?a?b"
            })
    void aTemplateThatDoesNotFitItsParametersIsAProgrammingError(String template) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PathTemplate(template, Map.of("symbol", word())));
    }

    private static PathParameter word() {
        return new PathParameter.Text(Pattern.compile("[a-z]+"), 9);
    }

    @Test
    void anAnswerThatIsTooLargeIsNotReadToItsEnd() {
        server.answersJson(200, "\"" + "x".repeat(1000) + "\"");
        assertRefused(Code.TOO_LARGE, () -> anyText().get(Map.of("symbol", "XCU")));
        // Also where it does not say how large it is, and never ends.
        server.answers(exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(new byte[1001]);
            exchange.getResponseBody().flush();
            server.hang();
        });
        assertRefused(Code.TOO_LARGE, () -> anyText().get(Map.of("symbol", "XCU")));
    }

    @Test
    void anAnswerThatNeverEndsTimesOut() {
        server.answers(exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
            server.hang();
        });
        assertRefused(Code.TIMED_OUT, () -> anyText().get(Map.of("symbol", "XCU")));
    }

    @Test
    void anAnswerThatIsNotJsonIsRefused() {
        server.answers(exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "text/html");
            LoopbackHttps.body(exchange, 200, "{}");
        });
        assertRefused(Code.ENDPOINT_REFUSED, () -> anyText().get(Map.of("symbol", "XCU")));
        server.answersJson(200, "{\"a\":1,\"a\":2}");
        assertRefused(Code.ENDPOINT_REFUSED, () -> anyText().get(Map.of("symbol", "XCU")));
        server.answersJson(404, "{}");
        assertRefused(Code.ENDPOINT_REFUSED, () -> anyText().get(Map.of("symbol", "XCU")));
    }

    @Test
    void aDeploymentWithoutUsableAuthorityOrSecretDoesNotStart() throws IOException {
        var notPem = Files.writeString(directory.resolve("not.pem"), "x");
        for (var authority :
                java.util.List.of(
                        Optional.<String>empty(),
                        Optional.of(notPem.toString()),
                        Optional.of("/nowhere"))) {
            var endpoint = new Deployment.Endpoint("localhost", 443, authority, Optional.empty());
            assertRefused(Code.MISCONFIGURED, () -> new FixedEndpoint(endpoint, shape(word())));
        }
        var strangeHost =
                new Deployment.Endpoint(
                        "localhost/@evil.test",
                        443,
                        Optional.of(own.authority().toString()),
                        Optional.empty());
        assertRefused(Code.MISCONFIGURED, () -> new FixedEndpoint(strangeHost, shape(word())));
    }

    @Test
    void theQueryIsSentByItsNamesAndLeftOutWhereItIsOptional() {
        var shape =
                new FixedEndpoint.Shape(
                        "/v1/prices/{symbol}",
                        Map.of("symbol", new PathParameter.OneOf(Set.of("XCU"))),
                        Map.of(
                                "unit", QueryParameter.required(word()),
                                "days", QueryParameter.optional(new PathParameter.Whole(1, 90))),
                        1000,
                        Duration.ofSeconds(2));
        var endpoint = new FixedEndpoint(server.endpoint(own), shape);
        endpoint.get(Map.of("symbol", "XCU", "unit", "t"));
        endpoint.get(Map.of("symbol", "XCU", "unit", "t", "days", "30"));
        assertThat(server.asked)
                .extracting(LoopbackHttps.Asked::path)
                .containsExactly("/v1/prices/XCU?unit=t", "/v1/prices/XCU?days=30&unit=t");
        assertThatExceptionOfType(GuardException.class)
                .isThrownBy(() -> endpoint.get(Map.of("symbol", "XCU", "days", "30")))
                .withMessage(
                        "Expected the parameters [symbol, unit], and perhaps [days], and no other.");
        assertRefused(
                Code.INVALID_PARAMETER,
                () -> endpoint.get(Map.of("symbol", "XCU", "unit", "t", "days", "91")));
        assertRefused(
                Code.INVALID_PARAMETER,
                () -> endpoint.get(Map.of("symbol", "XCU", "unit", "t", "path", "x")));
    }

    @Test
    void aQueryIsEitherInTheTemplateOrByItsNames() {
        for (var query :
                java.util.List.of(
                        Map.of("symbol", QueryParameter.required(word())),
                        Map.of("a&b", QueryParameter.required(word())),
                        Map.of("", QueryParameter.required(word())))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(
                            () -> new PathTemplate("/{symbol}", Map.of("symbol", word()), query));
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new PathTemplate(
                                "/x?a={symbol}",
                                Map.of("symbol", word()),
                                Map.of("b", QueryParameter.optional(word()))));
    }

    @Test
    void theAnswerIsTheJsonItself() {
        server.answersJson(200, "[1, null]");
        assertThat(anyText().get(Map.of("symbol", "XCU")))
                .isEqualTo(Json.array(java.util.List.of(Json.of(1), new Json.Null())));
    }
}
