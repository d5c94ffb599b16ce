package dev.casemate.agent.sdk;

import dev.casemate.agent.sdk.GuardException.Code;
import dev.casemate.manifest.Deployment;
import dev.casemate.manifest.Json;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/// GETs JSON from one place.
///
/// Host and port are the deployment's, method and path are the agent's, and a caller fills only the
/// named places in path and query. Always HTTPS, with the deployment's certificate authority alone;
/// no redirect is followed; an answer is JSON with status 200 within its limits of size and time,
/// or a refusal. What the answer *says* is the other side's: untrusted text.
///
/// @see WritingEndpoint for POST and PUT
public final class FixedEndpoint {

    /// What is asked there, and how much of an answer is taken.
    ///
    /// @param path with places such as `/v1/prices/{symbol}`
    /// @param parameters what may stand in each place
    /// @param query what may stand behind the path, by the name that is sent; no name is also a
    ///   place
    /// @param maxBytes of an answer; a larger one is refused
    /// @param timeout from the request to the last byte of its answer
    public record Shape(
            String path,
            Map<String, PathParameter> parameters,
            Map<String, QueryParameter> query,
            int maxBytes,
            Duration timeout) {
        public Shape {
            parameters = Map.copyOf(parameters);
            query = Map.copyOf(query);
            if (maxBytes < 1 || !timeout.isPositive()) {
                throw new IllegalArgumentException("expected limits that are greater than zero");
            }
        }

        /// Without a query.
        public Shape(
                String path,
                Map<String, PathParameter> parameters,
                int maxBytes,
                Duration timeout) {
            this(path, parameters, Map.of(), maxBytes, timeout);
        }
    }

    private static final Set<Integer> EXPECTED = Set.of(200);

    private final EndpointCall call;

    /// @param endpoint its secret, if it has one, is sent as a bearer token
    /// @throws GuardException with code `MISCONFIGURED`
    /// @throws IllegalArgumentException if the path and its parameters do not fit each other
    public FixedEndpoint(Deployment.Endpoint endpoint, Shape shape) {
        call = new EndpointCall(endpoint, shape);
    }

    /// @param values by parameter, not encoded: all of the path's and the query's required ones
    /// @return the body of an answer with status 200
    /// @throws GuardException with code `INVALID_PARAMETER`, `ENDPOINT_REFUSED`, `UNREACHABLE`,
    ///   `TOO_LARGE` or `TIMED_OUT`
    public Json get(Map<String, String> values) {
        return call.send(call.request(values).GET(), EXPECTED, "")
                .orElseThrow(() ->
                        new GuardException(
                                Code.ENDPOINT_REFUSED,
                                "Expected JSON; the endpoint answered with nothing."));
    }
}
