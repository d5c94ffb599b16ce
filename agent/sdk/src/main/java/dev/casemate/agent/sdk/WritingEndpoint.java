package dev.casemate.agent.sdk;

import dev.casemate.agent.sdk.GuardException.Code;
import dev.casemate.manifest.Deployment;
import dev.casemate.manifest.Json;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Sends a JSON object to one place.
///
/// As [FixedEndpoint], and besides: the method is fixed when this is made, and a caller fills only
/// the named members of the object. No call is sent twice: there are no retries here. A call whose
/// answer did not come may have been carried out; a tool that is called again should give its
/// [IdempotencyKey], which is sent as `Idempotency-Key`, and the service must honour it.
public final class WritingEndpoint {

    /// How it is sent.
    public enum Method {
        POST,
        PUT
    }

    private static final Set<Integer> EXPECTED = Set.of(200, 201, 202, 204);
    private static final String AFTERWARDS = " Whether it was carried out is not known.";

    private final EndpointCall call;
    private final Method method;
    private final Map<String, BodyMember> members;

    /// @param endpoint its secret, if it has one, is sent as a bearer token
    /// @param members of the object that is sent
    /// @throws GuardException with code `MISCONFIGURED`
    /// @throws IllegalArgumentException if the path and its parameters do not fit each other
    public WritingEndpoint(
            Deployment.Endpoint endpoint,
            Method method,
            FixedEndpoint.Shape shape,
            Map<String, BodyMember> members) {
        call = new EndpointCall(endpoint, shape);
        this.method = method;
        this.members = Map.copyOf(members);
    }

    /// @param values of path and query, not encoded
    /// @param body the members that are required, and no unknown one
    /// @return the answer's JSON, if it has a body; its status is 200, 201, 202 or 204
    /// @throws GuardException with code `INVALID_PARAMETER`, `ENDPOINT_REFUSED`, `UNREACHABLE`,
    ///   `TOO_LARGE` or `TIMED_OUT`; after the last three it may have been carried out, and the
    ///   message says so
    public Optional<Json> send(Map<String, String> values, Json.Obj body) {
        return send(values, body, Optional.empty());
    }

    /// The same with a key, by which the service knows a call that it has carried out.
    public Optional<Json> send(Map<String, String> values, Json.Obj body, IdempotencyKey key) {
        return send(values, body, Optional.of(key));
    }

    private Optional<Json> send(
            Map<String, String> values, Json.Obj body, Optional<IdempotencyKey> key) {
        check(body);
        var content = BodyPublishers.ofByteArray(body.text().getBytes(StandardCharsets.UTF_8));
        var request =
                call.request(values)
                        .header("Content-Type", "application/json")
                        .method(method.name(), content);
        // As the services that have it take it: plain, not as a quoted string.
        key.ifPresent(of -> request.header("Idempotency-Key", of.value()));
        return call.send(request, EXPECTED, AFTERWARDS);
    }

    private void check(Json.Obj body) {
        if (!members.keySet().containsAll(body.members().keySet())) {
            throw new GuardException(
                    Code.INVALID_PARAMETER,
                    "Expected only the members " + new TreeSet<>(members.keySet()) + ".");
        }
        members.forEach((name, member) -> {
            var value = body.get(name);
            if (value.isPresent() ? !member.form().accepts(value.get()) : member.required()) {
                throw new GuardException(
                        Code.INVALID_PARAMETER,
                        "Expected " + name + " to be " + member.form().expected() + ".");
            }
        });
    }
}
