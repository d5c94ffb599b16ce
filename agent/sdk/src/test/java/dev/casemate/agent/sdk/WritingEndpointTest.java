package dev.casemate.agent.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.casemate.agent.sdk.BodyMember.Form;
import dev.casemate.agent.sdk.GuardException.Code;
import dev.casemate.manifest.Correlation;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.JsonReader;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class WritingEndpointTest {

    private static final Map<String, BodyMember> MEMBERS =
            Map.of(
                    "title", BodyMember.required(new Form.Text(Pattern.compile("[^\\r\\n]+"), 20)),
                    "kind", BodyMember.optional(new Form.OneOf(Set.of("note", "alert"))),
                    "lots", BodyMember.optional(new Form.Whole(1, 10)),
                    "price",
                            BodyMember.optional(
                                    new Form.Decimal(BigDecimal.ZERO, BigDecimal.valueOf(1000))),
                    "urgent", BodyMember.optional(new Form.Flag()),
                    "symbols",
                            BodyMember.optional(
                                    new Form.Items(new Form.OneOf(Set.of("XCU", "XAU")), 2)));

    @TempDir private static Path directory;
    private static Certificates own;

    private LoopbackHttps server;

    @BeforeAll
    static void makeCertificates() throws IOException {
        own = Certificates.named("dns:localhost", directory);
    }

    @BeforeEach
    void start() {
        server = new LoopbackHttps(own.server());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private WritingEndpoint notes(WritingEndpoint.Method method) {
        return new WritingEndpoint(
                server.endpoint(own),
                method,
                new FixedEndpoint.Shape(
                        "/v1/notes/{id}",
                        Map.of("id", new PathParameter.Whole(1, 99)),
                        1000,
                        Duration.ofSeconds(2)),
                MEMBERS);
    }

    private static Json.Obj body(String json) {
        return (Json.Obj) JsonReader.read(json);
    }

    @ParameterizedTest
    @EnumSource(WritingEndpoint.Method.class)
    void theOneMethodIsUsedAndTheObjectSent(WritingEndpoint.Method method) {
        server.answersJson(201, "{\"id\":7}");
        var answer =
                notes(method)
                        .send(
                                Map.of("id", "7"),
                                body(
                                        """
                                        {"title": "Copper \\"rises\\"", "kind": "note", "lots": 2,
                                            "price": 9.5, "urgent": true, "symbols": ["XCU"]}
                                        """));
        assertThat(answer.orElseThrow().text()).isEqualTo("{\"id\":7}");
        var asked = server.asked.getFirst();
        assertThat(asked.method()).isEqualTo(method.name());
        assertThat(asked.path()).isEqualTo("/v1/notes/7");
        assertThat(body(asked.body()).text("title")).contains("Copper \"rises\"");
    }

    @Test
    void theKeyOfTheCallIsSentAndTheSameForTheSameMeaning() {
        var keys = new CopyOnWriteArrayList<String>();
        server.answers(exchange -> {
            keys.add(String.valueOf(exchange.getRequestHeaders().getFirst("Idempotency-Key")));
            LoopbackHttps.body(exchange, 204, "");
        });
        var run = new Correlation("run-1", "workflow-1", "transaction-1");
        var arguments = body("{\"title\": \"x\"}");
        var notes = notes(WritingEndpoint.Method.POST);
        for (int i = 0; i < 2; i++) {
            var key = IdempotencyKey.of(run, "note", arguments);
            assertThat(notes.send(Map.of("id", "7"), arguments, key)).isEmpty();
        }
        notes.send(Map.of("id", "7"), arguments);
        assertThat(keys.get(0)).matches("[0-9a-f]{64}").isEqualTo(keys.get(1));
        assertThat(keys.get(2)).isEqualTo("null");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"title\": 1}",
                "{\"title\": null}",
                "{\"title\": [\"x\"]}",
                "{\"title\": \"x\\r\\ny\"}",
                "{\"title\": \"123456789012345678901\"}",
                "{\"title\": \"x\", \"admin\": true}",
                "{\"title\": \"x\", \"__proto__\": {}}",
                "{\"title\": \"x\", \"kind\": \"order\"}",
                "{\"title\": \"x\", \"kind\": {\"$ne\": \"note\"}}",
                "{\"title\": \"x\", \"lots\": 0}",
                "{\"title\": \"x\", \"lots\": 1.5}",
                "{\"title\": \"x\", \"lots\": \"2\"}",
                "{\"title\": \"x\", \"lots\": 1e300}",
                "{\"title\": \"x\", \"price\": -0.01}",
                "{\"title\": \"x\", \"price\": 1000.01}",
                "{\"title\": \"x\", \"urgent\": \"true\"}",
                "{\"title\": \"x\", \"urgent\": 1}",
                "{\"title\": \"x\", \"symbols\": \"XCU\"}",
                "{\"title\": \"x\", \"symbols\": [\"XCU\", \"XAU\", \"XCU\"]}",
                "{\"title\": \"x\", \"symbols\": [[\"XCU\"]]}"
            })
    void anObjectThatIsNotOfItsFormIsNotSent(String json) {
        var notes = notes(WritingEndpoint.Method.POST);
        assertThatExceptionOfType(GuardException.class)
                .isThrownBy(() -> notes.send(Map.of("id", "7"), body(json)))
                .extracting(GuardException::code)
                .isEqualTo(Code.INVALID_PARAMETER);
        assertThat(server.asked).isEmpty();
    }

    @Test
    void aTornCharacterIsNotSent() {
        var torn = Json.object().put("title", "x\ud800").build();
        assertThatExceptionOfType(GuardException.class)
                .isThrownBy(() -> notes(WritingEndpoint.Method.POST).send(Map.of("id", "7"), torn));
        assertThat(server.asked).isEmpty();
    }

    @Test
    void anAnswerThatDoesNotComeSaysThatTheOutcomeIsNotKnown() {
        server.answers(_ -> server.hang());
        assertThatExceptionOfType(GuardException.class)
                .isThrownBy(() ->
                        notes(WritingEndpoint.Method.POST)
                                .send(Map.of("id", "7"), body("{\"title\": \"x\"}")))
                .withMessage(
                        "The endpoint did not answer in time. Whether it was carried out is not"
                                + " known.")
                .extracting(GuardException::code)
                .isEqualTo(Code.TIMED_OUT);
        // Never twice by itself.
        assertThat(server.asked).hasSize(1);
    }

    @Test
    void aConnectionThatBreaksIsNotTriedAgain() {
        try (var broken = RawTls.over(own.server(), _ -> {})) {
            var notes =
                    new WritingEndpoint(
                            broken.endpoint(own),
                            WritingEndpoint.Method.POST,
                            new FixedEndpoint.Shape(
                                    "/v1/notes", Map.of(), 1000, Duration.ofSeconds(2)),
                            MEMBERS);
            assertThatExceptionOfType(GuardException.class)
                    .isThrownBy(() -> notes.send(Map.of(), body("{\"title\": \"x\"}")))
                    .withMessageEndingWith("Whether it was carried out is not known.");
            assertThat(broken.asked).hasSize(1);
        }
    }

    @Test
    void onlyWhatMeansDoneCounts() {
        for (int status : List.of(203, 302, 307, 400, 409, 422, 500)) {
            server.answersJson(status, "{}");
            assertThatExceptionOfType(GuardException.class)
                    .isThrownBy(() ->
                            notes(WritingEndpoint.Method.PUT)
                                    .send(Map.of("id", "7"), body("{\"title\": \"x\"}")))
                    .extracting(GuardException::code)
                    .isEqualTo(Code.ENDPOINT_REFUSED);
        }
        assertThat(server.asked).hasSize(7);
    }
}
