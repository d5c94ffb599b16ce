package dev.casemate.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.casemate.container.image.AgentImage;
import dev.casemate.container.image.ImageRequest;
import dev.casemate.container.launch.Binding;
import dev.casemate.container.launch.Exit;
import dev.casemate.container.launch.LaunchException;
import dev.casemate.container.launch.LaunchRequest;
import dev.casemate.container.launch.Launcher;
import dev.casemate.container.launch.Supervision;
import dev.casemate.container.launch.probe.Runaway;
import dev.casemate.governance.Identity;
import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.Correlation;
import dev.casemate.manifest.Digest;
import dev.casemate.proxy.audit.LedgerEntry;
import dev.casemate.proxy.audit.LedgerEntry.Kind;
import dev.casemate.proxy.audit.LedgerReader;
import dev.casemate.proxy.console.Timeline;
import dev.casemate.proxy.gateway.Gateway;
import dev.casemate.proxy.gateway.GatewayConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Programs that take one thing without end, in real containers behind a real proxy: the ledger
/// says which limit ended each.
class RunawayTest {

    private static final Path CACHE = Path.of("../target/image-cache").toAbsolutePath();

    private static final AgentManifest MANIFEST =
            AgentManifest.read(
                    """
                    {"apiVersion":"casemate.dev/v1","name":"runaway","version":"1","owner":"desk@example.com",
                     "purpose":"Tests","prompt":{"persona":"You are a test.","scope":"Tests.","refusals":["Anything else."]},
                     "models":["model"],"tools":[],"destinations":[],
                     "limits":{"steps":5,"toolCalls":5,"tokens":1000,"deadlineSeconds":2,"identicalCalls":2,"cpuMillis":500,
                       "memoryBytes":268435456,"tmpBytes":8388608,"pids":64,"ioBytesPerSecond":52428800},
                     "capabilities":["network-connect"]}
                    """
                            .getBytes(StandardCharsets.UTF_8));

    @TempDir private Path directory;
    private Gateway gateway;
    private Path image;

    @BeforeEach
    void start() throws Exception {
        ContainerMachine.require();
        Identity.create(directory, "proxy", List.of("proxy.casemate.internal", "127.0.0.1"));
        Files.write(
                directory.resolve("manifest.json"),
                MANIFEST.toJson().text().getBytes(StandardCharsets.UTF_8));
        gateway =
                Gateway.start(
                        GatewayConfig.read(
                                Files.writeString(
                                        directory.resolve("casemate.yaml"),
                                        """
                                        listen: {host: 127.0.0.1, port: 0, keyStore: proxy.p12, keyStorePasswordFile: proxy.password}
                                        admin: {host: 127.0.0.1, port: 0}
                                        ledger: {directory: ledger, signingKey: ledger.key}
                                        upstreams: [{name: none, url: "http://127.0.0.1:1/v1"}]
                                        models: [{name: model, upstream: none, maxOutputTokens: 10}]
                                        agents: [{manifest: manifest.json, digest: "%s", team: desk,
                                          credentialSha256: "%s", launcherCredentialSha256: "%s"}]
                                        """
                                                .formatted(
                                                        MANIFEST.digest(),
                                                        credential("agent"),
                                                        credential("launcher")))));
        image =
                AgentImage.buildProbe(
                                new ImageRequest(
                                        "localhost/casemate-runaway:1",
                                        List.of(jar()),
                                        Runaway.class.getName(),
                                        MANIFEST,
                                        "test"),
                                directory.resolve("runaway.tar"),
                                CACHE,
                                _ -> {})
                        .archive();
    }

    @AfterEach
    void stop() {
        if (gateway != null) {
            gateway.close();
        }
        if (image != null) {
            Launcher.removeImage(Launcher.imageId(image));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "processor, processor, cpuMillis, the processor was taken from it in",
        "memory, out_of_memory, memoryBytes, the exit code of a Java without memory",
        "threads, processes, pids, the kernel refused it a process or thread",
        "disk, temporary_files, tmpBytes, /tmp was full at its end"
    })
    void the_ledger_says_which_limit_ended_it(
            String runaway, String reason, String limit, String seen) {
        launch(runaway, 0, gateway.port(), "launcher");
        var records = records();
        assertThat(records)
                .extracting(LedgerEntry::kind)
                .startsWith(Kind.CONTAINER_STARTED)
                .endsWith(Kind.CONTAINER_ENDED);
        var end = records.getLast().body();
        assertThat(end.text("reason")).contains(reason);
        assertThat(end.text("limit")).contains(limit);
        assertThat(end.text()).contains(seen);
        // What it printed beside its events is there as well.
        assertThat(records)
                .filteredOn(entry -> entry.kind() == Kind.CONTAINER_LOG)
                .anyMatch(entry ->
                        entry.body()
                                .text()
                                .contains("{\"stream\":\"stdout\",\"text\":\"started\"}"));
        var told = Timeline.of("run-1", LedgerReader.run(directory.resolve("ledger"), "run-1"));
        assertThat(told.text()).contains("ended, " + reason + " (limit " + limit + ")");
    }

    @Test
    void one_that_comes_back_is_on_record_once_for_each_attempt() {
        var exit = launch("disk", 1, gateway.port(), "launcher");
        assertThat(exit.attempt()).isEqualTo(2);
        assertThat(records())
                .filteredOn(entry -> entry.kind() == Kind.CONTAINER_ENDED)
                .extracting(entry -> entry.body().text())
                .satisfiesExactly(
                        first ->
                                assertThat(first).contains("\"attempt\":1", "\"startsAgain\":true"),
                        last ->
                                assertThat(last)
                                        .contains("\"attempt\":2", "\"startsAgain\":false"));
    }

    @Test
    void nothing_starts_whose_start_the_proxy_does_not_take() {
        assertThatThrownBy(() -> launch("disk", 1, gateway.port(), "agent"))
                .isInstanceOfSatisfying(
                        LaunchException.class,
                        e -> assertThat(e.code()).isEqualTo(LaunchException.Code.NOT_RECORDED))
                .hasMessageContaining("403 credential_of_another_role");
        assertThat(records()).allMatch(entry -> entry.kind() == Kind.REFUSAL).isNotEmpty();
    }

    private Exit launch(String runaway, int restarts, int port, String role) {
        var request =
                new LaunchRequest(
                        image,
                        "localhost/casemate-runaway:1",
                        MANIFEST,
                        new Correlation("run-1", "workflow-1", "transaction-1"),
                        "model",
                        new Binding(
                                Binding.PROXY,
                                "proxy.casemate.internal",
                                new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port),
                                Optional.of(directory.resolve("proxy.pem")),
                                Optional.of(directory.resolve("agent.key"))),
                        List.of(),
                        List.of(runaway),
                        Set.of());
        return Launcher.run(
                request,
                new Supervision(Optional.of(directory.resolve(role + ".key")), restarts),
                _ -> {},
                System.err::println);
    }

    private List<LedgerEntry> records() {
        return LedgerReader.run(directory.resolve("ledger"), "run-1").stream()
                .map(stored -> stored.entry())
                .toList();
    }

    /// Writes a new one.
    ///
    /// @return its hash
    private String credential(String role) throws Exception {
        var credential = Identity.randomToken();
        Files.writeString(directory.resolve(role + ".key"), credential);
        return Digest.of(credential.getBytes(StandardCharsets.UTF_8)).value().substring(7);
    }

    private static Path jar() throws Exception {
        return Path.of(Runaway.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    }
}
