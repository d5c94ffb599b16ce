package dev.casemate.proxy.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.casemate.manifest.Json;
import dev.casemate.proxy.audit.LedgerEntry;
import dev.casemate.proxy.audit.LedgerEntry.Kind;
import dev.casemate.proxy.gateway.OfficialClient.Anthropic;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What only Messages have: their place for a credential, their list of models, their marks.
final class AnthropicMessagesTest {

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

    private HttpResponse<String> messages(String model, String messages, String more)
            throws Exception {
        var body =
                "{\"model\":\"%s\",\"max_tokens\":50,\"messages\":[%s]%s}"
                        .formatted(model, messages, more);
        return house.post(FrontDoor.MESSAGES, body);
    }

    private static String user(String content) {
        return "{\"role\":\"user\",\"content\":" + content + "}";
    }

    @Test
    void theClientListsTheModelsOfTheManifest() {
        try (var client = Anthropic.of(house, House.CREDENTIAL)) {
            assertThat(client.client().models().list().data())
                    .extracting(model -> model.id())
                    .contains("claude", "gpt-4o-mini")
                    .doesNotContain("other");
        }
    }

    @Test
    void twoCredentialsThatDifferAreAStrangers() throws Exception {
        for (var key : List.of(House.CLERK_CREDENTIAL, "guess")) {
            var response =
                    house.send(
                            house.request(FrontDoor.MODELS).header("x-api-key", key).GET().build());
            assertThat(response.statusCode()).isEqualTo(401);
        }
        var same =
                house.request(FrontDoor.MODELS).header("x-api-key", House.CREDENTIAL).GET().build();
        assertThat(house.send(same).statusCode()).isEqualTo(200);
    }

    @Test
    void aResultMarkedAsAnErrorStaysOneWithoutTheMark() throws Exception {
        var conversation =
                user("\"hi\"")
                        + ",{\"role\":\"assistant\",\"content\":[{\"type\":\"tool_use\",\"id\":\"t1\",\"name\":\"get_current_prices\",\"input\":{}}]},"
                        + user(
                                "[{\"type\":\"tool_result\",\"tool_use_id\":\"t1\",\"is_error\":true,\"content\":\"no such symbol\"},"
                                        + "{\"type\":\"text\",\"text\":\"go on\"}]");
        assertThat(messages(House.MODEL, conversation, "").statusCode()).isEqualTo(200);
        var told = OpenAiChat.DIALECT.read(WireJson.write(house.upstream.seen().getLast().body()));
        assertThat(told.turns())
                .endsWith(
                        new Turn.ToolResult(
                                "t1", List.of("The tool failed: no such symbol"), false),
                        new Turn.User(List.of("go on")));
    }

    @Test
    void theTextThatEndedAnAnswerIsToldAndJudged() throws Exception {
        house.upstream.play((_, response) ->
                FakeUpstream.json(
                        response,
                        200,
                        Voice.of(WireFormat.ANTHROPIC_MESSAGES)
                                .plain("one two", "stop_sequence")
                                .replace("\"stop_sequence\":null", "\"stop_sequence\":\"three\"")));
        var answer = House.json(messages(House.CLAUDE, user("\"count\""), ""));
        assertThat(answer.text("stop_reason")).contains("stop_sequence");
        assertThat(answer.text("stop_sequence")).contains("three");
        house.upstream.play((_, response) ->
                FakeUpstream.json(
                        response,
                        200,
                        Voice.of(WireFormat.ANTHROPIC_MESSAGES)
                                .plain("one two", "stop_sequence")
                                .replace(
                                        "\"stop_sequence\":null",
                                        "\"stop_sequence\":\"AKIAQ3EGRJSKDMXBZ7VU\"")));
        assertThat(messages(House.CLAUDE, user("\"count\""), "").statusCode()).isEqualTo(403);
    }

    @Test
    void aConversationThatIsTooLongIsToldAsSuch() throws Exception {
        house.upstream.play((_, response) ->
                FakeUpstream.json(
                        response,
                        400,
                        """
                        {"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 210000 tokens > 200000 maximum"}}
                        """));
        var response = messages(House.CLAUDE, user("\"hi\""), "");
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body())
                .contains("\"type\":\"invalid_request_error\"", "context_length_exceeded")
                .doesNotContain("210000");
    }

    @Test
    void aBrokenStreamIsEstimatedAndNotTakenAtItsFirstReport() throws Exception {
        house.upstream.play((_, response) ->
                FakeUpstream.stream(
                        response,
                        Voice.Anthropic.begin()
                                + Voice.Anthropic.start(
                                        "{\"type\":\"text\",\"text\":\"some words\"}"),
                        1 << 20));
        messages(House.CLAUDE, user("\"hi\""), ",\"stream\":true");
        var answer =
                house.records().stream()
                        .filter(entry -> entry.kind() == Kind.ANSWER)
                        .findFirst()
                        .orElseThrow();
        assertThat(answer.body().get("estimated")).contains(Json.of(true));
        assertThat(answer.body().get("usage").orElseThrow().text()).contains("\"outputTokens\":10");
    }

    @Test
    void toolsReserveWhatTheProviderAddsToThem() {
        var with =
                """
                {"model":"claude","max_tokens":1,"messages":[{"role":"user","content":"hi"}],
                 "tools":[{"name":"t","input_schema":{}}]}
                """;
        var without = with.replaceFirst("(?s),\\s*\"tools\".*]", "");
        assertThat(added(with)).isEqualTo(1_024);
        assertThat(added(without)).isZero();
    }

    @Test
    void aSmallPromptWithAToolCostsNoMoreThanWasReserved() throws Exception {
        // Anthropic's table of the tokens that it adds for tools: up to 700; 40 of the request's
        // own.
        int charged = 740;
        house.upstream.play((_, response) ->
                FakeUpstream.json(
                        response,
                        200,
                        Voice.of(WireFormat.ANTHROPIC_MESSAGES)
                                .plain("so", "end_turn")
                                .replace("\"input_tokens\":60", "\"input_tokens\":" + charged)
                                .replace(
                                        "\"cache_read_input_tokens\":40",
                                        "\"cache_read_input_tokens\":0")));
        var tool =
                """
                ,"tools":[{"name":"get_current_prices","description":"Current price of a commodity","input_schema":
                {"type":"object","properties":{"symbol":{"type":"string","maxLength":6}},"required":["symbol"],"additionalProperties":false}}]\
                """;
        assertThat(messages(House.CLAUDE, user("\"hi\""), tool).statusCode()).isEqualTo(200);
        long reserved = nanoUsd(house.records().getFirst(), "reservedNanoUsd");
        long cost = nanoUsd(house.records().getLast(), "costNanoUsd");
        assertThat(cost).isLessThanOrEqualTo(reserved);
        // Without what is added for tools it would cost more input than was reserved: 1 USD per
        // million tokens, 2 for the 50 tokens of output.
        long bytes = (reserved - 50 * 2_000) / 1_000 - 1_024;
        assertThat(bytes).isEqualTo(house.upstream.seen().getFirst().body().text().length());
        assertThat(charged).isGreaterThan((int) bytes);
    }

    private static long nanoUsd(LedgerEntry entry, String member) {
        return Long.parseLong(entry.body().text(member).orElseThrow());
    }

    @Test
    void aSecretThatIsCutAcrossMessagesIsReadAsTheOneItBecomes() throws Exception {
        var halves = user("\"Use AKIAQ3EGR\"") + "," + user("\"JSKDMXBZ7VU for it\"");
        for (var model : List.of(House.CLAUDE, House.MODEL)) {
            assertThat(messages(model, halves, "").body()).contains("policy_blocked");
            var chat = "{\"model\":\"%s\",\"messages\":[%s]}".formatted(model, halves);
            assertThat(house.post(FrontDoor.CHAT, chat).body()).contains("policy_blocked");
        }
        assertThat(house.upstream.seen()).isEmpty();
        // With an answer between them they stay two.
        var apart = halves.replace("},{", "},{\"role\":\"assistant\",\"content\":\"and?\"},{");
        assertThat(messages(House.MODEL, apart, "").statusCode()).isEqualTo(200);
    }

    @Test
    void aTextAndARefusalAreNotMadeOne() throws Exception {
        var both =
                FakeUpstream.answer("Use AKIAQ3EGR")
                        .replace("\"content\":", "\"refusal\":\"JSKDMXBZ7VU for it\",\"content\":");
        house.upstream.play((_, response) -> FakeUpstream.json(response, 200, both));
        assertThat(messages(House.MODEL, user("\"hi\""), "").statusCode()).isEqualTo(502);
        house.upstream.play((_, response) ->
                FakeUpstream.stream(
                        response,
                        FakeUpstream.text("Use AKIAQ3EGR")
                                + FakeUpstream.delta("{\"refusal\":\"JSKDMXBZ7VU for it\"}", "null")
                                + FakeUpstream.delta("{}", "\"stop\"")
                                + FakeUpstream.done(),
                        1 << 20));
        var streamed = messages(House.MODEL, user("\"hi\""), ",\"stream\":true");
        assertThat(streamed.body()).contains("upstream_failed").doesNotContain("JSKDMXBZ7VU");
        // Where they stay two members, both arrive.
        house.upstream.play((_, response) -> FakeUpstream.json(response, 200, both));
        assertThat(house.chat(House.prompt("hi")).statusCode()).isEqualTo(200);
    }

    @Test
    void theInputOfACallMayComeAtOnceOrInPiecesAndNotTwice() throws Exception {
        var block =
                "{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"get_current_prices\",\"input\":{\"symbol\":\"HG\"}}";
        plays(Voice.Anthropic.start(block));
        assertThat(messages(House.CLAUDE, user("\"hi\""), ",\"stream\":true").body())
                .contains("{\\\"symbol\\\":\\\"HG\\\"}");
        plays(
                Voice.Anthropic.start(block)
                        + Voice.Anthropic.delta(
                                "{\"type\":\"input_json_delta\",\"partial_json\":\"{}\"}"));
        assertThat(messages(House.CLAUDE, user("\"hi\""), ",\"stream\":true").statusCode())
                .isEqualTo(502);
    }

    private void plays(String blocks) {
        house.upstream.play((_, response) ->
                FakeUpstream.stream(
                        response,
                        Voice.Anthropic.begin() + blocks + Voice.Anthropic.end("tool_use"),
                        1 << 20));
    }

    @Test
    void aChoiceWithoutToolsIsTold() throws Exception {
        house.post(
                FrontDoor.CHAT, House.prompt(House.CLAUDE, "hi", ",\"tool_choice\":\"required\""));
        assertThat(house.upstream.seen().getLast().body().get("tool_choice").orElseThrow().text())
                .isEqualTo("{\"type\":\"any\"}");
    }

    private static long added(String body) {
        var request = read(body);
        return AnthropicMessages.DIALECT.addedInputTokens(request);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[{\"type\":\"image\",\"source\":{\"type\":\"url\",\"url\":\"https://x\"}}]",
                "[{\"type\":\"text\",\"text\":\"a\",\"cache_control\":{\"type\":\"ephemeral\"}}]",
                "[{\"type\":\"document\"}]",
                "[{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"tool_result\",\"tool_use_id\":\"t\"}]",
                "[]",
                "7"
            })
    void whatThePolicyCannotReadIsRefused(String content) throws Exception {
        var response = messages(House.CLAUDE, user(content), "");
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("\"type\":\"error\"", "invalid_request");
        assertThat(house.upstream.seen()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ",\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":1024}",
                ",\"tools\":[{\"type\":\"web_search_20250305\",\"name\":\"web_search\"}]",
                ",\"mcp_servers\":[]",
                ",\"container\":\"c\"",
                ",\"service_tier\":\"auto\"",
                ",\"system\":[{\"type\":\"image\"}]",
                ",\"metadata\":{\"note\":\"x\"}"
            })
    void whatWouldLeadAroundTheGatesIsRefused(String member) throws Exception {
        assertThat(messages(House.CLAUDE, user("\"hi\""), member).statusCode()).isEqualTo(400);
        assertThat(house.upstream.seen()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"system\":\"%s\"",
                "\"stop_sequences\":[\"%s\"]",
                "\"metadata\":{\"user_id\":\"%s\"}",
                "\"messages\":[{\"role\":\"assistant\",\"content\":[{\"type\":\"text\",\"text\":\"%s\"}]}]",
                "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\"t\",\"content\":[{\"type\":\"text\",\"text\":\"%s\"}]}]}]",
                "\"messages\":[{\"role\":\"assistant\",\"content\":[{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"n\",\"input\":{\"a\":\"%s\"}}]}]",
                "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"AKIAQ3EGR\"},{\"type\":\"text\",\"text\":\"JSKDMXBZ7VU\"}]}]",
                "\"tools\":[{\"name\":\"n\",\"description\":\"%s\",\"input_schema\":{}}]"
            })
    void policyReadsEveryPlaceOfARequest(String member) {
        var filled = member.replace("%s", "AKIAQ3EGRJSKDMXBZ7VU");
        var messages =
                filled.contains("\"messages\"")
                        ? ""
                        : "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],";
        var body = "{\"model\":\"m\",\"max_tokens\":5," + messages + filled + "}";
        var request = read(body);
        assertThat(request.passages())
                .anySatisfy(passage -> assertThat(passage.text()).contains("AKIAQ3EGRJSKDMXBZ7VU"));
    }

    private static ChatRequest read(String body) {
        return AnthropicMessages.DIALECT.read(body.getBytes(StandardCharsets.UTF_8));
    }
}
