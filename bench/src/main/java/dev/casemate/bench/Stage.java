package dev.casemate.bench;

import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.Digest;
import dev.casemate.manifest.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;

/// The files of one measurement: one certificate for both contestants, their configurations, the
/// request that both get.
record Stage(Path directory, int upstreamPort, int nginxPort) {

    static final String CREDENTIAL = "bench-credential";
    private static final String PASSWORD = "bench-password";

    private static final String MANIFEST =
            """
            {"apiVersion":"casemate.dev/v1","name":"bench","version":"1","owner":"bench@example.com","purpose":"Load",
             "prompt":{"persona":"A benchmark.","scope":"Load.","refusals":["Anything else."]},
             "models":["canned"],"tools":[],"destinations":[],
             "limits":{"steps":1,"toolCalls":1,"tokens":1000,"deadlineSeconds":60,"identicalCalls":1,"cpuMillis":1000,
               "memoryBytes":1073741824,"tmpBytes":1048576,"pids":64,"ioBytesPerSecond":1048576},
             "capabilities":[]}
            """;

    private static final String ANSWER =
            """
            {"id":"chatcmpl-bench","object":"chat.completion","created":1700000000,"model":"canned","choices":[{"index":0,"message":{"role":"assistant","content":"%s"},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":420,"completion_tokens":90,"total_tokens":510}}\
            """
                    .formatted(
                            "Copper closed higher in London as inventories fell for a third week. "
                                    .repeat(6)
                                    .strip());

    void write() throws IOException, InterruptedException {
        certificate();
        Files.writeString(directory.resolve("agent.json"), MANIFEST);
        Files.writeString(directory.resolve("gateway.yaml"), gateway());
        Files.writeString(directory.resolve("upstream.conf"), upstream());
        Files.writeString(directory.resolve("nginx.conf"), nginx());
        Files.writeString(directory.resolve("load.lua"), load());
    }

    private void certificate() throws IOException, InterruptedException {
        var store = directory.resolve("proxy.p12");
        Commands.run(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                        "-genkeypair",
                        "-alias",
                        "proxy",
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=bench",
                        "-ext",
                        "SAN=ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        PASSWORD));
        Files.writeString(directory.resolve("proxy.pass"), PASSWORD);
        try (var in = Files.newInputStream(store)) {
            var keys = KeyStore.getInstance("PKCS12");
            keys.load(in, PASSWORD.toCharArray());
            pem("proxy.crt", "CERTIFICATE", keys.getCertificate("proxy").getEncoded());
            pem(
                    "proxy.key",
                    "PRIVATE KEY",
                    keys.getKey("proxy", PASSWORD.toCharArray()).getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a PKCS#12 file that keytool has just written", e);
        }
    }

    private void pem(String file, String what, byte[] der) throws IOException {
        var lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        Files.writeString(
                directory.resolve(file),
                "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(what, lines, what));
    }

    private String gateway() {
        var digest = AgentManifest.read(MANIFEST.getBytes(StandardCharsets.UTF_8)).digest();
        var credential = Digest.of(CREDENTIAL.getBytes(StandardCharsets.UTF_8)).value();
        return """
        listen: {host: 127.0.0.1, port: 0, keyStore: proxy.p12, keyStorePasswordFile: proxy.pass}
        admin: {host: 127.0.0.1, port: 0}
        ledger: {directory: ledger, signingKey: ledger.key}
        upstreams:
          - {name: canned, url: "http://127.0.0.1:%d/v1"}
        models:
          - {name: canned, upstream: canned, maxOutputTokens: 1000, inputUsdPerMillion: "0.15", outputUsdPerMillion: "0.60"}
        agents:
          - {manifest: agent.json, digest: "%s", team: bench, credentialSha256: "%s"}
        budgets:
          - {name: agent, subject: agent, value: bench, period: day, limitUsd: "1000000"}
          - {name: team, subject: team, value: bench, period: month, limitUsd: "1000000"}
        """
                .formatted(upstreamPort, digest.value(), credential.substring("sha256:".length()));
    }

    private String upstream() {
        return common("upstream", 1)
                + """
                  server {
                    listen 127.0.0.1:%d backlog=4096;
                    location / { default_type application/json; return 200 '%s'; }
                  }
                }
                """
                        .formatted(upstreamPort, ANSWER);
    }

    private String nginx() {
        return common("nginx", Runtime.getRuntime().availableProcessors())
                + """
                  upstream canned { server 127.0.0.1:%d; keepalive 256; keepalive_requests 1000000000; }
                  server {
                    listen 127.0.0.1:%d ssl backlog=4096;
                    ssl_certificate %s/proxy.crt;
                    ssl_certificate_key %s/proxy.key;
                    ssl_protocols TLSv1.2 TLSv1.3;
                    client_body_buffer_size 64k;
                    location / { proxy_pass http://canned; proxy_http_version 1.1; proxy_set_header Connection ""; }
                  }
                }
                """
                        .formatted(upstreamPort, nginxPort, directory, directory);
    }

    private String common(String name, int workers) {
        return """
        worker_processes %d;
        pid %s/%s.pid;
        error_log %s/%s.log warn;
        daemon off;
        events { worker_connections 4096; }
        http {
          access_log off;
          keepalive_requests 1000000000;
          client_body_temp_path %s/%s-body;
          proxy_temp_path %s/%s-proxy;
          fastcgi_temp_path %s/%s-fastcgi;
          uwsgi_temp_path %s/%s-uwsgi;
          scgi_temp_path %s/%s-scgi;
        """
                .formatted(
                        workers, directory, name, directory, name, directory, name, directory, name,
                        directory, name, directory, name, directory, name);
    }

    private static String load() {
        var text =
                "Summarise for the desk what moved copper, zinc and nickel this week, and why. "
                        .repeat(26);
        var prompt =
                Json.object()
                        .put("model", "canned")
                        .put(
                                "messages",
                                Json.array(
                                        List.of(
                                                Json.object()
                                                        .put("role", "user")
                                                        .put("content", text)
                                                        .build())))
                        .build();
        return """
        wrk.method = "POST"
        wrk.path = "/v1/chat/completions"
        wrk.headers["content-type"] = "application/json"
        wrk.headers["authorization"] = "Bearer %s"
        wrk.body = [[%s]]
        done = function(summary, latency, requests)
          local e = summary.errors
          io.write(string.format("RESULT %%d %%d %%d %%d %%d\\n", summary.requests, summary.duration,
            latency:percentile(50), latency:percentile(99), e.connect + e.read + e.write + e.status + e.timeout))
        end
        """
                .formatted(CREDENTIAL, prompt.text());
    }
}
