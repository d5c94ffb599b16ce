package dev.casemate.proxy.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.casemate.manifest.Json;
import dev.casemate.proxy.audit.LedgerEntry.Kind;
import dev.casemate.proxy.gateway.OfficialClient.Said;
import io.vertx.core.http.HttpServerResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every agent's wire format meets every upstream's, plain and streamed: the provider's own client
/// on one side, the provider's published answers on the other.
final class WireMatrixTest {

    private static final String SECRET = "AKIAQ3EGRJSKDMXBZ7VU";

    @TempDir Path directory;
    private House house;

    @BeforeEach
    void open() throws Exception {
        house = new House(directory).start();
    }

    @AfterEach
    void close() {
        house.close();
    }

    /// One cell of the matrix.
    record Pair(WireFormat agent, WireFormat upstream, boolean stream) {
        @Override
        public String toString() {
            return "%s to %s, %s"
                    .formatted(agent.word(), upstream.word(), stream ? "streamed" : "plain");
        }

        String model() {
            return switch (upstream) {
                case OPENAI_CHAT -> House.MODEL;
                case ANTHROPIC_MESSAGES -> House.CLAUDE;
            };
        }
    }

    static List<Pair> pairs() {
        var pairs = new ArrayList<Pair>();
        for (var agent : WireFormat.values()) {
            for (var upstream : WireFormat.values()) {
                pairs.add(new Pair(agent, upstream, false));
                pairs.add(new Pair(agent, upstream, true));
            }
        }
        return pairs;
    }

    private void answers(Pair pair, String plain, String streamed) {
        house.upstream.play((_, response) -> play(pair, response, plain, streamed));
    }

    private static void play(
            Pair pair, HttpServerResponse response, String plain, String streamed) {
        if (pair.stream()) {
            FakeUpstream.stream(response, streamed, 7);
        } else {
            FakeUpstream.json(response, 200, plain);
        }
    }

    private Said ask(Pair pair) {
        try (var client = OfficialClient.of(pair.agent(), house, House.CREDENTIAL)) {
            return client.ask(pair.model(), pair.stream());
        }
    }

    private List<String> reasons(Pair pair) {
        try (var client = OfficialClient.of(pair.agent(), house, House.CREDENTIAL)) {
            return client.reasons();
        }
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void textReasonAndUsageArrive(Pair pair) {
        var voice = Voice.of(pair.upstream());
        for (int i = 0; i < voice.reasons().size(); i++) {
            var reason = voice.reasons().get(i);
            answers(
                    pair,
                    voice.plain("Copper is \u00fcp.", reason),
                    voice.stream(List.of("Copper", " is ", "\u00fcp."), reason));
            assertThat(ask(pair))
                    .isEqualTo(
                            new Said(
                                    "Copper is \u00fcp.",
                                    List.of(),
                                    reasons(pair).get(i),
                                    100,
                                    40,
                                    10));
        }
        assertThat(house.records().stream().filter(e -> e.kind() == Kind.ANSWER))
                .hasSize(voice.reasons().size())
                .allSatisfy(entry -> {
                    assertThat(entry.body().text("outcome")).contains("answered");
                    // 60 fresh at 1 USD per million, 40 cached at 0.5, 10 written at 2.
                    assertThat(entry.body().text("costNanoUsd")).contains("100000");
                    assertThat(entry.body().get("estimated")).contains(Json.of(false));
                });
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void aToolCallArrives(Pair pair) {
        var voice = Voice.of(pair.upstream());
        answers(
                pair,
                voice.plainCall(OfficialClient.TOOL_NAME, OfficialClient.ARGUMENTS),
                voice.streamedCall(
                        OfficialClient.TOOL_NAME, List.of("{\"sym", "bol\":", "\"HG\"}")));
        assertThat(ask(pair))
                .isEqualTo(
                        new Said(
                                "",
                                List.of(OfficialClient.TOOL_NAME + " " + OfficialClient.ARGUMENTS),
                                reasons(pair).getLast(),
                                100,
                                40,
                                10));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void theUpstreamIsToldTheWholeConversation(Pair pair) {
        var voice = Voice.of(pair.upstream());
        var whole = voice.reasons().getFirst();
        answers(pair, voice.plain("so", whole), voice.stream(List.of("so"), whole));
        ask(pair);
        var seen = house.upstream.seen().getLast();
        var told = pair.upstream().dialect().read(WireJson.write(seen.body()));
        assertThat(told.turns())
                .containsExactly(
                        new Turn.Instructions(List.of(OfficialClient.SYSTEM)),
                        new Turn.User(List.of(OfficialClient.QUESTION)),
                        new Turn.Assistant(
                                List.of(),
                                List.of(
                                        new ModelAnswer.ToolCall(
                                                "call_0",
                                                OfficialClient.TOOL_NAME,
                                                OfficialClient.ARGUMENTS))),
                        new Turn.ToolResult("call_0", List.of(OfficialClient.RESULT), false));
        assertThat(told.tools()).hasSize(1);
        assertThat(told.settings().temperature())
                .hasValueSatisfying(t -> assertThat(t).isEqualByComparingTo("0.5"));
        assertThat(told.outputLimit()).hasValue(500);
        assertThat(told.model()).isEqualTo("upstream-model");
        assertThat(told.stream()).isEqualTo(pair.stream());
        assertThat(seen.path()).isEqualTo("/v1" + pair.upstream().dialect().path());
        assertThat(seen.authorization() + seen.apiKey())
                .contains(House.UPSTREAM_KEY)
                .doesNotContain(House.CREDENTIAL);
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void aToolOutsideTheManifestNeverArrives(Pair pair) {
        var voice = Voice.of(pair.upstream());
        answers(
                pair,
                voice.plainCall("run_shell", OfficialClient.ARGUMENTS),
                voice.streamedCall("run_shell", List.of(OfficialClient.ARGUMENTS)));
        assertThatThrownBy(() -> ask(pair)).hasMessageContaining("manifest");
        assertThat(lastCode()).contains("illegal_tool_call");
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void aSecretInTheAnswerNeverArrives(Pair pair) {
        var voice = Voice.of(pair.upstream());
        var whole = voice.reasons().getFirst();
        answers(
                pair,
                voice.plain("Use " + SECRET + " for it.", whole),
                voice.stream(List.of("Use AKIAQ3EGR", "JSKDMXBZ7VU for it."), whole));
        assertThatThrownBy(() -> ask(pair)).hasMessageContaining("policy");
        assertThat(lastCode()).contains("answer_blocked");
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void withTheRuleOffTheSecretArrives(Pair pair) throws Exception {
        house.stop();
        house.policy = "policy: {actions: {secret: log}}";
        house.start();
        var voice = Voice.of(pair.upstream());
        var whole = voice.reasons().getFirst();
        answers(
                pair,
                voice.plain("Use " + SECRET + " for it.", whole),
                voice.stream(List.of("Use AKIAQ3EGR", "JSKDMXBZ7VU for it."), whole));
        assertThat(ask(pair).text()).isEqualTo("Use " + SECRET + " for it.");
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void aStreamThatStopsIsAFailure(Pair pair) {
        var voice = Voice.of(pair.upstream());
        var whole = voice.reasons().getFirst();
        var plain = voice.plain("so", whole);
        var streamed = voice.stream(List.of("so"), whole);
        answers(
                pair,
                plain.substring(0, plain.length() / 2),
                streamed.substring(0, streamed.length() / 2));
        assertThatThrownBy(() -> ask(pair)).isInstanceOf(RuntimeException.class);
        assertThat(lastCode()).contains("upstream_failed");
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void aStrangerIsToldSoInItsOwnFormat(Pair pair) {
        try (var client = OfficialClient.of(pair.agent(), house, "guess")) {
            assertThatThrownBy(() -> client.ask(pair.model(), pair.stream()))
                    .hasMessageContaining("401")
                    .hasMessageContaining("credential");
        }
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void anUpstreamThatIsAskedTooOftenIsUnderstood(Pair pair) {
        house.upstream.play((_, response) -> {
            response.putHeader("retry-after", "3");
            FakeUpstream.json(response, 429, "{\"error\":{\"type\":\"rate_limit_error\"}}");
        });
        assertThatThrownBy(() -> ask(pair)).hasMessageContaining("429");
        assertThat(lastCode()).contains("rate_limit_exceeded");
    }

    private Optional<String> lastCode() {
        return house.records().getLast().body().text("code");
    }

    @Test
    void thePageOfTheFormatsHoldsTheMatrix() throws Exception {
        var lines = new TreeSet<String>();
        for (var pair : pairs()) {
            lines.add(
                    "| `%s` | `POST /v1%s` | `%s` | yes | yes |"
                            .formatted(
                                    pair.agent().word(),
                                    pair.agent().dialect().path(),
                                    pair.upstream().word()));
        }
        var page = Files.readAllLines(Path.of("../../docs/wire-formats.md"));
        assertThat(page.stream().filter(line -> line.endsWith("| yes | yes |")))
                .containsExactlyInAnyOrderElementsOf(lines);
    }

    // ---- what cannot be told

    static Stream<Untold> untold() {
        return Stream.of(
                new Untold(FrontDoor.CHAT, House.CLAUDE, ",\"seed\":1", "/seed"),
                new Untold(FrontDoor.CHAT, House.CLAUDE, ",\"temperature\":1.5", "temperature"),
                new Untold(
                        FrontDoor.CHAT,
                        House.CLAUDE,
                        ",\"response_format\":{\"type\":\"json_object\"}",
                        "/response_format"),
                new Untold(FrontDoor.MESSAGES, House.MODEL, ",\"top_k\":5", "/top_k"));
    }

    record Untold(String route, String model, String member, String told) {}

    @ParameterizedTest
    @MethodSource("untold")
    void whatTheUpstreamHasNoWordsForIsRefused(Untold untold) throws Exception {
        var body = House.prompt(untold.model(), "hi", ",\"max_tokens\":5" + untold.member());
        var response = house.post(untold.route(), body);
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("not_translatable").contains(untold.told());
        assertThat(house.upstream.seen()).isEmpty();
        // The same passes where the upstream speaks the agent's own format.
        var own = untold.model().equals(House.MODEL) ? House.CLAUDE : House.MODEL;
        house.post(untold.route(), body.replace(untold.model(), own));
        assertThat(house.upstream.seen()).hasSize(1);
    }
}
