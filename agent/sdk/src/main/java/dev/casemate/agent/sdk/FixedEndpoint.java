package dev.casemate.agent.sdk;

import dev.casemate.agent.sdk.GuardException.Code;
import dev.casemate.manifest.Deployment;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.JsonReader;
import dev.casemate.manifest.ManifestException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// GETs JSON from one place.
///
/// Scheme, host and port are the deployment's, the path is the agent's, and a caller fills only the
/// named places in it. HTTPS with the deployment's certificate authority alone; no redirect is
/// followed.
public final class FixedEndpoint {

    /// What is asked there, and how much of an answer is taken.
    ///
    /// @param path with places such as `/v1/prices/{symbol}`
    /// @param parameters what may stand in each place
    /// @param maxBytes of an answer; a larger one is refused
    /// @param timeout from the request to the last byte of its answer
    public record Shape(
            String path, Map<String, PathParameter> parameters, int maxBytes, Duration timeout) {
        public Shape {
            parameters = Map.copyOf(parameters);
            if (maxBytes < 1 || !timeout.isPositive()) {
                throw new IllegalArgumentException("expected limits that are greater than zero");
            }
        }
    }

    private final PinnedHttps https;
    private final Optional<Secret> credential;
    private final PathTemplate path;
    private final Shape shape;

    /// @param endpoint its secret, if it has one, is sent as a bearer token
    /// @throws GuardException with code `MISCONFIGURED`
    /// @throws IllegalArgumentException if the path and its parameters do not fit each other
    public FixedEndpoint(Deployment.Endpoint endpoint, Shape shape) {
        https = PinnedHttps.to(endpoint);
        credential = endpoint.secret().map(file -> Secret.read(Path.of(file)));
        path = new PathTemplate(shape.path(), shape.parameters());
        this.shape = shape;
    }

    /// @param values by parameter, all of them, not encoded
    /// @return the body of an answer with status 200
    /// @throws GuardException with code `INVALID_PARAMETER`, `ENDPOINT_REFUSED`, `UNREACHABLE`,
    ///   `TOO_LARGE` or `TIMED_OUT`
    public Json get(Map<String, String> values) {
        var request = https.request(path.fill(values)).header("Accept", "application/json").GET();
        credential.ifPresent(
                secret -> request.header("Authorization", "Bearer " + secret.reveal()));
        try {
            return switch (https.send(request, shape.maxBytes(), shape.timeout())) {
                case PinnedHttps.Reply.Missing(var failure) -> throw failed(failure);
                case PinnedHttps.Reply.Answered answered -> read(answered);
            };
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GuardException(Code.TIMED_OUT, "The run ended before the answer came.", e);
        }
    }

    private static Json read(PinnedHttps.Reply.Answered answered) {
        if (answered.status() != 200 || !answered.isJson()) {
            throw new GuardException(
                    Code.ENDPOINT_REFUSED,
                    "Expected status 200 with JSON; the endpoint answered with status "
                            + answered.status()
                            + ".");
        }
        try {
            return JsonReader.read(answered.body());
        } catch (ManifestException e) {
            throw new GuardException(
                    Code.ENDPOINT_REFUSED, "The endpoint's answer is not well-formed JSON.", e);
        }
    }

    private GuardException failed(ChatReply.Failure failure) {
        return switch (failure) {
            case TOO_LARGE ->
                    new GuardException(
                            Code.TOO_LARGE,
                            "Expected an answer of at most " + shape.maxBytes() + " bytes.");
            case TIMED_OUT ->
                    new GuardException(Code.TIMED_OUT, "The endpoint did not answer in time.");
            case UNREACHABLE,
                    UNTRUSTED,
                    BROKEN,
                    REDIRECTED,
                    MALFORMED,
                    CUT_OFF,
                    SERVER_ERROR,
                    INTERNAL ->
                    new GuardException(
                            Code.UNREACHABLE, "The endpoint cannot be reached. Do not try again.");
        };
    }
}
