package dev.casemate.proxy.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.casemate.proxy.audit.LedgerEntry;
import dev.casemate.proxy.audit.LedgerEntry.Kind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The process is killed under load: whatever an agent got an answer to is on record, and what the
/// crash took is counted.
final class CrashTest {

    private static final int ROUNDS = 3;
    private static final int CLIENTS = 8;
    private static final int ANSWERS_BEFORE_KILL = 60;

    @TempDir Path directory;
    private House house;

    @BeforeEach
    void open() throws Exception {
        house = new House(directory);
        house.budgets =
                "  - {name: agents, subject: agent, value: market-analyst, period: month, limitUsd: \"5.00\"}";
    }

    @AfterEach
    void close() {
        house.close();
    }

    @Test
    void everyAnswerThatArrivedIsOnRecordAfterAKill() throws Exception {
        Set<String> answered = ConcurrentHashMap.newKeySet();
        var config = house.config();
        for (int round = 0; round < ROUNDS; round++) {
            runAndKill(config, answered);
        }
        assertThat(answered).hasSizeGreaterThanOrEqualTo(ROUNDS * ANSWERS_BEFORE_KILL);

        house.start();
        Map<String, LedgerEntry> answers = new HashMap<>();
        Set<String> prompts = ConcurrentHashMap.newKeySet();
        long cost = 0;
        for (var entry : house.records()) {
            if (entry.kind() == Kind.PROMPT) {
                prompts.add(entry.exchange());
            } else if (entry.kind() == Kind.ANSWER) {
                assertThat(answers.put(entry.exchange(), entry)).isNull();
                cost += Long.parseLong(entry.body().text("costNanoUsd").orElseThrow());
            }
        }
        assertThat(answers.keySet()).isEqualTo(prompts);
        assertThat(answered)
                .allSatisfy(exchange ->
                        assertThat(
                                        java.util.Objects.requireNonNull(answers.get(exchange))
                                                .body()
                                                .text("outcome"))
                                .contains("answered"));
        long counted = cost;
        assertThat(house.gateway().budgets().status())
                .isNotEmpty()
                .allSatisfy(status -> assertThat(status.used().nanoUsd()).isEqualTo(counted));
    }

    private void runAndKill(Path config, Set<String> answered) throws Exception {
        var process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                GatewayProcess.class.getName(),
                                config.toString())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        try (var out =
                        new BufferedReader(
                                new InputStreamReader(
                                        process.getInputStream(), StandardCharsets.UTF_8));
                var client =
                        HttpClient.newBuilder()
                                .sslContext(house.certificate.clientContext())
                                .version(HttpClient.Version.HTTP_1_1)
                                .build();
                var clients = Executors.newFixedThreadPool(CLIENTS)) {
            var line = out.readLine();
            assertThat(line).startsWith("port ");
            var uri = URI.create("https://127.0.0.1:" + line.substring(5) + FrontDoor.CHAT);
            var count = new Semaphore(0);
            for (int i = 0; i < CLIENTS; i++) {
                var _ = clients.submit(() -> load(client, uri, answered, count));
            }
            assertThat(count.tryAcquire(ANSWERS_BEFORE_KILL, 30, TimeUnit.SECONDS)).isTrue();
            process.destroyForcibly();
            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
    }

    // Ends when the gateway does.
    private static void load(HttpClient client, URI uri, Set<String> answered, Semaphore count) {
        var request =
                HttpRequest.newBuilder(uri)
                        .timeout(Duration.ofSeconds(10))
                        .header("authorization", "Bearer " + House.CREDENTIAL)
                        .POST(HttpRequest.BodyPublishers.ofString(House.prompt("hello")))
                        .build();
        try {
            while (true) {
                var response = client.send(request, HttpResponse.BodyHandlers.ofString());
                if (response.statusCode() == 200) {
                    answered.add(
                            response.headers().firstValue(Reply.EXCHANGE_HEADER).orElseThrow());
                    count.release();
                }
            }
        } catch (IOException e) {
            // The gateway was killed.
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
