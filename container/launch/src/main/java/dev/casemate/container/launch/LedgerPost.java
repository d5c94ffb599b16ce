package dev.casemate.container.launch;

import dev.casemate.container.launch.LaunchException.Code;
import dev.casemate.manifest.Correlation;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.JsonReader;
import dev.casemate.manifest.ManifestException;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/// Tells the proxy what goes on record, over TLS and with the launcher's own credential: one
/// request on one connection, HTTP/1.1.
///
/// The JDK's client would do, if it could be told the address of a name: the certificate is held
/// against the name that the deployment says, and no name service is asked.
final class LedgerPost {

    /// The proxy's route.
    static final String ROUTE = "/v1/casemate/containers";

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final int MAX_ANSWER_BYTES = 64 << 10;
    private static final int MAX_CREDENTIAL_BYTES = 16 << 10;
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 ([0-9]{3})( .*)?");
    private static final Pattern CODE = Pattern.compile("[a-z_]{1,64}");

    private final Binding proxy;
    private final SSLContext tls;
    private final String credential;

    private LedgerPost(Binding proxy, SSLContext tls, String credential) {
        this.proxy = proxy;
        this.tls = tls;
        this.credential = credential;
    }

    /// @param proxy as the agent's binding has it
    /// @param credential the file with the launcher's own
    /// @throws LaunchException if either cannot be used
    static LedgerPost of(Binding proxy, Path credential) {
        try {
            return new LedgerPost(proxy, context(proxy), secret(credential));
        } catch (IOException | GeneralSecurityException e) {
            throw new LaunchException(
                    Code.FILES,
                    "expected the proxy's certificate authority as PEM, and the launcher's credential, in readable files",
                    e);
        }
    }

    private static SSLContext context(Binding proxy) throws IOException, GeneralSecurityException {
        var context = SSLContext.getInstance("TLS");
        if (proxy.certificateAuthority().isEmpty()) {
            context.init(null, null, null);
            return context;
        }
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        try (var pem = Files.newInputStream(proxy.certificateAuthority().get())) {
            int number = 0;
            for (var certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
                store.setCertificateEntry("authority-" + number, certificate);
                number++;
            }
        }
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    private static String secret(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            var bytes = in.readNBytes(MAX_CREDENTIAL_BYTES);
            var text = new String(bytes, StandardCharsets.US_ASCII).strip();
            if (text.isEmpty() || text.chars().anyMatch(c -> c <= 0x20 || c > 0x7e)) {
                throw new LaunchException(
                        Code.FILES, "expected one word of printable ASCII characters in " + file);
            }
            return text;
        }
    }

    /// Returns once the entry is durable in the ledger.
    ///
    /// @throws LaunchException `NOT_RECORDED`
    void send(Correlation correlation, Json.Obj entry) {
        String answer;
        try {
            answer = exchange(request(correlation, entry));
        } catch (IOException e) {
            throw new LaunchException(
                    Code.NOT_RECORDED,
                    "expected the proxy to take what goes on record; it could not be asked over TLS",
                    e);
        }
        var status = STATUS.matcher(answer.lines().findFirst().orElse(""));
        if (!status.matches() || !status.group(1).equals("202")) {
            throw new LaunchException(
                    Code.NOT_RECORDED,
                    "expected the proxy to take what goes on record, it answered %s %s"
                            .formatted(
                                    status.matches() ? status.group(1) : "no HTTP", code(answer)));
        }
    }

    private byte[] request(Correlation correlation, Json.Obj entry) {
        var body = entry.text().getBytes(StandardCharsets.UTF_8);
        var head =
                """
                POST %s HTTP/1.1\r
                Host: %s:%d\r
                Authorization: Bearer %s\r
                Baggage: %s\r
                Content-Type: application/json\r
                Content-Length: %d\r
                Connection: close\r
                \r
                """
                        .formatted(
                                ROUTE,
                                proxy.hostName(),
                                proxy.target().getPort(),
                                credential,
                                correlation.baggage(),
                                body.length)
                        .getBytes(StandardCharsets.US_ASCII);
        var request = Arrays.copyOf(head, head.length + body.length);
        System.arraycopy(body, 0, request, head.length, body.length);
        return request;
    }

    private String exchange(byte[] request) throws IOException {
        try (var plain = new Socket()) {
            plain.connect(proxy.target(), (int) CONNECT.toMillis());
            plain.setSoTimeout((int) ANSWER.toMillis());
            try (var socket =
                    (SSLSocket)
                            tls.getSocketFactory()
                                    .createSocket(
                                            plain,
                                            proxy.hostName(),
                                            proxy.target().getPort(),
                                            true)) {
                var parameters = socket.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                parameters.setServerNames(List.of(new SNIHostName(proxy.hostName())));
                socket.setSSLParameters(parameters);
                var out = socket.getOutputStream();
                out.write(request);
                out.flush();
                return new String(
                        socket.getInputStream().readNBytes(MAX_ANSWER_BYTES),
                        StandardCharsets.UTF_8);
            }
        }
    }

    /// The proxy's own word for why not, where it said one.
    private static String code(String answer) {
        int body = answer.indexOf("\r\n\r\n");
        try {
            if (body >= 0
                    && JsonReader.read(answer.substring(body + 4)) instanceof Json.Obj object
                    && object.get("error").orElse(null) instanceof Json.Obj error) {
                return error.text("code")
                        .filter(word -> CODE.matcher(word).matches())
                        .orElse("without a code");
            }
        } catch (ManifestException notJson) {
            return "without a code";
        }
        return "without a code";
    }
}
