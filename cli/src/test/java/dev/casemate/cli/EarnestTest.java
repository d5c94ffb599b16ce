package dev.casemate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.casemate.governance.AgentApplication;
import dev.casemate.governance.Identity;
import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.Digest;
import dev.casemate.proxy.audit.LedgerReader;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The commands in earnest: build, proxy and run from one configuration file, audit afterwards.
class EarnestTest {

    private static final Path APPLICATION = Path.of("../examples/market-analyst/target/app");

    @TempDir private Path directory;

    @BeforeEach
    void needs_a_machine_that_runs_containers() {
        ContainerMachine.require();
    }

    @Test
    void a_run_whose_model_is_dead_ends_clearly_and_is_on_record() throws Exception {
        var manifest = AgentApplication.read(APPLICATION).manifest();
        try (var warehouse = listen();
                var prices = listen();
                var reports = listen()) {
            int port = freePort();
            int built =
                    Main.run(
                            "build",
                            APPLICATION.toString(),
                            "--output",
                            path("analyst.oci.tar"),
                            "--manifest",
                            path("manifest.json"));
            assertThat(built).isZero();
            var config = configure(manifest, port, warehouse, prices, reports);
            assertThat(
                            Main.run(
                                    "build",
                                    APPLICATION.toString(),
                                    "--output",
                                    path("analyst.oci.tar")))
                    .isZero();
            var proxy = startProxy(config);
            try {
                int code =
                        Main.run(
                                "run",
                                "--config",
                                config.toString(),
                                "--run-id",
                                "run-earnest",
                                "market-analyst",
                                "How is copper?");
                assertThat(code).isEqualTo(Main.FINDING);
            } finally {
                proxy.destroy();
                assertThat(proxy.waitFor(60, TimeUnit.SECONDS)).isTrue();
            }
        }
        assertThat(LedgerReader.run(directory.resolve("ledger"), "run-earnest"))
                .anyMatch(stored ->
                        stored.entry()
                                .body()
                                .text("code")
                                .orElse("")
                                .equals("upstream_unreachable"));
        assertThat(Main.run("audit", "timeline", "run-earnest", "--ledger", path("ledger")))
                .isZero();
        assertThat(Main.run("audit", "timeline", "run-unknown", "--ledger", path("ledger")))
                .isEqualTo(Main.FINDING);
        assertThat(
                        Main.run(
                                "audit",
                                "verify",
                                "--ledger",
                                path("ledger"),
                                "--key",
                                path("ledger.key.vkey")))
                .isZero();
    }

    private Path configure(
            AgentManifest manifest,
            int port,
            ServerSocket warehouse,
            ServerSocket prices,
            ServerSocket reports)
            throws IOException {
        Identity.create(directory, "proxy", List.of("proxy.casemate.internal", "127.0.0.1"));
        var credential = Identity.randomToken();
        Files.writeString(directory.resolve("analyst.key"), credential);
        Files.writeString(directory.resolve("database.password"), Identity.randomToken());
        var hash = Digest.of(credential.getBytes(StandardCharsets.UTF_8)).value().substring(7);
        return Files.writeString(
                directory.resolve("casemate.yaml"),
                """
                listen: {host: 127.0.0.1, port: %d, keyStore: proxy.p12, keyStorePasswordFile: proxy.password}
                admin: {host: 127.0.0.1, port: 0}
                ledger: {directory: ledger, signingKey: ledger.key}
                upstreams: [{name: dead, url: "http://127.0.0.1:%d/v1"}]
                models:
                  - {name: gpt-4o-mini, upstream: dead, upstreamModel: gpt-4o-mini, maxOutputTokens: 1024,
                     inputUsdPerMillion: "0.15", cachedInputUsdPerMillion: "0.075", outputUsdPerMillion: "0.60"}
                agents: [{manifest: manifest.json, digest: "%s", team: desk, credentialSha256: "%s"}]
                deployments:
                  market-analyst:
                    image: analyst.oci.tar
                    manifest: manifest.json
                    model: gpt-4o-mini
                    credentialFile: analyst.key
                    proxy: {hostName: proxy.casemate.internal, address: 127.0.0.1, port: %d, certificateAuthority: proxy.pem}
                    destinations:
                      warehouse: {hostName: warehouse.internal, address: 127.0.0.1, port: %d, secretFile: database.password}
                      prices: {hostName: prices.internal, address: 127.0.0.1, port: %d, certificateAuthority: proxy.pem}
                      reports: {hostName: reports.internal, address: 127.0.0.1, port: %d, secretFile: database.password}
                """
                        .formatted(
                                port,
                                freePort(),
                                manifest.digest(),
                                hash,
                                port,
                                warehouse.getLocalPort(),
                                prices.getLocalPort(),
                                reports.getLocalPort()));
    }

    private static Process startProxy(Path config) throws IOException {
        var process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                Main.class.getName(),
                                "proxy",
                                "--config",
                                config.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        // Its first line says that it listens; the end of its output, that it did not start.
        BufferedReader output = process.inputReader();
        assertThat(output.readLine()).startsWith("proxy: agents on port");
        return process;
    }

    private static ServerSocket listen() throws IOException {
        return new ServerSocket(0, 16, InetAddress.ofLiteral("127.0.0.1"));
    }

    private static int freePort() throws IOException {
        try (var socket = listen()) {
            return socket.getLocalPort();
        }
    }

    private String path(String name) {
        return directory.resolve(name).toString();
    }
}
