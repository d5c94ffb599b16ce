package dev.casemate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.casemate.agent.analyzer.AgentApplication;
import dev.casemate.agent.testkit.Judge;
import dev.casemate.governance.Identity;
import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.CanonicalJson;
import dev.casemate.manifest.Digest;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.JsonReader;
import dev.casemate.proxy.audit.LedgerReader;
import dev.casemate.proxy.gateway.Gateway;
import dev.casemate.proxy.gateway.GatewayConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `casemate eval` without a model, through a proxy, and with a model of its own.
class EvalCommandTest {

    private static final Path EXAMPLE = Path.of("../examples/market-analyst");
    private static final Path APPLICATION = EXAMPLE.resolve("target/app");

    @TempDir private Path directory;
    private HttpServer upstream;
    private final List<Json.Obj> asked = new CopyOnWriteArrayList<>();

    @BeforeEach
    void startAModel() throws IOException {
        upstream = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        upstream.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        upstream.createContext("/v1/chat/completions", this::answer);
        upstream.start();
    }

    @AfterEach
    void stopTheModel() {
        upstream.stop(0);
    }

    /// A model that calls the price service once and then says what copper costs; asked as a judge,
    /// it says yes.
    private void answer(HttpExchange exchange) throws IOException {
        var request = (Json.Obj) JsonReader.read(exchange.getRequestBody().readAllBytes());
        asked.add(request);
        var text = request.text();
        String message;
        if (text.contains("Reply with yes or no.")) {
            message = "{\"role\":\"assistant\",\"content\":\"yes\"}";
        } else if (text.contains("\"role\":\"tool\"")) {
            message =
                    "{\"role\":\"assistant\",\"content\":\"Copper is at 9912.50 USD per tonne.\"}";
        } else {
            message =
                    """
                    {"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function",
                    "function":{"name":"get_current_prices","arguments":"{\\"symbol\\":\\"XCU\\"}"}}]}\
                    """;
        }
        var body =
                """
                {"id":"x","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,
                "finish_reason":"stop","message":%s}],
                "usage":{"prompt_tokens":100,"completion_tokens":20,"total_tokens":120}}\
                """
                        .formatted(message)
                        .getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private String modelUrl() {
        return "http://127.0.0.1:" + upstream.getAddress().getPort() + "/v1";
    }

    /// One case that needs tool, answer and judge.
    private Path copperSuite() throws IOException {
        var suite = Files.createDirectory(directory.resolve("suite"));
        Files.writeString(
                suite.resolve("suite.yaml"),
                """
                apiVersion: casemate.dev/suite/v1
                name: copper
                agent: market-analyst
                runs: 2
                seed: 1
                thresholds: {all: {rate: 1}, attacks: {rate: 1}}
                """);
        Files.writeString(
                suite.resolve("copper.yaml"),
                """
                name: copper now
                task: What's the current price of copper?
                fixtures:
                  - {tool: get_current_prices, result: {symbol: XCU, price: 9912.50, currency: USD}}
                expect:
                  calledInOrder: get_current_prices
                  answer: {contains: "9912.50", judge: Is a unit named?}
                """);
        return suite;
    }

    @Test
    void theSuiteOfTheExamplePassesWithoutAModelAndWithoutItsCode() throws IOException {
        var junit = directory.resolve("report.xml");
        var html = directory.resolve("report.html");
        int code =
                Main.run(
                        "eval",
                        APPLICATION.toString(),
                        "--suite",
                        EXAMPLE.resolve("evaluation").toString(),
                        "--junit",
                        junit.toString(),
                        "--html",
                        html.toString());
        assertThat(code).isZero();
        assertThat(Files.readString(junit)).contains("<testsuites>", "failures=\"0\"");
        assertThat(Files.readString(html)).contains("Passed: every threshold is met.");
    }

    @Test
    void theAgentsOwnJarIsEnough() {
        assertThat(
                        Main.run(
                                "eval",
                                APPLICATION.resolve("market-analyst.jar").toString(),
                                "--suite",
                                EXAMPLE.resolve("evaluation").toString(),
                                "--tag",
                                "attack",
                                "--without-tag",
                                "real"))
                .isZero();
    }

    @Test
    void thePageOnEvaluationsHoldsASuiteThatPasses() throws IOException {
        var page = Files.readString(Path.of("../docs/evaluate-an-agent.md"));
        var blocks =
                Pattern.compile("```yaml file=(\\S+)\\n(.*?)```", Pattern.DOTALL).matcher(page);
        int files = 0;
        while (blocks.find()) {
            var file = directory.resolve(blocks.group(1));
            Files.createDirectories(file.getParent());
            Files.writeString(file, blocks.group(2));
            files++;
        }
        assertThat(files).isEqualTo(2);
        assertThat(Main.run("eval", APPLICATION.toString(), "--suite", directory.toString()))
                .isZero();
    }

    @Test
    void aThresholdThatIsMissedIsExitCodeOneAndABrokenSuiteIsTwo() throws IOException {
        var suite = copperSuite();
        var file = suite.resolve("copper.yaml");
        // Without a script nothing runs, and that is no pass.
        assertThat(Main.run("eval", APPLICATION.toString(), "--suite", suite.toString()))
                .isEqualTo(Main.FINDING);
        Files.writeString(file, Files.readString(file).replace("expect:", "expects:"));
        assertThat(Main.run("eval", APPLICATION.toString(), "--suite", suite.toString()))
                .isEqualTo(2);
        assertThat(Main.run("eval", APPLICATION.toString())).isEqualTo(2);
        assertThat(
                        Main.run(
                                "eval",
                                APPLICATION.toString(),
                                "--suite",
                                EXAMPLE.resolve("evaluation").toString(),
                                "--parallel",
                                "0"))
                .isEqualTo(2);
    }

    @Test
    void aModelIsAskedThroughAProxyOfTheEvaluationsOwn() throws IOException {
        var suite = copperSuite();
        Files.writeString(directory.resolve("provider.key"), "sk-test-of-the-evaluation");
        var before = System.getProperty("casemate.home");
        System.setProperty("casemate.home", directory.toString());
        try {
            assertThat(
                            Main.run(
                                    "eval",
                                    APPLICATION.toString(),
                                    "--suite",
                                    suite.toString(),
                                    "--model-url",
                                    modelUrl(),
                                    "--model",
                                    "real-model",
                                    "--model-key-file",
                                    directory.resolve("provider.key").toString(),
                                    "--judge-model",
                                    "real-judge"))
                    .isZero();
        } finally {
            if (before == null) {
                System.clearProperty("casemate.home");
            } else {
                System.setProperty("casemate.home", before);
            }
        }
        assertThat(asked.stream().map(it -> it.text("model").orElse("")))
                .hasSize(6)
                .containsOnly("real-model", "real-judge");
        // The ledger is what stays of the proxy; what identified anybody there does not.
        try (var evaluations = Files.list(directory.resolve("target/evaluation"))) {
            var evaluation = evaluations.findFirst().orElseThrow();
            try (var files = Files.list(evaluation)) {
                assertThat(files.map(file -> file.getFileName().toString()))
                        .contains("ledger", "casemate.yaml", "ledger.key")
                        .doesNotContain("market-analyst.key", "evaluation-judge.key", "proxy.p12");
            }
        }
    }

    @Test
    void aModelIsAskedThroughTheProxyOfADeploymentAndEveryRunIsOnRecord() throws IOException {
        var suite = copperSuite();
        var manifest = AgentApplication.read(APPLICATION).manifest();
        var judge = Judge.manifest("judge-model");
        int port = freePort();
        var config = configure(manifest, judge, port);
        var gateway = Gateway.start(GatewayConfig.read(config));
        try {
            assertThat(
                            Main.run(
                                    "eval",
                                    APPLICATION.toString(),
                                    "--suite",
                                    suite.toString(),
                                    "--config",
                                    config.toString(),
                                    "--judge",
                                    "judge-model",
                                    "--judge-credential-file",
                                    directory.resolve("judge.key").toString(),
                                    "--runs",
                                    "3"))
                    .isZero();
        } finally {
            gateway.close();
        }
        assertThat(asked).hasSize(9);
        var runs =
                asked.stream()
                        .filter(request -> request.text().contains("get_current_prices"))
                        .count();
        assertThat(runs).isEqualTo(6);
        var records = new ArrayList<String>();
        LedgerReader.forEach(
                directory.resolve("ledger"), stored -> records.add(stored.entry().body().text()));
        assertThat(records).anyMatch(record -> record.contains("Reply with yes or no."));
        assertThat(records)
                .anyMatch(record -> record.contains("What's the current price of copper?"));
    }

    @Test
    void theManifestOfAJudgeIsPrintedAsTheProxyWantsIt() {
        assertThat(Main.run("judge-manifest", "gpt-4o-mini")).isZero();
        var manifest = Judge.manifest("gpt-4o-mini");
        assertThat(AgentManifest.read(CanonicalJson.bytes(manifest.toJson()))).isEqualTo(manifest);
    }

    private Path configure(AgentManifest agent, AgentManifest judge, int port) throws IOException {
        Identity.create(directory, "proxy", List.of("proxy.casemate.internal", "127.0.0.1"));
        for (var name : List.of("analyst", "judge")) {
            Files.writeString(directory.resolve(name + ".key"), Identity.randomToken());
        }
        Files.write(directory.resolve("analyst.json"), CanonicalJson.bytes(agent.toJson()));
        Files.write(directory.resolve("judge.json"), CanonicalJson.bytes(judge.toJson()));
        return Files.writeString(
                directory.resolve("casemate.yaml"),
                """
                listen: {host: 127.0.0.1, port: %d, keyStore: proxy.p12, keyStorePasswordFile: proxy.password}
                admin: {host: 127.0.0.1, port: 0}
                ledger: {directory: ledger, signingKey: ledger.key}
                upstreams: [{name: model, url: "%s"}]
                models:
                  - {name: gpt-4o-mini, upstream: model, upstreamModel: a, maxOutputTokens: 1024,
                     inputUsdPerMillion: "0.15", cachedInputUsdPerMillion: "0.075", outputUsdPerMillion: "0.60"}
                  - {name: judge-model, upstream: model, upstreamModel: b, maxOutputTokens: 1024,
                     inputUsdPerMillion: "0.15", cachedInputUsdPerMillion: "0.075", outputUsdPerMillion: "0.60"}
                agents:
                  - {manifest: analyst.json, digest: "%s", team: desk, credentialSha256: "%s"}
                  - {manifest: judge.json, digest: "%s", team: evaluation, credentialSha256: "%s"}
                deployments:
                  market-analyst:
                    image: analyst.oci.tar
                    manifest: analyst.json
                    model: gpt-4o-mini
                    trustedKeys: [casemate.pub]
                    credentialFile: analyst.key
                    launcherCredentialFile: launcher.key
                    proxy: {hostName: proxy.casemate.internal, address: 127.0.0.1, port: %d, certificateAuthority: proxy.pem}
                    destinations: {}
                """
                        .formatted(
                                port,
                                modelUrl(),
                                agent.digest(),
                                hash("analyst"),
                                judge.digest(),
                                hash("judge"),
                                port));
    }

    private String hash(String name) throws IOException {
        var token = Files.readString(directory.resolve(name + ".key")).strip();
        return Digest.of(token.getBytes(StandardCharsets.UTF_8)).value().substring(7);
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 16, InetAddress.ofLiteral("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }
}
