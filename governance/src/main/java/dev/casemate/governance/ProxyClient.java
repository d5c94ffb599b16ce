package dev.casemate.governance;

import dev.casemate.governance.GovernanceException.Code;
import dev.casemate.manifest.Correlation;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.JsonReader;
import dev.casemate.manifest.ManifestException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// Talks to the proxy as somebody would who has broken out of layers 1 and 2 and holds the agent's
/// credential: any request that he likes.
final class ProxyClient implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    /// @param code the error code of the body, empty for an answer
    record Reply(int status, Optional<String> code) {
        String words() {
            return status + code.map(word -> " " + word).orElse("");
        }
    }

    private final HttpClient client;
    private final URI completions;

    ProxyClient(int port, Path certificate) {
        completions = URI.create("https://127.0.0.1:" + port + "/v1/chat/completions");
        client =
                HttpClient.newBuilder()
                        .sslContext(trusting(certificate))
                        .connectTimeout(TIMEOUT)
                        .build();
    }

    Reply prompt(String credential, Correlation correlation, Json.Obj body) {
        var request =
                HttpRequest.newBuilder(completions)
                        .timeout(TIMEOUT)
                        .header("authorization", "Bearer " + credential)
                        .header("content-type", "application/json")
                        .header("baggage", correlation.baggage())
                        .POST(HttpRequest.BodyPublishers.ofString(body.text()))
                        .build();
        try {
            var response = client.send(request, BodyHandlers.ofString());
            return new Reply(response.statusCode(), code(response.body()));
        } catch (IOException e) {
            throw new GovernanceException(Code.STAGE_FAILED, "expected the proxy to answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GovernanceException(Code.STAGE_FAILED, "interrupted", e);
        }
    }

    private static Optional<String> code(String body) {
        try {
            return JsonReader.read(body) instanceof Json.Obj object
                            && object.get("error").orElse(new Json.Null()) instanceof Json.Obj error
                    ? error.text("code")
                    : Optional.empty();
        } catch (ManifestException notJson) {
            return Optional.empty();
        }
    }

    private static SSLContext trusting(Path certificate) {
        try (var in = Files.newInputStream(certificate)) {
            var trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            trusted.setCertificateEntry(
                    "proxy", CertificateFactory.getInstance("X.509").generateCertificate(in));
            var factory =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(trusted);
            var context = SSLContext.getInstance("TLS");
            context.init(null, factory.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new GovernanceException(Code.STAGE_FAILED, "expected a certificate", e);
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
