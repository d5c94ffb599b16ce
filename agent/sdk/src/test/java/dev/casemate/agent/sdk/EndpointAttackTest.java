package dev.casemate.agent.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.casemate.agent.sdk.GuardException.Code;
import dev.casemate.manifest.Deployment;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a caller puts into an endpoint's places, and what a server says to it.
@Timeout(60)
class EndpointAttackTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final PathParameter ANY = new PathParameter.Text(Pattern.compile("(?s).*"), 500);
    private static final String JSON = "Content-Type: application/json\r\n";

    @TempDir private static Path directory;
    private static Certificates own;
    private static Certificates foreign;
    private static Certificates elsewhere;

    @BeforeAll
    static void makeCertificates() throws IOException {
        own = Certificates.named("dns:localhost", Files.createDirectory(directory.resolve("own")));
        foreign =
                Certificates.named(
                        "dns:localhost", Files.createDirectory(directory.resolve("foreign")));
        elsewhere =
                Certificates.named(
                        "dns:elsewhere.test,dns:*.test,ip:192.0.2.1",
                        Files.createDirectory(directory.resolve("else")));
    }

    private static FixedEndpoint endpoint(Deployment.Endpoint at) {
        return new FixedEndpoint(
                at,
                new FixedEndpoint.Shape(
                        "/v1/prices/{symbol}",
                        Map.of("symbol", ANY),
                        Map.of("q", QueryParameter.optional(ANY)),
                        1000,
                        TIMEOUT));
    }

    private static void assertRefused(Code code, Runnable call) {
        assertThatExceptionOfType(GuardException.class)
                .isThrownBy(call::run)
                .extracting(GuardException::code)
                .isEqualTo(code);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "../admin",
                "..\\admin",
                "a/b",
                "/etc/passwd",
                "//evil.test",
                "..;/admin",
                "a;jsessionid=1",
                "%2e%2e",
                "%2e%2e%2fadmin",
                "%252e%252e%252fadmin",
                "..%c0%afadmin",
                "%c0%ae%c0%ae",
                "%00",
                "%0d%0aHost:%20evil.test",
                "..%u2215admin",
                "\u2024\u2024",
                "\u2025",
                "\u2025\uff0fadmin",
                "\uff0e\uff0e",
                "a\u2215b",
                "a\u2044b",
                "a\uff3cb",
                "a\ufe68b",
                "\uff05\uff12\uff45",
                "?all=1",
                "#x",
                "\uff1fall=1",
                "x\r\nHost: evil.test",
                "x\nX-Admin: 1",
                "x\u0085y",
                "x\0y",
                "x\u007fy",
                "x\ty",
                "\ud800",
                "x\udc00y"
            })
    void aValueThatCouldLeaveItsPlaceInThePathIsRefused(String value) {
        try (var server = new LoopbackHttps(own.server())) {
            assertRefused(
                    Code.INVALID_PARAMETER,
                    () -> endpoint(server.endpoint(own)).get(Map.of("symbol", value)));
            assertThat(server.asked).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "@evil.test",
                ":443@evil.test",
                "user:password@evil.test",
                "[::1]:443",
                "http:evil.test",
                "a b",
                "a+b",
                "a&b=c",
                "...",
                "..a",
                "\u202eevil",
                "{symbol}",
                "{q}",
                "$1",
                "<script>",
                "caf\u00e9",
                "\ud83d\ude00",
                "'\"`"
            })
    void anyOtherValueComesAsItIsAndStaysInItsPlace(String value) {
        try (var server = new LoopbackHttps(own.server())) {
            endpoint(server.endpoint(own)).get(Map.of("symbol", value, "q", value));
            var asked = server.asked.getFirst().path();
            assertThat(asked).matches("/v1/prices/[A-Za-z0-9%._~-]+\\?q=[A-Za-z0-9%._~-]+");
            assertThat(decoded(asked.substring("/v1/prices/".length(), asked.indexOf('?'))))
                    .isEqualTo(value);
            assertThat(decoded(asked.substring(asked.indexOf('=') + 1))).isEqualTo(value);
        }
    }

    private static String decoded(String encoded) {
        return URLDecoder.decode(encoded, StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/b", "../x", "a%2fb", "a;b", "a#b", "a?b=c", "a&admin=1", "a\\b"})
    void whatIsDangerousInAPathIsOnlyEncodedInAQuery(String value) {
        try (var server = new LoopbackHttps(own.server())) {
            endpoint(server.endpoint(own)).get(Map.of("symbol", "x", "q", value));
            var asked = server.asked.getFirst().path();
            assertThat(asked).matches("/v1/prices/x\\?q=[A-Za-z0-9%._~-]+");
            assertThat(decoded(asked.substring(asked.indexOf('=') + 1))).isEqualTo(value);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x\r\ny", "x\ny", "x\0", "\ud800"})
    void aQueryTakesNoLinesNoControlsAndNothingEmpty(String value) {
        try (var server = new LoopbackHttps(own.server())) {
            assertRefused(
                    Code.INVALID_PARAMETER,
                    () -> endpoint(server.endpoint(own)).get(Map.of("symbol", "x", "q", value)));
            assertThat(server.asked).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost/@evil.test",
                "localhost:1",
                "user@localhost",
                "localhost?x",
                "localhost#x",
                "local host",
                "localhost%2eevil.test",
                "[::1]",
                "::1",
                "-localhost",
                "localhost\r\nX: y",
                "l\u00f6calhost"
            })
    void aHostThatIsMoreThanANameDoesNotStart(String host) {
        var at =
                new Deployment.Endpoint(
                        host, 443, Optional.of(own.authority().toString()), Optional.empty());
        assertRefused(Code.MISCONFIGURED, () -> endpoint(at));
    }

    @ParameterizedTest
    @ValueSource(ints = {300, 301, 302, 303, 305, 307, 308})
    void aRedirectIsNotFollowed(int status) {
        try (var attacker = new LoopbackHttps(own.server());
                var server = new LoopbackHttps(own.server())) {
            server.answers(exchange -> {
                exchange.getResponseHeaders()
                        .set("Location", "https://localhost:" + attacker.port() + "/v1/prices/x");
                LoopbackHttps.json(exchange, status, "{\"price\":1}");
            });
            assertRefused(
                    Code.ENDPOINT_REFUSED,
                    () -> endpoint(server.endpoint(own)).get(Map.of("symbol", "x")));
            assertThat(attacker.asked).isEmpty();
            assertThat(server.asked).hasSize(1);
        }
    }

    /// A whole answer as bytes, and what comes of it.
    ///
    /// @param taken the JSON, or empty where it is refused
    record Raw(String answer, Optional<String> taken) {
        static Raw refused(String answer) {
            return new Raw(answer, Optional.empty());
        }

        static Raw taken(String answer, String json) {
            return new Raw(answer, Optional.of(json));
        }
    }

    static final List<Raw> ANSWERS =
            List.of(
                    Raw.taken("HTTP/1.1 200 OK\r\n" + JSON + "Content-Length: 2\r\n\r\n{}", "{}"),
                    // More after the end belongs to nobody.
                    Raw.taken(
                            "HTTP/1.1 200 OK\r\n" + JSON + "Content-Length: 2\r\n\r\n{}[1]", "{}"),
                    Raw.taken(
                            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n"
                                    + JSON
                                    + "Content-Length: 2\r\n\r\n{}",
                            "{}"),
                    // The client reads three digits of a status.
                    Raw.taken("HTTP/1.1 2000 OK\r\n" + JSON + "Content-Length: 2\r\n\r\n{}", "{}"),
                    Raw.refused(
                            "HTTP/1.1 200 OK\r\n"
                                    + JSON
                                    + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n"
                                    + "2\r\n{}\r\n0\r\n\r\n"),
                    // Sizes that contradict each other, or that are none.
                    Raw.refused(
                            "HTTP/1.1 200 OK\r\n"
                                    + JSON
                                    + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} "),
                    Raw.refused("HTTP/1.1 200 OK\r\n" + JSON + "Content-Length: -1\r\n\r\n{}"),
                    Raw.refused("HTTP/1.1 200 OK\r\n" + JSON + "Content-Length: 2x\r\n\r\n{}"),
                    Raw.refused(
                            "HTTP/1.1 200 OK\r\n"
                                    + JSON
                                    + "Content-Length: 99999999999999999999\r\n\r\n{}"),
                    Raw.refused("HTTP/1.1 200 OK\r\n" + JSON + "Content-Length: 900\r\n\r\n{}"),
                    Raw.refused(
                            "HTTP/1.1 200 OK\r\n"
                                    + JSON
                                    + "Transfer-Encoding: chunked\r\n\r\n-2\r\n{}\r\n0\r\n\r\n"),
                    Raw.refused(
                            "HTTP/1.1 200 OK\r\n"
                                    + JSON
                                    + "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n"),
                    Raw.refused(
                            "HTTP/1.1 200 OK\r\n"
                                    + JSON
                                    + "Transfer-Encoding: chunked\r\n\r\n"
                                    + "7fffffffffffffff\r\n{}\r\n0\r\n\r\n"),
                    Raw.refused(
                            "HTTP/1.1 200 OK\r\n"
                                    + JSON
                                    + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}"),
                    // Not HTTP, or not one that there is.
                    Raw.refused(""),
                    Raw.refused("{}"),
                    Raw.refused("HTTP/1.1 OK\r\n" + JSON + "Content-Length: 2\r\n\r\n{}"),
                    Raw.refused("HTTP/2.0 200 OK\r\n" + JSON + "Content-Length: 2\r\n\r\n{}"),
                    Raw.refused("ICY 200 OK\r\n" + JSON + "Content-Length: 2\r\n\r\n{}"),
                    Raw.refused("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
                    Raw.refused(
                            "HTTP/1.1 200 OK\r\n"
                                    + JSON
                                    + "Bad Header: x\r\nContent-Length: 2"
                                    + "\r\n\r\n{}"),
                    Raw.refused(
                            "HTTP/1.1 200 OK\r\nX: "
                                    + "x".repeat(500_000)
                                    + "\r\n"
                                    + JSON
                                    + "Content-Length: 2\r\n\r\n{}"),
                    // Statuses that are no answer.
                    Raw.refused(
                            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade"
                                    + "\r\n\r\n"),
                    Raw.refused("HTTP/1.1 204 No Content\r\n\r\n"),
                    Raw.refused("HTTP/1.1 201 Created\r\n" + JSON + "Content-Length: 2\r\n\r\n{}"),
                    Raw.refused("HTTP/1.1 206 Partial\r\n" + JSON + "Content-Length: 2\r\n\r\n{}"),
                    Raw.refused("HTTP/1.1 304 Not Modified\r\n\r\n"),
                    Raw.refused(
                            "HTTP/1.1 401 No\r\nWWW-Authenticate: Basic\r\n"
                                    + JSON
                                    + "Content-Length: 2\r\n\r\n{}"),
                    Raw.refused("HTTP/1.1 500 No\r\n" + JSON + "Content-Length: 2\r\n\r\n{}"),
                    // Not JSON in UTF-8.
                    Raw.refused("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"),
                    Raw.refused(
                            "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2"
                                    + "\r\n\r\n{}"),
                    Raw.refused(
                            "HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-16"
                                    + "\r\nContent-Length: 2\r\n\r\n{}"),
                    Raw.refused(
                            "HTTP/1.1 200 OK\r\n"
                                    + JSON
                                    + "Content-Type: text/html\r\nContent-Length: 2\r\n\r\n{}"),
                    Raw.refused(
                            "HTTP/1.1 200 OK\r\n"
                                    + JSON
                                    + "Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}"),
                    Raw.refused(
                            "HTTP/1.1 200 OK\r\n"
                                    + JSON
                                    + "Content-Encoding: identity\r\nContent-Length: 2\r\n\r\n{}"),
                    Raw.refused("HTTP/1.1 200 OK\r\n" + JSON + "Content-Length: 0\r\n\r\n"),
                    Raw.refused(
                            "HTTP/1.1 200 OK\r\n"
                                    + JSON
                                    + "Content-Length: 13\r\n\r\n"
                                    + "{\"a\":1,\"a\":2}"),
                    Raw.refused("HTTP/1.1 200 OK\r\n" + JSON + "Content-Length: 3\r\n\r\n{}x"),
                    Raw.refused("HTTP/1.1 200 OK\r\n" + JSON + "Content-Length: 5\r\n\r\n\ufeff{}"),
                    Raw.refused("HTTP/1.1 200 OK\r\n" + JSON + "Content-Length: 3\r\n\r\nNaN"),
                    Raw.refused(
                            "HTTP/1.1 200 OK\r\n"
                                    + JSON
                                    + "Content-Length: 900\r\n\r\n"
                                    + "[".repeat(450)
                                    + "]".repeat(450)));

    @ParameterizedTest
    @FieldSource("ANSWERS")
    void anAnswerIsPlainHttpWithJsonOrItIsRefusedInTime(Raw raw) {
        long begun = System.nanoTime();
        try (var server = RawTls.over(own.server(), out -> out.write(RawTls.bytes(raw.answer())))) {
            String came;
            try {
                came = endpoint(server.endpoint(own)).get(Map.of("symbol", "x")).text();
            } catch (GuardException e) {
                came = "refused";
                assertThat(e.code())
                        .isIn(
                                Code.ENDPOINT_REFUSED,
                                Code.UNREACHABLE,
                                Code.TOO_LARGE,
                                Code.TIMED_OUT);
            }
            assertThat(came).isEqualTo(raw.taken().orElse("refused"));
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(TIMEOUT.multipliedBy(8));
    }

    @Test
    void aBodyThatWouldUnfoldIsNotUnfolded() throws IOException {
        var bomb = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(bomb)) {
            gzip.write(new byte[100_000]);
        }
        assertThat(bomb.size()).isLessThan(1000);
        try (var server =
                RawTls.over(
                        own.server(),
                        out -> {
                            out.write(
                                    RawTls.bytes(
                                            "HTTP/1.1 200 OK\r\n"
                                                    + JSON
                                                    + "Content-Encoding: gzip\r\nContent-Length: "
                                                    + bomb.size()
                                                    + "\r\n\r\n"));
                            bomb.writeTo(out);
                        })) {
            assertRefused(
                    Code.ENDPOINT_REFUSED,
                    () -> endpoint(server.endpoint(own)).get(Map.of("symbol", "x")));
            assertThat(server.asked.getFirst().toLowerCase(java.util.Locale.ROOT))
                    .doesNotContain("accept-encoding");
        }
    }

    @Test
    void whatNeverEndsIsCutAtItsSizeOrItsTime() {
        // Chunks for ever: the size.
        assertEndless(
                Code.TOO_LARGE,
                "HTTP/1.1 200 OK\r\n" + JSON + "Transfer-Encoding: chunked\r\n\r\n",
                "10\r\n0123456789abcdef\r\n");
        // One byte now and then: the time.
        assertEndless(
                Code.TIMED_OUT, "HTTP/1.1 200 OK\r\n" + JSON + "Content-Length: 1000\r\n\r\n", " ");
        // The same before the body begins.
        assertEndless(Code.TIMED_OUT, "HTTP/1.1 200 OK\r\nX: ", "x");
        assertEndless(Code.TIMED_OUT, "HTTP/1.1 200 OK\r\n", "X: y\r\n");
        // The client takes a few of these.
        assertEndless(Code.UNREACHABLE, "", "HTTP/1.1 100 Continue\r\n\r\n");
    }

    private static void assertEndless(Code code, String begin, String more) {
        long begun = System.nanoTime();
        var server = new AtomicReference<RawTls>();
        try (var opened =
                RawTls.over(
                        own.server(),
                        out -> {
                            out.write(RawTls.bytes(begin));
                            do {
                                out.write(RawTls.bytes(more));
                                out.flush();
                            } while (server.get().pause());
                        })) {
            server.set(opened);
            assertRefused(code, () -> endpoint(opened.endpoint(own)).get(Map.of("symbol", "x")));
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(TIMEOUT.multipliedBy(8));
    }

    @Test
    void aServerOfAnotherAuthorityOrNameIsToldNothing() {
        try (var stranger = new LoopbackHttps(foreign.server());
                var impostor = new LoopbackHttps(elsewhere.server())) {
            assertRefused(
                    Code.UNREACHABLE,
                    () -> endpoint(stranger.endpoint(own)).get(Map.of("symbol", "x")));
            assertRefused(
                    Code.UNREACHABLE,
                    () -> endpoint(impostor.endpoint(elsewhere)).get(Map.of("symbol", "x")));
            assertThat(stranger.asked).isEmpty();
            assertThat(impostor.asked).isEmpty();
        }
    }

    @Test
    void thereIsNoWayDownFromTls() {
        // An answer in the clear, and a server that wants TLS 1.0 or SSL 3.
        for (var first :
                List.of(
                        RawTls.bytes("HTTP/1.1 200 OK\r\n" + JSON + "Content-Length: 2\r\n\r\n{}"),
                        serverHello(0x01),
                        serverHello(0x02),
                        serverHello(0x00))) {
            try (var server = RawTls.plain(out -> say(out, first))) {
                assertRefused(
                        Code.UNREACHABLE,
                        () -> endpoint(server.endpoint(own)).get(Map.of("symbol", "x")));
                assertThat(server.asked).noneMatch(head -> head.contains("GET"));
            }
        }
    }

    private static void say(OutputStream out, byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    /// A ServerHello (RFC 5246, 7.4.1.3) with TLS_RSA_WITH_AES_128_CBC_SHA.
    ///
    /// @param minor of version 3.x: 0 is SSL 3, 1 is TLS 1.0, 2 is TLS 1.1
    private static byte[] serverHello(int minor) {
        var version = "03%02x".formatted(minor);
        var hello = version + "11".repeat(32) + "00" + "002f" + "00";
        var handshake = "02%06x".formatted(hello.length() / 2) + hello;
        return HexFormat.of()
                .parseHex("16" + version + "%04x".formatted(handshake.length() / 2) + handshake);
    }
}
