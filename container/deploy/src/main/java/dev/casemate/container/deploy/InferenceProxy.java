package dev.casemate.container.deploy;

import dev.casemate.manifest.Deployment;
import dev.casemate.manifest.Digest;
import dev.casemate.manifest.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/// The proxy. Each replica has a ledger of its own: two writers never share one.
///
/// @param image of a JDK and the `casemate` command, by digest
/// @param configuration the proxy's own file, as text
/// @param files what else it reads that is no secret: manifests and certificates, by name
/// @param secrets the key store, its password and the upstreams' keys
/// @param upstreams all that it connects to
/// @param ledgerBytes the size of each replica's ledger
public record InferenceProxy(
        String image,
        String configuration,
        Map<String, String> files,
        List<SecretFile> secrets,
        List<Target> upstreams,
        Inbound listen,
        int replicas,
        Bounds bounds,
        long ledgerBytes)
        implements Subject {

    /// The proxy's own file in the container.
    public static final String CONFIGURATION = "casemate.yaml";

    /// The one directory that a replica may write to for good: its ledger and the key beside it.
    public static final String LEDGER = "/var/lib/casemate";

    private static final int MAX_REPLICAS = 16;
    private static final long MIN_LEDGER_BYTES = 1L << 30;

    public InferenceProxy {
        files = Map.copyOf(files);
        secrets = List.copyOf(secrets);
        upstreams = List.copyOf(upstreams);
        Form.IMAGE.require(image, "the proxy's image");
        Form.DOCUMENT.require(configuration, "the proxy's configuration");
        files.forEach((name, text) -> {
            Form.FILE.require(name, "a file of the proxy's");
            Form.DOCUMENT.require(text, "a file of the proxy's");
        });
        Form.require(!upstreams.isEmpty(), "at least one upstream");
        Form.require(
                replicas >= 1 && replicas <= MAX_REPLICAS, "1 to " + MAX_REPLICAS + " replicas");
        Form.require(ledgerBytes >= MIN_LEDGER_BYTES, "a ledger of at least 1 GiB");
    }

    @Override
    public Kind kind() {
        return Kind.PROXY;
    }

    @Override
    public String name() {
        return "casemate-proxy";
    }

    @Override
    public List<String> arguments() {
        return List.of("proxy", "--config", Deployment.DIRECTORY + "/" + CONFIGURATION);
    }

    @Override
    public List<Target> targets() {
        return upstreams;
    }

    @Override
    public SortedMap<String, String> documents(UnaryOperator<String> secretPath) {
        var documents = new TreeMap<>(files);
        documents.put(CONFIGURATION, configuration);
        documents.put("hosts", hosts());
        return documents;
    }

    /// Names come from the file alone, for the JDK and for the event loop, which has a resolver of
    /// its own.
    @Override
    public Map<String, String> environment() {
        return Map.of(
                "JAVA_TOOL_OPTIONS",
                "-Djdk.net.hosts.file=%s/hosts -Dvertx.disableDnsResolver=true"
                        .formatted(Deployment.DIRECTORY));
    }

    @Override
    public Optional<Inbound> inbound() {
        return Optional.of(listen);
    }

    @Override
    public Optional<Digest> manifest() {
        return Optional.empty();
    }

    @Override
    public Optional<Json.Obj> systemCalls() {
        return Optional.empty();
    }

    /// The ledger's size in GiB, rounded up.
    long ledgerGibibytes() {
        return Math.ceilDiv(ledgerBytes, 1L << 30);
    }
}
