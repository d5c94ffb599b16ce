package dev.casemate.agent.sdk;

import dev.casemate.agent.sdk.GuardException.Code;
import dev.casemate.manifest.Deployment;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// HTTPS to one host and port, as the deployment bound them.
///
/// Only the deployment's certificate authority is trusted, names are checked, no redirect is
/// followed, no HTTP proxy or stored login is used, no answer is larger or later than the caller
/// said. HTTP/1.1, because one connection at a time needs no more.
final class PinnedHttps {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    /// Authorities beyond this are refused: the deployment names one file with a few certificates.
    private static final int MAX_AUTHORITY_BYTES = 1 << 20;

    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]{0,253})");

    /// What came of one request.
    sealed interface Reply {

        /// A whole answer, of any status.
        final class Answered implements Reply {

            private static final Pattern JSON =
                    Pattern.compile(
                            "application/json\\s*(;\\s*charset\\s*=\\s*\"?utf-8\"?\\s*)?",
                            Pattern.CASE_INSENSITIVE);

            private final HttpResponse<byte[]> response;

            private Answered(HttpResponse<byte[]> response) {
                this.response = response;
            }

            int status() {
                return response.statusCode();
            }

            byte[] body() {
                return response.body();
            }

            /// Whether the body claims to be JSON, and in no other encoding than UTF-8.
            boolean isJson() {
                var type = response.headers().firstValue("content-type").orElse("");
                return JSON.matcher(type).matches();
            }
        }

        /// No whole answer.
        record Missing(ChatReply.Failure failure) implements Reply {}
    }

    private final String origin;
    private final HttpClient client;

    private PinnedHttps(String origin, HttpClient client) {
        this.origin = origin;
        this.client = client;
    }

    /// @throws GuardException with code `MISCONFIGURED` if host or certificate authority will not
    ///   do
    static PinnedHttps to(Deployment.Endpoint endpoint) {
        if (!HOST.matcher(endpoint.host()).matches()) {
            throw new GuardException(Code.MISCONFIGURED, "expected a host name or IPv4 address");
        }
        var authority =
                endpoint.certificateAuthority()
                        .orElseThrow(() ->
                                new GuardException(
                                        Code.MISCONFIGURED,
                                        "expected a certificate authority for HTTPS"));
        var client =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .proxy(HttpClient.Builder.NO_PROXY)
                        .connectTimeout(CONNECT_TIMEOUT)
                        .sslContext(trusting(Path.of(authority)))
                        .build();
        return new PinnedHttps("https://" + endpoint.host() + ":" + endpoint.port(), client);
    }

    private static SSLContext trusting(Path authority) {
        try (var in = Files.newInputStream(authority)) {
            var bytes = in.readNBytes(MAX_AUTHORITY_BYTES);
            var certificates =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(new ByteArrayInputStream(bytes));
            var trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            int number = 0;
            for (var certificate : certificates) {
                trusted.setCertificateEntry("authority-" + number++, certificate);
            }
            if (number == 0) {
                throw new GuardException(
                        Code.MISCONFIGURED, "expected a certificate in the authority's file");
            }
            var trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(trusted);
            var context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new GuardException(
                    Code.MISCONFIGURED, "expected the authority's certificates in PEM", e);
        }
    }

    /// The beginning of a request; method and headers are the caller's.
    ///
    /// @param path begins with a slash, and holds only characters that may stand in a URI
    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(origin + path));
    }

    /// @param timeout from sending to the last byte of the answer
    Reply send(HttpRequest.Builder request, int maxBytes, Duration timeout)
            throws InterruptedException {
        var sent = client.sendAsync(request.build(), _ -> new BoundedBody(maxBytes));
        try {
            return new Reply.Answered(sent.get(timeout.toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            return new Reply.Missing(ChatReply.Failure.TIMED_OUT);
        } catch (ExecutionException e) {
            return new Reply.Missing(failure(e.getCause()));
        } finally {
            // Closes the connection where the answer is not whole.
            sent.cancel(true);
        }
    }

    private static ChatReply.Failure failure(@Nullable Throwable cause) {
        for (var at = Optional.ofNullable(cause);
                at.isPresent();
                at = Optional.ofNullable(at.get().getCause())) {
            switch (at.get()) {
                case BoundedBody.TooLarge _ -> {
                    return ChatReply.Failure.TOO_LARGE;
                }
                case SSLException _ -> {
                    return ChatReply.Failure.UNTRUSTED;
                }
                case ConnectException _, UnresolvedAddressException _ -> {
                    return ChatReply.Failure.UNREACHABLE;
                }
                case HttpTimeoutException _ -> {
                    return ChatReply.Failure.TIMED_OUT;
                }
                default -> {}
            }
        }
        return ChatReply.Failure.BROKEN;
    }
}
