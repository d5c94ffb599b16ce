package dev.casemate.proxy.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.casemate.manifest.Json;
import io.vertx.core.http.HttpServerResponse;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The official clients of Node and Python, unchanged but for base URL and key, each against every
/// upstream's format, plain and streamed: a text, and a call of the manifest's tool.
final class ForeignClientsTest {

    private static final int INSTALL_SECONDS = 180;
    private static final int RUN_SECONDS = 120;

    private static final String TEXT = "Copper is \u00fcp.";

    @TempDir Path directory;
    private House house;

    @BeforeEach
    void open() throws Exception {
        house = new House(directory).start();
        house.upstream.play(this::answer);
    }

    @AfterEach
    void close() {
        house.close();
    }

    private void answer(Json.Obj request, HttpServerResponse response) {
        boolean messages = house.upstream.seen().getLast().path().endsWith("/messages");
        var voice = Voice.of(messages ? WireFormat.ANTHROPIC_MESSAGES : WireFormat.OPENAI_CHAT);
        var reason = voice.reasons().getFirst();
        boolean tools = request.get("tools").isPresent();
        if (request.get("stream").equals(Optional.of(Json.of(true)))) {
            FakeUpstream.stream(
                    response,
                    tools
                            ? voice.streamedCall(
                                    OfficialClient.TOOL_NAME, List.of("{\"symbol\"", ":\"HG\"}"))
                            : voice.stream(List.of("Copper", " is ", "\u00fcp."), reason),
                    11);
        } else {
            FakeUpstream.json(
                    response,
                    200,
                    tools
                            ? voice.plainCall(OfficialClient.TOOL_NAME, OfficialClient.ARGUMENTS)
                            : voice.plain(TEXT, reason));
        }
    }

    @Test
    void nodesClientsWork() throws Exception {
        require("node", "npm");
        install("package.json", "clients.mjs");
        assumeTrue(
                ends(INSTALL_SECONDS, "npm", "install", "--no-audit", "--no-fund"),
                "Node's clients need an index of packages: npm install failed");
        assertAllAnswered(
                List.of("openai", "@anthropic-ai/sdk", "@ai-sdk/openai", "@ai-sdk/anthropic"),
                printed("node", "clients.mjs"));
    }

    @Test
    void pythonsClientsWork() throws Exception {
        require("python3");
        install("requirements.txt", "clients.py");
        assumeTrue(
                ends(INSTALL_SECONDS, "python3", "-m", "venv", "venv"),
                "Python's clients need python3 with venv");
        assumeTrue(
                ends(INSTALL_SECONDS, "venv/bin/pip", "install", "-q", "-r", "requirements.txt"),
                "Python's clients need an index of packages: pip install failed");
        assertAllAnswered(List.of("openai", "anthropic"), printed("venv/bin/python", "clients.py"));
    }

    private void assertAllAnswered(List<String> clients, List<String> lines) {
        var expected = new ArrayList<String>();
        for (var client : clients) {
            for (var model : List.of(House.MODEL, House.CLAUDE)) {
                for (var way : List.of("plain", "streamed")) {
                    var line = "%s, %s, %s: ".formatted(client, model, way);
                    expected.add(line + TEXT);
                    expected.add(line + OfficialClient.TOOL_NAME + " " + OfficialClient.ARGUMENTS);
                }
            }
        }
        assertThat(lines).isEqualTo(expected);
        assertThat(house.records())
                .filteredOn(entry -> entry.body().text("outcome").isPresent())
                .hasSameSizeAs(expected)
                .allSatisfy(entry -> {
                    assertThat(entry.body().text("outcome")).contains("answered");
                    assertThat(entry.body().text("costNanoUsd")).contains("100000");
                });
    }

    private static void require(String... tools) {
        var path = String.valueOf(System.getenv("PATH")).split(File.pathSeparator, -1);
        for (var tool : tools) {
            assumeTrue(
                    List.of(path).stream()
                            .anyMatch(folder -> Files.isExecutable(Path.of(folder, tool))),
                    "these clients need " + tool);
        }
    }

    private void install(String... files) throws Exception {
        for (var file : files) {
            try (var in =
                    Objects.requireNonNull(getClass().getResourceAsStream("clients/" + file))) {
                Files.copy(in, directory.resolve(file));
            }
        }
    }

    private List<String> printed(String program, String script) throws Exception {
        assertThat(
                        ends(
                                RUN_SECONDS,
                                program,
                                script,
                                house.uri("").toString(),
                                House.CREDENTIAL,
                                "market-analyst.json"))
                .as(Files.readString(directory.resolve("printed.txt")))
                .isTrue();
        return Files.readAllLines(directory.resolve("printed.txt"));
    }

    private boolean ends(int seconds, String... command) throws Exception {
        var program =
                command[0].contains("/") ? directory.resolve(command[0]).toString() : command[0];
        var arguments = new ArrayList<>(List.of(command));
        arguments.set(0, program);
        var builder =
                new ProcessBuilder(arguments)
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve("printed.txt").toFile());
        builder.environment().put("NODE_EXTRA_CA_CERTS", directory.resolve("proxy.pem").toString());
        if (command[0].endsWith("/python")) {
            builder.environment().put("SSL_CERT_FILE", directory.resolve("proxy.pem").toString());
        }
        var process = builder.start();
        boolean ended = process.waitFor(seconds, TimeUnit.SECONDS);
        process.destroyForcibly();
        return ended && process.exitValue() == 0;
    }
}
