package dev.casemate.cli;

import dev.casemate.container.deploy.InferenceProxy;
import dev.casemate.container.deploy.Place;
import dev.casemate.container.deploy.SecretFile;
import dev.casemate.manifest.Deployment;
import dev.casemate.proxy.gateway.ConfigException.Code;
import dev.casemate.proxy.gateway.GatewayConfig;
import dev.casemate.proxy.gateway.Yaml;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/// Holds a proxy's configuration against what its rendering would put beside it, so that a replica
/// finds every file that it will look for, listens where its clients are sent, and keeps its ledger
/// where it lasts.
final class ProxyFiles {

    private ProxyFiles() {}

    static void require(Yaml field, Path file, InferenceProxy proxy, Place place) {
        var config = GatewayConfig.read(file);
        if (!config.listen().host().equals("0.0.0.0")
                || config.listen().port() != proxy.listen().port()) {
            throw field.refuse(
                    Code.INVALID_VALUE,
                    "a configuration that listens on 0.0.0.0 and on the port of the bindings");
        }
        var ledger = Path.of(InferenceProxy.LEDGER);
        if (!config.ledger().directory().startsWith(ledger)
                || !config.ledger().signingKey().startsWith(ledger)) {
            throw field.refuse(
                    Code.INVALID_VALUE, "a ledger and its key below " + InferenceProxy.LEDGER);
        }
        var parent = file.toAbsolutePath().getParent();
        var rendered = rendered(proxy, place);
        for (var path : named(config)) {
            var inside =
                    parent != null && path.startsWith(parent)
                            ? Path.of(Deployment.DIRECTORY).resolve(parent.relativize(path))
                            : path;
            if (!rendered.contains(inside)) {
                throw field.refuse(
                        Code.BROKEN_REFERENCE,
                        "every file that the configuration names under files or secrets; on this"
                                + " platform a secret FILE is "
                                + place.secretPath("FILE"));
            }
        }
    }

    private static Set<Path> rendered(InferenceProxy proxy, Place place) {
        var rendered = new HashSet<Path>();
        proxy.files().keySet().forEach(name -> rendered.add(Path.of(Deployment.DIRECTORY, name)));
        proxy.secrets().stream()
                .map(SecretFile::file)
                .forEach(name -> rendered.add(Path.of(place.secretPath(name))));
        return rendered;
    }

    private static Set<Path> named(GatewayConfig config) {
        var named = new HashSet<Path>();
        named.add(config.listen().keyStore());
        named.add(config.listen().keyStorePasswordFile());
        for (var upstream : config.upstreams()) {
            upstream.certificateAuthority().ifPresent(named::add);
            upstream.keyFile().ifPresent(named::add);
        }
        config.agents().forEach(agent -> named.add(agent.manifest()));
        return named;
    }
}
