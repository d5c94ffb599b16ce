package dev.casemate.agent.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.casemate.agent.sdk.ChatReply.Failure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class OpenAiChatClientTest {

    private static final Random RANDOM = new Random(1);

    private static final String ANSWER =
            """
            {"id":"x","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant",
            "content":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"look_up",
            "arguments":"{\\"n\\":1}"}}]},"finish_reason":"tool_calls"}],
            "usage":{"prompt_tokens":11,"completion_tokens":7,"total_tokens":18}}\
            """;

    @TempDir private static Path directory;
    private static Certificates own;
    private static Certificates foreign;

    private LoopbackHttps server;

    @BeforeAll
    static void makeCertificates() throws IOException {
        own = Certificates.named("dns:localhost", Files.createDirectory(directory.resolve("own")));
        foreign =
                Certificates.named(
                        "dns:localhost", Files.createDirectory(directory.resolve("foreign")));
        Files.writeString(directory.resolve("credential"), "agent-key\n");
    }

    @BeforeEach
    void start() {
        server = new LoopbackHttps(own.server());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private OpenAiChatClient client(Certificates trusted) {
        return new OpenAiChatClient(server.deployment(trusted, directory.resolve("credential")));
    }

    private static ChatRequest request(Duration timeout) {
        var call = new ToolCall("a", "look_up", "{\"n\":1}");
        return new ChatRequest(
                "test-model",
                List.of(
                        new ChatMessage.Instruction("Be."),
                        new ChatMessage.Task("Do."),
                        new ChatMessage.Reply(Optional.empty(), List.of(call)),
                        new ChatMessage.ToolAnswer("a", "look_up", "one")),
                TestTools.answering("").manifest().tools(),
                TraceContext.drawn(RANDOM),
                timeout);
    }

    private ChatReply ask() throws InterruptedException {
        return client(own).ask(request(Duration.ofSeconds(20)), _ -> {});
    }

    private void assertFails(Failure failure) throws InterruptedException {
        assertThat(ask())
                .isInstanceOfSatisfying(
                        ChatReply.Failed.class,
                        failed -> assertThat(failed.failure()).isEqualTo(failure));
    }

    @Test
    void aPromptIsSentWithCredentialBaggageAndTrace() throws InterruptedException {
        server.answersJson(200, ANSWER);
        assertThat(ask())
                .isEqualTo(
                        new ChatReply.Answer(
                                Optional.empty(),
                                List.of(new ToolCall("a", "look_up", "{\"n\":1}")),
                                Optional.of(new TokenCount(11, 7))));
        var asked = server.asked.getFirst();
        assertThat(asked.method()).isEqualTo("POST");
        assertThat(asked.path()).isEqualTo("/v1/chat/completions");
        assertThat(asked.authorization()).isEqualTo("Bearer agent-key");
        assertThat(asked.baggage())
                .isEqualTo(
                        "casemate.run.id=run-1,casemate.workflow.id=workflow-1,"
                                + "casemate.transaction.id=transaction-1");
        assertThat(asked.trace()).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01");
        assertThat(asked.body())
                .isEqualTo(
                        """
                        {"model":"test-model","messages":[{"role":"system","content":"Be."},\
                        {"role":"user","content":"Do."},{"role":"assistant","content":null,\
                        "tool_calls":[{"id":"a","type":"function","function":{"name":"look_up",\
                        "arguments":"{\\"n\\":1}"}}]},{"role":"tool","tool_call_id":"a",\
                        "content":"one"}],"tools":[{"type":"function","function":{"name":"look_up",\
                        "description":"Looks something up","parameters":{"type":"object",\
                        "additionalProperties":false}}}]}\
                        """);
    }

    @Test
    void aRequestCarriesTheSpanThatAsks() throws InterruptedException {
        server.answersJson(200, ANSWER);
        var request = request(Duration.ofSeconds(20));
        client(own).ask(request, _ -> {});
        assertThat(server.asked.getLast().trace())
                .isEqualTo(
                        "00-%s-%s-01"
                                .formatted(request.trace().traceId(), request.trace().spanId()));
    }

    @Test
    void aRefusalIsReadInOpenAisErrorShape() throws InterruptedException {
        server.answersJson(
                403,
                "{\"error\":{\"message\":\"injection\",\"type\":\"invalid_request_error\","
                        + "\"param\":null,\"code\":\"policy_blocked\"}}");
        assertThat(ask())
                .isEqualTo(
                        new ChatReply.Refused(
                                403, "policy_blocked", "injection", Optional.empty()));
        server.answersJson(429, "<html>");
        assertThat(ask())
                .isEqualTo(
                        new ChatReply.Refused(429, "unknown", "HTTP status 429", Optional.empty()));
        server.answersJson(
                400, "{\"error\":{\"message\":\"" + "x".repeat(9000) + "\",\"code\":\"a b\"}}");
        assertThat(ask())
                .isEqualTo(
                        new ChatReply.Refused(400, "unknown", "x".repeat(500), Optional.empty()));
    }

    @Test
    void aServersErrorAndARedirectAreFailures() throws InterruptedException {
        server.answersJson(502, "{\"error\":{\"message\":\"late\",\"code\":\"upstream_failed\"}}");
        assertThat(ask())
                .isEqualTo(new ChatReply.Failed(Failure.SERVER_ERROR, "upstream_failed: late"));
        server.answers(exchange -> {
            exchange.getResponseHeaders().set("Location", "/elsewhere");
            LoopbackHttps.body(exchange, 307, "");
        });
        assertFails(Failure.REDIRECTED);
        assertThat(server.asked.stream().map(LoopbackHttps.Asked::path))
                .containsOnly("/v1/chat/completions");
    }

    @Test
    void aLedgerThatCannotWriteIsARefusalAndNotAFault() throws InterruptedException {
        server.answersJson(
                503, "{\"error\":{\"message\":\"full\",\"code\":\"ledger_unavailable\"}}");
        assertThat(ask())
                .isEqualTo(
                        new ChatReply.Refused(503, "ledger_unavailable", "full", Optional.empty()));
    }

    @Test
    void aRefusalSaysWhenToAskAgain() throws InterruptedException {
        server.answers(exchange -> {
            exchange.getResponseHeaders().set("Retry-After", "7");
            LoopbackHttps.json(
                    exchange, 429, "{\"error\":{\"message\":\"slow\",\"code\":\"rate\"}}");
        });
        assertThat(ask())
                .isEqualTo(
                        new ChatReply.Refused(
                                429, "rate", "slow", Optional.of(Duration.ofSeconds(7))));
    }

    @Test
    void theAnswerOfAnotherAuthorityIsNotTaken() throws InterruptedException {
        assertThat(client(foreign).ask(request(Duration.ofSeconds(20)), _ -> {}))
                .isEqualTo(new ChatReply.Failed(Failure.UNTRUSTED, "no answer from the proxy"));
        assertThat(server.asked).isEmpty();
    }

    @Test
    void anAnswerThatIsTooLargeIsNotTaken() throws InterruptedException {
        server.answers(exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, 0);
            var chunk = new byte[1 << 20];
            for (int i = 0; i < 9; i++) {
                exchange.getResponseBody().write(chunk);
            }
            server.hang();
        });
        assertFails(Failure.TOO_LARGE);
    }

    @Test
    void anAnswerThatDripsTimesOutAsAWhole() throws InterruptedException {
        server.answers(exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
            server.hang();
        });
        assertThat(client(own).ask(request(Duration.ofMillis(500)), _ -> {}))
                .isEqualTo(new ChatReply.Failed(Failure.TIMED_OUT, "no answer from the proxy"));
    }

    @Test
    void aProxyThatIsNotThereIsUnreachable() throws InterruptedException {
        var client = client(own);
        server.close();
        assertThat(client.ask(request(Duration.ofSeconds(20)), _ -> {}))
                .isEqualTo(new ChatReply.Failed(Failure.UNREACHABLE, "no answer from the proxy"));
    }

    @Test
    void aConnectionThatBreaksIsBroken() throws InterruptedException {
        server.answers(exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, 100);
            exchange.getResponseBody().write('{');
        });
        assertFails(Failure.BROKEN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "{}",
                "{\"choices\":[]}",
                "{\"choices\":[{}]}",
                "{\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":null}}]}",
                "{\"choices\":[{\"message\":{\"role\":\"user\",\"content\":\"x\"}}]}",
                "{\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":[]}}]}",
                "{\"choices\":[{\"message\":{\"role\":\"assistant\",\"tool_calls\":{}}}]}",
                "{\"choices\":[{\"message\":{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"a\"}]}}]}",
                "{\"choices\":[{\"message\":{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"a\","
                        + "\"function\":{\"name\":\"x\",\"arguments\":{}}}]}}]}",
                "{\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":\"x\","
                        + "\"function_call\":{\"name\":\"bash\",\"arguments\":\"{}\"}}}]}",
                "{\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":\"x\"}},"
                        + "{\"message\":{\"role\":\"assistant\",\"content\":\"y\"}}]}"
            })
    void anAnswerThatIsNoChatCompletionIsMalformed(String body) {
        assertThat(ChatWire.answer(body.getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(new ChatReply.Failed(Failure.MALFORMED, "expected a chat completion"));
    }

    @Test
    void anotherContentTypeIsMalformed() throws InterruptedException {
        for (var type :
                List.of("text/html", "application/json; charset=utf-16", "application/jsonx")) {
            server.answers(exchange -> {
                exchange.getResponseHeaders().set("Content-Type", type);
                LoopbackHttps.body(exchange, 200, ANSWER);
            });
            assertFails(Failure.MALFORMED);
        }
        server.answers(exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "application/json; charset=UTF-8");
            LoopbackHttps.body(exchange, 200, ANSWER);
        });
        assertThat(ask()).isInstanceOf(ChatReply.Answer.class);
    }

    @Test
    void anAnswerThatWasCutOffOrFilteredIsNotAnAnswer() {
        var body =
                "{\"choices\":[{\"finish_reason\":\"%s\",\"message\":{\"role\":\"assistant\","
                        + "\"content\":\"half\"}}]}";
        assertThat(ChatWire.answer(body.formatted("length").getBytes(StandardCharsets.UTF_8)))
                .isInstanceOfSatisfying(
                        ChatReply.Failed.class,
                        failed -> assertThat(failed.failure()).isEqualTo(Failure.CUT_OFF));
        assertThat(
                        ChatWire.answer(
                                body.formatted("content_filter").getBytes(StandardCharsets.UTF_8)))
                .isInstanceOfSatisfying(
                        ChatReply.Refused.class,
                        refused -> assertThat(refused.code()).isEqualTo("content_filter"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "{}",
                "{\"prompt_tokens\":1}",
                "{\"prompt_tokens\":-1,\"completion_tokens\":1}",
                "{\"prompt_tokens\":1.5,\"completion_tokens\":1}",
                "{\"prompt_tokens\":1e300,\"completion_tokens\":1}",
                "{\"prompt_tokens\":\"1\",\"completion_tokens\":1}"
            })
    void usageThatMakesNoSenseIsNoUsage(String usage) {
        var body =
                "{\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":\"x\"}}],\"usage\":"
                        + usage
                        + "}";
        assertThat(ChatWire.answer(body.getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(new ChatReply.Answer(Optional.of("x"), List.of(), Optional.empty()));
    }
}
