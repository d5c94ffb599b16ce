package dev.casemate.agent.sdk;

import dev.casemate.agent.sdk.GuardException.Code;
import dev.casemate.manifest.Deployment;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.JsonReader;
import dev.casemate.manifest.ManifestException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Sends requests of one shape to one endpoint, and takes JSON or a refusal back.
final class EndpointCall {

    private static final Pattern SIZE = Pattern.compile("[0-9]{1,10}");

    private final PinnedHttps https;
    private final Optional<Secret> credential;
    private final PathTemplate path;
    private final FixedEndpoint.Shape shape;

    /// @throws GuardException with code `MISCONFIGURED`
    EndpointCall(Deployment.Endpoint endpoint, FixedEndpoint.Shape shape) {
        https = PinnedHttps.once(endpoint);
        credential = endpoint.secret().map(file -> Secret.read(Path.of(file)));
        path = new PathTemplate(shape.path(), shape.parameters(), shape.query());
        this.shape = shape;
    }

    /// The beginning of a request; its method, body and further headers are the caller's.
    HttpRequest.Builder request(Map<String, String> values) {
        var request = https.request(path.fill(values)).header("Accept", "application/json");
        credential.ifPresent(
                secret -> request.header("Authorization", "Bearer " + secret.reveal()));
        return request;
    }

    /// @param expected statuses; any other is refused
    /// @param afterwards what the model must know if there is no answer
    /// @return empty where the answer has no body
    Optional<Json> send(HttpRequest.Builder request, Set<Integer> expected, String afterwards) {
        try {
            return switch (https.send(request, shape.maxBytes(), shape.timeout())) {
                case PinnedHttps.Reply.Missing(var failure) -> throw failed(failure, afterwards);
                case PinnedHttps.Reply.Answered answered -> read(answered, expected);
            };
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GuardException(
                    Code.TIMED_OUT, "The run ended before the answer came." + afterwards, e);
        }
    }

    private static Optional<Json> read(PinnedHttps.Reply.Answered answered, Set<Integer> expected) {
        if (!expected.contains(answered.status())) {
            throw new GuardException(
                    Code.ENDPOINT_REFUSED,
                    "Expected a status of "
                            + expected.stream().sorted().toList()
                            + "; the endpoint answered with status "
                            + answered.status()
                            + ".");
        }
        requireOneSize(answered.headers());
        if (answered.body().length == 0) {
            return Optional.empty();
        }
        requirePlainJson(answered);
        try {
            return Optional.of(JsonReader.read(answered.body()));
        } catch (ManifestException e) {
            throw new GuardException(
                    Code.ENDPOINT_REFUSED, "The endpoint's answer is not well-formed JSON.", e);
        }
    }

    /// The client takes the first of several sizes, and any that is no number for none: whoever
    /// stands between might cut the answer elsewhere.
    private static void requireOneSize(HttpHeaders headers) {
        var sizes = headers.allValues("content-length");
        var codings = headers.allValues("transfer-encoding");
        if (sizes.size() + codings.size() > 1
                || !sizes.stream().allMatch(size -> SIZE.matcher(size).matches())) {
            throw new GuardException(
                    Code.ENDPOINT_REFUSED, "Expected an answer that says its size once.");
        }
    }

    private static void requirePlainJson(PinnedHttps.Reply.Answered answered) {
        var headers = answered.headers();
        // Compressed, its size would say nothing of what it becomes.
        if (!answered.isJson()
                || headers.allValues("content-type").size() != 1
                || !headers.allValues("content-encoding").isEmpty()) {
            throw new GuardException(
                    Code.ENDPOINT_REFUSED,
                    "Expected JSON in UTF-8, not compressed; the endpoint answered otherwise.");
        }
    }

    private GuardException failed(ChatReply.Failure failure, String afterwards) {
        return switch (failure) {
            case TOO_LARGE ->
                    new GuardException(
                            Code.TOO_LARGE,
                            "Expected an answer of at most "
                                    + shape.maxBytes()
                                    + " bytes."
                                    + afterwards);
            case TIMED_OUT ->
                    new GuardException(
                            Code.TIMED_OUT, "The endpoint did not answer in time." + afterwards);
            // Nothing was sent to these.
            case UNREACHABLE, UNTRUSTED ->
                    new GuardException(
                            Code.UNREACHABLE, "The endpoint cannot be reached. Do not try again.");
            case BROKEN, REDIRECTED, MALFORMED, CUT_OFF, SERVER_ERROR, INTERNAL ->
                    new GuardException(
                            Code.UNREACHABLE,
                            "The endpoint cannot be reached. Do not try again." + afterwards);
        };
    }
}
