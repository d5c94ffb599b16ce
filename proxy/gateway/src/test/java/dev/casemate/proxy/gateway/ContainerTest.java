package dev.casemate.proxy.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.casemate.manifest.Correlation;
import dev.casemate.manifest.Json;
import dev.casemate.proxy.audit.LedgerEntry.Kind;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a launcher tells of its containers: by its own credential alone, strictly, and onto record
/// before the answer.
final class ContainerTest {

    private static final String ENDED =
            """
            {"event":"container_ended","launch":"000-0a1b2c3d","attempt":2,"reason":"processes","limit":"pids",
             "exitCode":1,"durationMillis":1200,"meters":{"processesRefused":4},"seen":["refused 4 times"],
             "droppedLines":0,"startsAgain":false}\
            """;

    @TempDir private Path directory;
    private House house;

    @BeforeEach
    void open() throws Exception {
        house = new House(directory);
        house.start();
    }

    @AfterEach
    void close() {
        house.close();
    }

    private static String started() {
        return """
        {"event":"container_started","launch":"000-0a1b2c3d","attempt":1,"attempts":3,"image":"sha256:00",
         "manifest":"%s","work":"task","limits":{"pids":64},"controlsOff":[]}\
        """
                .formatted(House.digest("market-analyst", House.TOOL));
    }

    private static String log(String... lines) {
        var items =
                Arrays.stream(lines)
                        .map(line ->
                                Json.object().put("stream", "stderr").put("text", line).build())
                        .toList();
        return Json.object()
                .put("event", "container_log")
                .put("launch", "000-0a1b2c3d")
                .put("attempt", 1)
                .put("lines", Json.array(items))
                .put("dropped", 3)
                .build()
                .text();
    }

    private HttpResponse<String> post(String path, String credential, String body)
            throws Exception {
        return house.send(
                HttpRequest.newBuilder(house.uri(path))
                        .header("authorization", "Bearer " + credential)
                        .header("baggage", new Correlation("run-1", "w", "t").baggage())
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build());
    }

    private HttpResponse<String> tell(String body) throws Exception {
        return post(FrontDoor.CONTAINERS, House.LAUNCHER_CREDENTIAL, body);
    }

    private void assertRefused(HttpResponse<String> response, ErrorCode code) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(code.status());
        assertThat(response.body()).contains("\"code\":\"" + code.word() + "\"");
        assertThat(house.records())
                .singleElement()
                .satisfies(entry -> assertThat(entry.kind()).isEqualTo(Kind.REFUSAL));
    }

    @Test
    void startLinesAndEndAreOnRecordUnderTheirRun() throws Exception {
        for (var body : List.of(started(), log("it begins"), ENDED)) {
            var response = tell(body);
            assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
        }
        assertThat(house.records())
                .extracting(entry -> entry.kind())
                .containsExactly(Kind.CONTAINER_STARTED, Kind.CONTAINER_LOG, Kind.CONTAINER_ENDED);
        assertThat(house.records())
                .allSatisfy(entry -> {
                    assertThat(entry.agent()).contains("market-analyst");
                    assertThat(entry.correlation()).contains(new Correlation("run-1", "w", "t"));
                    assertThat(entry.body().text("source")).contains("launcher");
                });
        assertThat(house.records().getLast().body().text())
                .contains("\"reason\":\"processes\"", "\"limit\":\"pids\"", "\"attempt\":2");
    }

    @Test
    void anAgentCannotForgeTheRecordOfItsContainer() throws Exception {
        assertRefused(
                post(FrontDoor.CONTAINERS, House.CREDENTIAL, ENDED),
                ErrorCode.CREDENTIAL_OF_ANOTHER_ROLE);
    }

    @ParameterizedTest
    @ValueSource(strings = {FrontDoor.CHAT, FrontDoor.EVENTS, FrontDoor.TRACES})
    void aLauncherCanDoNothingElse(String path) throws Exception {
        assertRefused(
                post(path, House.LAUNCHER_CREDENTIAL, House.prompt("Hello")),
                ErrorCode.CREDENTIAL_OF_ANOTHER_ROLE);
    }

    @Test
    void aContainerOfAnotherManifestDoesNotStart() throws Exception {
        var other = House.digest("clerk", "");
        assertRefused(
                tell(started().replace(House.digest("market-analyst", House.TOOL), other)),
                ErrorCode.MANIFEST_NOT_ADMITTED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "container_ended|container_vanished",
                "\"attempt\":2|\"attempt\":-1",
                "\"attempt\":2|\"attempt\":1.5",
                "\"attempt\":2,|",
                "\"startsAgain\":false|\"startsAgain\":false,\"more\":1",
                "\"processesRefused\":4|\"processesRefused\":\"many\"",
                "\"reason\":\"processes\"|\"reason\":\"a sentence\""
            })
    void whatIsNotKnownIsRefused(String from, String to) throws Exception {
        var body = ENDED.replace(from, to == null ? "" : to);
        assertThat(body).isNotEqualTo(ENDED);
        assertRefused(tell(body), ErrorCode.INVALID_REQUEST);
    }

    @Test
    void tooManyOrTooLongLinesAreRefused() throws Exception {
        var many = new String[ContainerReader.MAX_LINES + 1];
        Arrays.fill(many, "x");
        assertRefused(tell(log(many)), ErrorCode.INVALID_REQUEST);
        assertThat(tell(log("x".repeat(ContainerReader.MAX_LINE_CHARS + 1))).statusCode())
                .isEqualTo(400);
    }

    @Test
    void aLineWithASecretIsWithheldAndTheRuleNamed() throws Exception {
        var token = "ghp_" + "a1B2".repeat(9);
        var response = tell(log("all is well", "the token is " + token));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
        var record = house.records().getLast().body().text();
        assertThat(record).contains("all is well", "[withheld: secret.").doesNotContain(token);
        assertThat(record).contains("\"dropped\":3");
    }

    @Test
    void oneCredentialForBothIsRefusedBeforeAnythingListens() throws Exception {
        var config = house.config();
        Files.writeString(
                config,
                Files.readString(config)
                        .replace(
                                House.sha256(House.LAUNCHER_CREDENTIAL),
                                House.sha256(House.CLERK_CREDENTIAL).toUpperCase(Locale.ROOT)));
        assertThatThrownBy(() -> GatewayConfig.read(config))
                .isInstanceOfSatisfying(
                        ConfigException.class,
                        e -> assertThat(e.code()).isEqualTo(ConfigException.Code.BROKEN_REFERENCE));
    }
}
