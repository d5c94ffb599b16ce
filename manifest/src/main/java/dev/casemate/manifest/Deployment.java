package dev.casemate.manifest;

import dev.casemate.manifest.ManifestException.Code;
import java.util.Map;
import java.util.Optional;

/// Where one manifest runs: its names bound to addresses, and nothing that the manifest decides.
///
/// The launcher writes it; the agent reads it from [#FILE] when it starts. It holds paths of
/// secrets, never secrets.
///
/// @param manifest digest of the manifest that was admitted; an agent compiled to another one does
///   not start
/// @param proxy the inference proxy: HTTPS, with the credential that identifies the agent
/// @param destinations exactly the manifest's destinations, by name
/// @param model which of the manifest's models to ask
public record Deployment(
        Digest manifest,
        Correlation correlation,
        Endpoint proxy,
        Map<String, Endpoint> destinations,
        String model) {

    /// The directory that the launcher mounts read-only into the container.
    public static final String DIRECTORY = "/run/casemate";

    /// Where the agent finds this document.
    public static final String FILE = DIRECTORY + "/deployment.json";

    /// The version of the document's own form.
    public static final String API_VERSION = "casemate.dev/deployment/v1";

    /// One bound name.
    ///
    /// @param host a name that the container's hosts file knows, or an address
    /// @param certificateAuthority path of the PEM file that TLS trusts there; empty for a protocol
    ///   without TLS
    /// @param secret path of the file that holds the credential; empty where none is needed
    public record Endpoint(
            String host, int port, Optional<String> certificateAuthority, Optional<String> secret) {

        public Endpoint {
            if (host.isBlank() || port < 1 || port > 65_535) {
                throw new ManifestException(
                        Code.INVALID_VALUE, "", "expected a host and a port from 1 to 65535");
            }
        }

        Json toJson() {
            var json = Json.object().put("host", host).put("port", port);
            certificateAuthority.ifPresent(path -> json.put("certificateAuthority", path));
            secret.ifPresent(path -> json.put("secret", path));
            return json.build();
        }

        static Endpoint read(Json json, String place) {
            return Members.read(json, place, Endpoint::read);
        }

        private static Endpoint read(Members members) {
            return new Endpoint(
                    members.string("host"),
                    (int) members.positive("port", 65_535),
                    members.optionalString("certificateAuthority"),
                    members.optionalString("secret"));
        }
    }

    public Deployment {
        destinations = Map.copyOf(destinations);
    }

    /// @throws ManifestException naming the first thing that is wrong, and its place
    public static Deployment read(byte[] utf8) {
        return Members.read(JsonReader.read(utf8), "", Deployment::read);
    }

    private static Deployment read(Members members) {
        if (!members.string("apiVersion").equals(API_VERSION)) {
            throw members.refuse(Code.UNSUPPORTED_VERSION, "apiVersion", "expected " + API_VERSION);
        }
        return new Deployment(
                new Digest(members.string("manifest")),
                members.object("correlation", Correlation::read),
                members.object("proxy", proxy -> Endpoint.read(proxy)),
                members.map("destinations", Endpoint::read),
                members.string("model"));
    }

    /// The document; [#read] gives back an equal deployment.
    public Json.Obj toJson() {
        var bound = Json.object();
        destinations.keySet().stream()
                .sorted()
                .forEach(name -> bound.put(name, endpoint(name).toJson()));
        return Json.object()
                .put("apiVersion", API_VERSION)
                .put("manifest", manifest.value())
                .put("correlation", correlation.toJson())
                .put("proxy", proxy.toJson())
                .put("destinations", bound.build())
                .put("model", model)
                .build();
    }

    /// @throws ManifestException with code `BROKEN_REFERENCE` if the name is not bound
    public Endpoint endpoint(String destination) {
        var endpoint = destinations.get(destination);
        if (endpoint == null) {
            throw new ManifestException(
                    Code.BROKEN_REFERENCE,
                    "/destinations",
                    "expected a binding for each destination");
        }
        return endpoint;
    }

    /// Holds this deployment against the manifest that it claims to bind.
    ///
    /// @throws ManifestException with code `DIGEST_MISMATCH` or `BROKEN_REFERENCE`
    public void requireFor(AgentManifest agent) {
        if (!agent.digest().equals(manifest)) {
            throw new ManifestException(
                    Code.DIGEST_MISMATCH,
                    "/manifest",
                    "expected the digest of the compiled manifest");
        }
        agent.destinations().forEach(destination -> endpoint(destination.name()));
        if (destinations.size() != agent.destinations().size()) {
            throw new ManifestException(
                    Code.BROKEN_REFERENCE, "/destinations", "expected only declared destinations");
        }
        if (!agent.models().contains(model)) {
            throw new ManifestException(
                    Code.BROKEN_REFERENCE, "/model", "expected one of the manifest's models");
        }
    }
}
