package dev.casemate.proxy.gateway;

import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.JsonReader;
import dev.casemate.proxy.audit.LedgerEntry;
import dev.casemate.proxy.audit.LedgerReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// A gateway in a directory of its own, before a fake upstream, with two agents: `market-analyst`
/// and `clerk`, who has no tools and shares nothing.
final class House implements AutoCloseable {

    static final String CREDENTIAL = "analyst-credential";
    static final String LAUNCHER_CREDENTIAL = "analyst-launcher-credential";
    static final String CLERK_CREDENTIAL = "clerk-credential";
    static final String UPSTREAM_KEY = "upstream-secret-key";
    static final String MODEL = "gpt-4o-mini";

    /// Its upstream speaks Anthropic's Messages.
    static final String CLAUDE = "claude";

    static final String TOOL =
            """
            {"name":"get_current_prices","description":"Current price of a commodity","effect":"read",
             "destinations":["prices"],
             "exposures":["untrusted-content"],"timeoutSeconds":10,"trustedArguments":[],
             "inputSchema":{"type":"object","properties":{"symbol":{"type":"string","maxLength":6}},
               "required":["symbol"],"additionalProperties":false}}\
            """;

    final Path directory;
    final FakeUpstream upstream;
    final TestCertificate certificate;
    Path ledger;
    String limits = "";
    String policy = "";
    String budgets = "";

    /// Items of the list of upstreams, and members of the first model.
    String moreUpstreams = "";

    String moreOfModel = "";
    String upstreamUrl;
    private Optional<Gateway> gateway = Optional.empty();

    House(Path directory) throws Exception {
        this.directory = directory;
        this.ledger = directory.resolve("ledger");
        this.upstream = new FakeUpstream();
        this.upstreamUrl = "http://127.0.0.1:" + upstream.port() + "/v1";
        this.certificate = TestCertificate.in(directory);
        Files.writeString(directory.resolve("upstream.key"), UPSTREAM_KEY + "\n");
        Files.writeString(
                directory.resolve("market-analyst.json"), manifest("market-analyst", TOOL));
        Files.writeString(directory.resolve("clerk.json"), manifest("clerk", ""));
    }

    static String manifest(String name, String tool) {
        var destinations =
                tool.isEmpty()
                        ? ""
                        : """
                        {"name":"prices","protocol":"https"}\
                        """;
        return """
        {"apiVersion":"casemate.dev/v1","name":"%s","version":"1","owner":"desk@example.com","purpose":"Tests",
         "prompt":{"persona":"You are a test.","scope":"Tests.","refusals":["Anything else."]},
         "models":["gpt-4o-mini","claude","dear","free","slow"],"tools":[%s],"destinations":[%s],
         "limits":{"steps":5,"toolCalls":5,"tokens":1000,"deadlineSeconds":60,"identicalCalls":2,"cpuMillis":500,
           "memoryBytes":268435456,"tmpBytes":1048576,"pids":64,"ioBytesPerSecond":1048576},
         "capabilities":["network-connect"]}
        """
                .formatted(name, tool, destinations);
    }

    House start() throws IOException {
        gateway = Optional.of(Gateway.start(GatewayConfig.read(config())));
        return this;
    }

    Path config() throws IOException {
        return Files.writeString(
                directory.resolve("proxy.yaml"),
                """
                # A gateway for tests.
                listen: {host: 127.0.0.1, port: 0, keyStore: proxy.p12, keyStorePasswordFile: proxy.pass}
                admin: {host: 127.0.0.1, port: 0}
                ledger: {directory: "%s", signingKey: ledger.key}
                %s
                upstreams:
                  - {name: rehearsal, url: "%s", keyFile: upstream.key}
                  - {name: other-house, format: anthropic_messages, url: "%s", keyFile: upstream.key}
                  - {name: nowhere, url: "http://127.0.0.1:1/v1"}
                %s
                models:
                  - {name: gpt-4o-mini, upstream: rehearsal, upstreamModel: upstream-model, maxOutputTokens: 1000,%s
                     inputUsdPerMillion: "1", cachedInputUsdPerMillion: "0.5", outputUsdPerMillion: "2"}
                  - {name: claude, upstream: other-house, upstreamModel: upstream-model, maxOutputTokens: 1000,
                     inputUsdPerMillion: "1", cachedInputUsdPerMillion: "0.5", outputUsdPerMillion: "2"}
                  - {name: dear, upstream: rehearsal, maxOutputTokens: 1000000, inputUsdPerMillion: "1000", outputUsdPerMillion: "1000"}
                  - {name: free, upstream: rehearsal, maxOutputTokens: 1000}
                  - {name: slow, upstream: nowhere, maxOutputTokens: 1000, inputUsdPerMillion: "1", outputUsdPerMillion: "1"}
                  - {name: other, upstream: rehearsal, maxOutputTokens: 1000, inputUsdPerMillion: "1", outputUsdPerMillion: "1"}
                agents:
                  - {manifest: market-analyst.json, digest: "%s", team: commodities, credentialSha256: "%s", launcherCredentialSha256: "%s"}
                  - {manifest: clerk.json, digest: "%s", team: office, credentialSha256: "%s"}
                budgets:
                  - {name: everything, subject: everything, period: day, limitUsd: "5.00"}
                %s
                %s
                """
                        .formatted(
                                ledger,
                                limits,
                                upstreamUrl,
                                upstreamUrl,
                                moreUpstreams,
                                moreOfModel,
                                digest("market-analyst", TOOL),
                                sha256(CREDENTIAL),
                                sha256(LAUNCHER_CREDENTIAL),
                                digest("clerk", ""),
                                sha256(CLERK_CREDENTIAL),
                                budgets,
                                policy));
    }

    // Of what was admitted, whatever the file says by now.
    static String digest(String name, String tool) {
        return AgentManifest.read(manifest(name, tool).getBytes(StandardCharsets.UTF_8))
                .digest()
                .value();
    }

    static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    Gateway gateway() {
        return gateway.orElseThrow();
    }

    URI uri(String path) {
        return URI.create("https://127.0.0.1:" + gateway().port() + path);
    }

    HttpClient client() {
        return HttpClient.newBuilder()
                .sslContext(certificate.clientContext())
                .version(HttpClient.Version.HTTP_1_1)
                .build();
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(uri(path))
                .timeout(Duration.ofSeconds(20))
                .header("authorization", "Bearer " + CREDENTIAL);
    }

    HttpResponse<String> send(HttpRequest request) throws Exception {
        try (var client = client()) {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        }
    }

    HttpResponse<String> chat(String body) throws Exception {
        return post(FrontDoor.CHAT, body);
    }

    HttpResponse<String> post(String route, String body) throws Exception {
        return send(request(route).POST(HttpRequest.BodyPublishers.ofString(body)).build());
    }

    static String prompt(String text) {
        return prompt(MODEL, text, "");
    }

    /// @param more members, each with a comma before it
    static String prompt(String model, String text, String more) {
        return "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":%s}]%s}"
                .formatted(model, Json.of(text).text(), more);
    }

    static Json.Obj json(HttpResponse<String> response) {
        return (Json.Obj) JsonReader.read(response.body());
    }

    String metrics() throws Exception {
        return admin("/metrics").body();
    }

    HttpResponse<String> admin(String path) throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(
                                    URI.create("http://127.0.0.1:" + gateway().adminPort() + path))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    List<LedgerEntry> records() {
        var entries = new ArrayList<LedgerEntry>();
        LedgerReader.forEach(ledger, stored -> entries.add(stored.entry()));
        return entries;
    }

    void stop() {
        gateway.ifPresent(Gateway::close);
    }

    @Override
    public void close() {
        stop();
        upstream.close();
    }
}
