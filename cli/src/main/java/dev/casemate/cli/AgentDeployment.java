package dev.casemate.cli;

import dev.casemate.container.launch.Binding;
import dev.casemate.container.launch.Supervision;
import dev.casemate.manifest.AgentManifest;
import dev.casemate.proxy.gateway.ConfigException.Code;
import dev.casemate.proxy.gateway.Yaml;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One entry of the configuration's `deployments`: an agent's image, and what its names are bound
/// to.
///
/// @param trustedKeys public keys, one of which must have signed the image
/// @param model the one of the manifest's models that is asked
/// @param supervision the launcher's own credential, without which nothing is launched, and how
///   often an agent that ended badly is started again
record AgentDeployment(
        Path image,
        List<Path> trustedKeys,
        AgentManifest manifest,
        String model,
        Binding proxy,
        List<Binding> destinations,
        Supervision supervision) {

    AgentDeployment {
        trustedKeys = List.copyOf(trustedKeys);
        destinations = List.copyOf(destinations);
    }

    /// @param file the same file that the proxy reads
    /// @param agent the entry's name
    static AgentDeployment read(Path file, String agent) {
        var parent = file.toAbsolutePath().getParent();
        var base = parent == null ? file : parent;
        return Yaml.read(file)
                .mapping(root -> {
                    root.ignoreOthers();
                    return root.take("deployments")
                            .mapping(all -> {
                                all.ignoreOthers();
                                return all.take(agent).mapping(fields -> read(fields, base));
                            });
                });
    }

    private static AgentDeployment read(Yaml.Mapping fields, Path base) {
        var credential = base.resolve(fields.take("credentialFile").string());
        var destinations = new ArrayList<Binding>();
        fields.take("destinations")
                .mapping(names -> {
                    for (var name : names.names()) {
                        destinations.add(binding(name, names.take(name), base, Optional.empty()));
                    }
                    return destinations;
                });
        return new AgentDeployment(
                base.resolve(fields.take("image").string()),
                fields.take("trustedKeys").list(key -> base.resolve(key.string())),
                manifest(fields.take("manifest"), base),
                fields.take("model").string(),
                binding(Binding.PROXY, fields.take("proxy"), base, Optional.of(credential)),
                destinations,
                new Supervision(
                        Optional.of(base.resolve(fields.take("launcherCredentialFile").string())),
                        fields.find("restarts")
                                .map(field -> (int) field.whole(0, Supervision.MAX_RESTARTS))
                                .orElse(0)));
    }

    private static AgentManifest manifest(Yaml field, Path base) {
        try {
            return AgentManifest.read(Files.readAllBytes(base.resolve(field.string())));
        } catch (IOException e) {
            throw field.refuse(Code.UNREADABLE_FILE, "a readable manifest");
        }
    }

    private static Binding binding(String name, Yaml entry, Path base, Optional<Path> credential) {
        return entry.mapping(fields ->
                new Binding(
                        name,
                        fields.take("hostName").string(),
                        new InetSocketAddress(
                                address(fields.take("address")),
                                (int) fields.take("port").whole(1, 65_535)),
                        fields.find("certificateAuthority")
                                .map(file -> base.resolve(file.string())),
                        credential.or(() ->
                                fields.find("secretFile")
                                        .map(file -> base.resolve(file.string())))));
    }

    /// An address, never a name: what the agent may reach must not depend on who answers DNS today.
    private static InetAddress address(Yaml field) {
        try {
            return InetAddress.ofLiteral(field.string());
        } catch (IllegalArgumentException e) {
            throw field.refuse(Code.INVALID_VALUE, "an IPv4 address, not a name");
        }
    }
}
