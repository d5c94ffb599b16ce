package dev.casemate.agent.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.casemate.agent.sdk.OpenAiChatClient.Answers;
import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.Correlation;
import dev.casemate.manifest.Deployment;
import dev.casemate.manifest.Digest;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.JsonReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class AgentProcessTest {

    private static final String TASK = "What is it?";

    @TempDir private static Path directory;
    private static Certificates certificates;
    private static AgentManifest manifest;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private LoopbackHttps proxy;

    @BeforeAll
    static void prepare() throws IOException {
        certificates = Certificates.named("dns:localhost", directory);
        Files.writeString(directory.resolve("credential"), "agent-key");
        try (var in = ClassLoader.getSystemResourceAsStream(AgentManifest.RESOURCE)) {
            manifest = AgentManifest.read(in.readAllBytes());
        }
    }

    @BeforeEach
    void start() {
        proxy = new LoopbackHttps(certificates.server());
    }

    @AfterEach
    void stop() {
        proxy.close();
    }

    private static ToolSet tools(AgentManifest with) {
        return new TestTools(with, _ -> new ToolOutcome.Answered("one"));
    }

    private Path deployment(Digest digest) throws IOException {
        var endpoint =
                new Deployment.Endpoint(
                        "localhost",
                        proxy.port(),
                        Optional.of(certificates.authority().toString()),
                        Optional.of(directory.resolve("credential").toString()));
        var json =
                new Deployment(
                                digest,
                                new Correlation("run-1", "workflow-1", "transaction-1"),
                                endpoint,
                                Map.of(),
                                "test-model")
                        .toJson();
        return Files.writeString(directory.resolve("deployment.json"), json.text());
    }

    private int run(AgentManifest with, Path deployment, String... args) {
        return new AgentProcess(
                        InputStream.nullInputStream(),
                        new PrintStream(out, true, StandardCharsets.US_ASCII),
                        new PrintStream(err, true, StandardCharsets.US_ASCII),
                        Approver.NOBODY,
                        new EndSignal(Thread.currentThread(), AgentProcess.GRACE),
                        _ -> {})
                .run(args, deployment, _ -> tools(with));
    }

    private static List<Json.Obj> lines(ByteArrayOutputStream stream) {
        return stream.toString(StandardCharsets.UTF_8)
                .lines()
                .map(line -> (Json.Obj) JsonReader.read(line))
                .toList();
    }

    private void assertNotStarted(String code) {
        assertThat(out.size()).isZero();
        assertThat(lines(err)).hasSize(1);
        assertThat(lines(err).getFirst().text("event")).contains("not_started");
        assertThat(lines(err).getFirst().text("code")).contains(code);
        assertThat(proxy.asked).isEmpty();
    }

    @Test
    void aRunIsToldOnStandardOutputAndToTheProxy() throws IOException {
        proxy.answers(exchange -> {
            boolean first =
                    proxy.asked.stream().filter(asked -> asked.path().contains("chat")).count()
                            == 1;
            LoopbackHttps.json(
                    exchange,
                    200,
                    first
                            ? "{\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":null,"
                                    + "\"tool_calls\":[{\"id\":\"a\",\"type\":\"function\","
                                    + "\"function\":{\"name\":\"look_up\",\"arguments\":\"{}\"}}]}}]}"
                            : "{\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":"
                                    + "\"9 000 \u20ac\"}}],\"usage\":{\"prompt_tokens\":11,"
                                    + "\"completion_tokens\":7}}");
        });
        assertThat(run(manifest, deployment(manifest.digest()), TASK)).isZero();
        assertThat(err.size()).isZero();
        assertThat(lines(out).stream().map(line -> line.text("event").orElse("")))
                .containsExactly("run_started", "tool_call", "run_ended");
        assertThat(lines(out).getLast().text("answer")).contains("9 000 \u20ac");
        var posted =
                proxy.asked.stream()
                        .filter(asked -> asked.path().equals("/v1/casemate/events"))
                        .toList();
        assertThat(posted).hasSize(3);
        assertThat(posted)
                .allSatisfy(it -> assertThat(it.authorization()).isEqualTo("Bearer agent-key"));
        assertThat(posted.getLast().body()).contains("run_ended").doesNotContain("9 000");
    }

    @Test
    void aRunWithoutAnAnswerHasItsOwnExitCode() throws IOException {
        proxy.answersJson(403, "{\"error\":{\"message\":\"no\",\"code\":\"policy_blocked\"}}");
        assertThat(run(manifest, deployment(manifest.digest()), TASK))
                .isEqualTo(AgentProcess.NOT_ANSWERED);
        assertThat(lines(out).getLast().text("end")).contains("model_refused");
        // The events were refused, too; that is said, and is no reason to end in another way.
        assertThat(lines(err).stream().map(line -> line.text("event").orElse("")))
                .contains("event_not_posted");
    }

    @Test
    void anAgentThatWasNotAdmittedDoesNotStart() throws IOException {
        assertThat(run(manifest, deployment(Digest.of(new byte[0])), TASK))
                .isEqualTo(AgentProcess.MISCONFIGURED);
        assertNotStarted("DIGEST_MISMATCH");
    }

    @Test
    void aToolSetThatDiffersFromTheManifestBesideItDoesNotStart() throws IOException {
        var widened = TestTools.manifest(manifest.limits(), "look_up", "bash");
        assertThat(run(widened, deployment(widened.digest()), TASK))
                .isEqualTo(AgentProcess.MISCONFIGURED);
        assertNotStarted("DIGEST_MISMATCH");
    }

    @Test
    void aStreamedRunTellsWordsAsTheyCome() throws IOException {
        proxy.answers(exchange -> {
            if (proxy.asked.getLast().path().contains("chat")) {
                LoopbackHttps.events(
                        exchange,
                        """
                        data: {"choices":[{"index":0,"delta":{"role":"assistant","content":"nine "}}]}

                        data: {"choices":[{"index":0,"delta":{"content":"thousand"},"finish_reason":"stop"}]}

                        data: [DONE]

                        """,
                        7);
            } else {
                LoopbackHttps.json(exchange, 200, "{}");
            }
        });
        assertThat(run(manifest, deployment(manifest.digest()), "--stream", TASK)).isZero();
        assertThat(lines(out).stream().map(line -> line.text("event").orElse("")))
                .containsExactly("run_started", "text", "text", "run_ended");
        assertThat(lines(out).get(1).text("text")).contains("nine ");
        assertThat(lines(out).getLast().text("answer")).contains("nine thousand");
        assertThat(proxy.asked).noneMatch(asked -> asked.body().contains("\"event\":\"text\""));
    }

    @Test
    void theTaskIsExactlyOneArgumentAndAWorkerIsOneOfTwo() throws IOException {
        var deployment = deployment(manifest.digest());
        assertThat(run(manifest, deployment)).isEqualTo(AgentProcess.MISCONFIGURED);
        assertThat(run(manifest, deployment, " ")).isEqualTo(AgentProcess.MISCONFIGURED);
        assertThat(run(manifest, deployment, "a", "b")).isEqualTo(AgentProcess.MISCONFIGURED);
        assertThat(run(manifest, deployment, "--worker", "http"))
                .isEqualTo(AgentProcess.MISCONFIGURED);
        assertThat(lines(err)).hasSize(4);
        assertThat(EntryPoint.of("--worker"))
                .isEqualTo(new EntryPoint.OneTask("--worker", Answers.WHOLE));
        assertThat(EntryPoint.of("--stream", "How?"))
                .isEqualTo(new EntryPoint.OneTask("How?", Answers.STREAMED));
        assertThat(run(manifest, deployment, "--stream", " "))
                .isEqualTo(AgentProcess.MISCONFIGURED);
        assertThat(EntryPoint.of("--worker", "stdin")).isEqualTo(new EntryPoint.Lines());
        assertThat(EntryPoint.of("--worker", "proxy")).isEqualTo(new EntryPoint.Queue());
    }

    @Test
    void aDeploymentThatCannotBeReadDoesNotStart() throws IOException {
        assertThat(run(manifest, directory.resolve("missing.json"), TASK))
                .isEqualTo(AgentProcess.MISCONFIGURED);
        assertNotStarted("NoSuchFileException");
        var torn = Files.writeString(directory.resolve("torn.json"), "{");
        assertThat(run(manifest, torn, TASK)).isEqualTo(AgentProcess.MISCONFIGURED);
        assertThat(lines(err).getLast().text("code")).contains("MALFORMED_JSON");
    }
}
