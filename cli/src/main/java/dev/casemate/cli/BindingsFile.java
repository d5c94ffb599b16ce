package dev.casemate.cli;

import dev.casemate.container.deploy.Bounds;
import dev.casemate.container.deploy.ContainedAgent;
import dev.casemate.container.deploy.DeployException;
import dev.casemate.container.deploy.Inbound;
import dev.casemate.container.deploy.InferenceProxy;
import dev.casemate.container.deploy.Place;
import dev.casemate.container.deploy.Platform;
import dev.casemate.container.deploy.SecretFile;
import dev.casemate.container.deploy.Subject;
import dev.casemate.container.deploy.Target;
import dev.casemate.container.launch.SeccompProfile;
import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.Correlation;
import dev.casemate.manifest.ManifestException;
import dev.casemate.proxy.gateway.ConfigException.Code;
import dev.casemate.proxy.gateway.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// The file of `casemate render`: what an agent's or the proxy's names are bound to, and where on
/// each platform they go. docs/bindings.yaml shows every key.
final class BindingsFile {

    private static final int MAX_BYTES = 256 << 10;

    private final Path base;
    private final Yaml root;

    private BindingsFile(Path base, Yaml root) {
        this.base = base;
        this.root = root;
    }

    /// Relative paths in it are relative to it.
    static BindingsFile read(Path file) {
        var parent = file.toAbsolutePath().getParent();
        return new BindingsFile(parent == null ? file : parent, Yaml.read(file));
    }

    /// The whole file is read strictly, whatever of it is asked for.
    private <T> T root(Function<Yaml.Mapping, T> read) {
        return root.mapping(fields -> {
            fields.find("agent");
            fields.find("proxy");
            for (var platform : Platform.values()) {
                fields.find(platform.word());
            }
            return read.apply(fields);
        });
    }

    Place place(Platform platform) {
        return root(fields -> BindingsPlace.read(platform, fields.take(platform.word())));
    }

    /// @param task empty for a worker
    Subject agent(Optional<String> task, Correlation correlation) {
        return root(
                fields -> fields.take("agent").mapping(agent -> agent(agent, task, correlation)));
    }

    /// A worker's runs are named after its agent.
    String agentName() {
        return root(fields -> {
            var agent = fields.take("agent");
            return agent.mapping(keys -> {
                keys.ignoreOthers();
                return manifest(keys.take("manifest")).name();
            });
        });
    }

    private ContainedAgent agent(
            Yaml.Mapping fields, Optional<String> task, Correlation correlation) {
        var replicas = fields.find("replicas").map(it -> (int) it.whole(1, 100)).orElse(1);
        var destinations = new ArrayList<Target>();
        fields.find("destinations")
                .ifPresent(list ->
                        list.mapping(names -> {
                            for (var name : names.names()) {
                                destinations.add(target(name, names.take(name)));
                            }
                            return destinations;
                        }));
        return new ContainedAgent(
                manifest(fields.take("manifest")),
                fields.take("image").string(),
                correlation,
                fields.take("model").string(),
                target(Target.PROXY, fields.take("proxy")),
                destinations,
                task,
                task.isPresent() ? 1 : replicas,
                SeccompProfile.portable());
    }

    private AgentManifest manifest(Yaml field) {
        try {
            return AgentManifest.read(Files.readAllBytes(base.resolve(field.string())));
        } catch (IOException e) {
            throw field.refuse(Code.UNREADABLE_FILE, "a readable manifest");
        } catch (ManifestException e) {
            throw field.refuse(Code.INVALID_VALUE, "an agent's manifest");
        }
    }

    private Target target(String name, Yaml entry) {
        return refusing(
                entry,
                () ->
                        entry.mapping(fields ->
                                new Target(
                                        name,
                                        fields.take("hostName").string(),
                                        fields.take("address").string(),
                                        (int) fields.take("port").whole(1, 65_535),
                                        fields.find("certificateAuthority")
                                                .map(this::text)
                                                // As keytool ends the lines inside of a
                                                // certificate.
                                                .map(pem -> pem.replace("\r\n", "\n")),
                                        fields.find("secret").map(Yaml::string))));
    }

    /// @param place decides where the proxy's configuration has to look for secrets
    Subject proxy(Place place) {
        return root(fields -> {
            var entry = fields.take("proxy");
            return entry.mapping(keys -> proxy(keys, place));
        });
    }

    private InferenceProxy proxy(Yaml.Mapping fields, Place place) {
        var files = new HashMap<String, String>();
        for (var item : fields.find("files").map(it -> it.list(each -> each)).orElse(List.of())) {
            var name = Path.of(item.string()).getFileName().toString();
            if (files.putIfAbsent(name, text(item)) != null) {
                throw item.refuse(Code.BROKEN_REFERENCE, "each file's name once");
            }
        }
        var secrets = new ArrayList<SecretFile>();
        fields.take("secrets")
                .mapping(names -> {
                    for (var name : names.names()) {
                        secrets.add(new SecretFile(name, names.take(name).string()));
                    }
                    return secrets;
                });
        var upstreams = new ArrayList<Target>();
        fields.take("upstreams")
                .mapping(names -> {
                    for (var name : names.names()) {
                        upstreams.add(target(name, names.take(name)));
                    }
                    return upstreams;
                });
        var configuration = fields.take("configuration");
        var elsewhere = fields.find("configurationForSpcs");
        var chosen = place instanceof Place.Spcs ? elsewhere.orElse(configuration) : configuration;
        var listen = listen(fields);
        var proxy =
                new InferenceProxy(
                        fields.take("image").string(),
                        text(chosen),
                        files,
                        secrets,
                        upstreams,
                        listen,
                        fields.find("replicas").map(it -> (int) it.whole(1, 16)).orElse(1),
                        new Bounds(
                                (int) fields.take("cpuMillis").whole(1, 1_000_000),
                                fields.take("memoryBytes").whole(1, 1L << 40),
                                fields.take("tmpBytes").whole(1, 1L << 40),
                                (int) fields.take("pids").whole(1, 100_000),
                                Optional.empty()),
                        fields.take("ledgerBytes").whole(1, 1L << 50));
        ProxyFiles.require(chosen, base.resolve(chosen.string()), proxy, place);
        return proxy;
    }

    private static Inbound listen(Yaml.Mapping fields) {
        return new Inbound(
                fields.take("address").string(),
                (int) fields.take("port").whole(1, 65_535),
                List.copyOf(fields.take("clients").list(Yaml::string)));
    }

    private String text(Yaml field) {
        var file = base.resolve(field.string());
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw field.refuse(Code.INVALID_VALUE, "a file of at most 256 KiB");
            }
            return Files.readString(file);
        } catch (IOException e) {
            throw field.refuse(Code.UNREADABLE_FILE, "a readable UTF-8 file");
        }
    }

    /// A refusal of the value names its place in the file.
    static <T> T refusing(Yaml field, java.util.function.Supplier<T> read) {
        try {
            return read.get();
        } catch (DeployException e) {
            throw field.refuse(Code.INVALID_VALUE, String.valueOf(e.getMessage()));
        }
    }
}
