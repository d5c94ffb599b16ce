package dev.casemate.agent.sdk;

import dev.casemate.agent.sdk.GuardException.Code;
import dev.casemate.manifest.Deployment;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
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

            private static final Pattern EVENTS =
                    Pattern.compile(
                            "text/event-stream\\s*(;\\s*charset\\s*=\\s*\"?utf-8\"?\\s*)?",
                            Pattern.CASE_INSENSITIVE);

            private final int status;
            private final HttpHeaders headers;
            private final byte[] body;

            private Answered(HttpResponse<?> head, byte[] body) {
                this.status = head.statusCode();
                this.headers = head.headers();
                this.body = body;
            }

            int status() {
                return status;
            }

            /// Empty where the body was handed over while it came.
            byte[] body() {
                return body;
            }

            /// The first header field of this name.
            Optional<String> header(String name) {
                return headers.firstValue(name);
            }

            HttpHeaders headers() {
                return headers;
            }

            /// Whether the body claims to be JSON, and in no other encoding than UTF-8.
            boolean isJson() {
                return JSON.matcher(type(headers)).matches();
            }

            /// Whether it is an event stream in UTF-8, with status 200.
            boolean isEvents() {
                return isEvents(status, headers);
            }

            private static boolean isEvents(int status, HttpHeaders headers) {
                return status == 200 && EVENTS.matcher(type(headers)).matches();
            }

            private static String type(HttpHeaders headers) {
                return headers.firstValue("content-type").orElse("");
            }
        }

        /// No whole answer.
        record Missing(ChatReply.Failure failure) implements Reply {}
    }

    /// What an answer that is read while it comes may take.
    ///
    /// @param bytes of the whole body
    /// @param silence how long nothing at all may come, from sending on
    /// @param total from sending to the last byte
    record Limits(int bytes, Duration silence, Duration total) {}

    /// Takes an event stream while it comes.
    @FunctionalInterface
    interface Pieces {
        /// @return whether this was the last that matters
        boolean take(ByteBuffer piece);
    }

    /// Who has seen the end of a stream waits this long for the end of the body after it, and only
    /// to keep the connection.
    private static final Duration AFTER_THE_LAST = Duration.ofSeconds(1);

    private final String origin;
    private final SSLContext trust;

    /// Empty where each request has a client of its own.
    private final Optional<HttpClient> kept;

    private PinnedHttps(String origin, SSLContext trust, Optional<HttpClient> kept) {
        this.origin = origin;
        this.trust = trust;
        this.kept = kept;
    }

    /// For as long as the process: keeps a connection and a thread from one request to the next.
    ///
    /// @throws GuardException with code `MISCONFIGURED` if host or certificate authority will not
    ///   do
    static PinnedHttps to(Deployment.Endpoint endpoint) {
        var once = once(endpoint);
        return new PinnedHttps(once.origin, once.trust, Optional.of(client(once.trust)));
    }

    /// For as long as a run: nothing is left of a request once it is answered. A worker makes its
    /// tools anew for each task, and the thread that the JDK keeps for each client would stay until
    /// the next collection of garbage, beyond the processes that a container may have.
    ///
    /// @throws GuardException with code `MISCONFIGURED` if host or certificate authority will not
    ///   do
    static PinnedHttps once(Deployment.Endpoint endpoint) {
        if (!HOST.matcher(endpoint.host()).matches()) {
            throw new GuardException(Code.MISCONFIGURED, "expected a host name or IPv4 address");
        }
        var authority =
                endpoint.certificateAuthority()
                        .orElseThrow(() ->
                                new GuardException(
                                        Code.MISCONFIGURED,
                                        "expected a certificate authority for HTTPS"));
        return new PinnedHttps(
                "https://" + endpoint.host() + ":" + endpoint.port(),
                trusting(Path.of(authority)),
                Optional.empty());
    }

    private static HttpClient client(SSLContext trust) {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .proxy(HttpClient.Builder.NO_PROXY)
                .connectTimeout(CONNECT_TIMEOUT)
                .sslContext(trust)
                .build();
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
        if (kept.isPresent()) {
            return send(kept.get(), request, maxBytes, timeout);
        }
        try (var client = client(trust)) {
            try {
                return send(client, request, maxBytes, timeout);
            } finally {
                client.shutdownNow();
            }
        }
    }

    private static Reply send(
            HttpClient client, HttpRequest.Builder request, int maxBytes, Duration timeout)
            throws InterruptedException {
        var sent = client.sendAsync(request.build(), _ -> new BoundedBody(maxBytes));
        try {
            var response = sent.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
            return new Reply.Answered(response, response.body());
        } catch (TimeoutException e) {
            return new Reply.Missing(ChatReply.Failure.TIMED_OUT);
        } catch (ExecutionException e) {
            return new Reply.Missing(failure(e.getCause()));
        } finally {
            // Closes the connection where the answer is not whole.
            sent.cancel(true);
        }
    }

    /// Sends, and hands an event stream with status 200 over piece by piece, on the calling thread.
    /// Any other answer is read whole.
    ///
    /// An interrupt, a limit or an exception of `events` closes the connection at once.
    ///
    /// @throws IllegalStateException if no client is kept
    Reply stream(HttpRequest.Builder request, Limits limits, Pieces events)
            throws InterruptedException {
        var client =
                kept.orElseThrow(() -> new IllegalStateException("expected a client that is kept"));
        long begun = System.nanoTime();
        var sent = client.sendAsync(request.build(), _ -> new ArrivingBody());
        try {
            var wait = shorter(limits.silence(), limits.total());
            var head = sent.get(wait.toNanos(), TimeUnit.NANOSECONDS);
            return new Reading(head, limits, begun).toEnd(events);
        } catch (TimeoutException e) {
            return new Reply.Missing(ChatReply.Failure.TIMED_OUT);
        } catch (ExecutionException e) {
            return new Reply.Missing(failure(e.getCause()));
        } finally {
            close(sent);
        }
    }

    // Closes the connection where the answer is not whole, also where its head came just now.
    private static void close(CompletableFuture<HttpResponse<ArrivingBody>> sent) {
        if (!sent.cancel(true) && sent.state() == Future.State.SUCCESS) {
            sent.resultNow().body().close();
        }
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /// One body on its way in.
    private static final class Reading {
        private final HttpResponse<ArrivingBody> head;
        private final Limits limits;
        private final long begun;
        private long received;

        Reading(HttpResponse<ArrivingBody> head, Limits limits, long begun) {
            this.head = head;
            this.limits = limits;
            this.begun = begun;
        }

        Reply toEnd(Pieces events) throws InterruptedException {
            var collected = new ByteArrayOutputStream();
            Pieces whole =
                    piece -> {
                        var bytes = new byte[piece.remaining()];
                        piece.get(bytes);
                        collected.writeBytes(bytes);
                        return false;
                    };
            var reader =
                    Reply.Answered.isEvents(head.statusCode(), head.headers()) ? events : whole;
            // Asked before each piece: a body that never pauses ends here, too.
            while (left().isPositive()) {
                switch (head.body().next(shorter(limits.silence(), left()))) {
                    case ArrivingBody.Part.Bytes(var buffers) -> {
                        for (var piece : buffers) {
                            received += piece.remaining();
                            if (received > limits.bytes()) {
                                return new Reply.Missing(ChatReply.Failure.TOO_LARGE);
                            } else if (reader.take(piece)) {
                                readOver();
                                return new Reply.Answered(head, new byte[0]);
                            }
                        }
                    }
                    case ArrivingBody.Part.End() -> {
                        return new Reply.Answered(head, collected.toByteArray());
                    }
                    case ArrivingBody.Part.Broken() -> {
                        return new Reply.Missing(ChatReply.Failure.BROKEN);
                    }
                    case ArrivingBody.Part.Silence() -> {
                        return new Reply.Missing(ChatReply.Failure.TIMED_OUT);
                    }
                }
            }
            return new Reply.Missing(ChatReply.Failure.TIMED_OUT);
        }

        private Duration left() {
            return limits.total().minusNanos(System.nanoTime() - begun);
        }

        // One more piece, and it is the end: a connection that goes on is not worth keeping.
        private void readOver() throws InterruptedException {
            var _ = head.body().next(shorter(AFTER_THE_LAST, left()));
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
